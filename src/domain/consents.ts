/** What a guardian of a minor can agree to; an adult learner agrees for themself. */
export const consentScopes = ['public', 'share', 'mentoring', 'digest'] as const;
export type ConsentScope = (typeof consentScopes)[number];

/** One word of a guardian or of an adult learner, for ever: given, or taken back. */
export interface Consent {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly scope: ConsentScope;
  readonly act: 'given' | 'withdrawn';
  /** Id of the guardian, or of the adult learner. */
  readonly by: string;
  readonly at: Date;
  /** Which version of the school's text was agreed to. */
  readonly textVersion: string;
  readonly text?: string;
}

/** The one that counts, whoever of the guardians said it: any of them may take it back. */
export function findLastWord<C extends Pick<Consent, 'id'>>(said: readonly C[]): C | undefined {
  return [...said].sort((a, b) => (a.id < b.id ? -1 : 1)).at(-1);
}

/**
 * Whether this may be done for the learner, by what was `said` about it: a guardian's no always counts, and a yes is
 * missed where the school asks for it.
 */
export function isPermitted(
  asked: readonly ConsentScope[],
  { adult }: { readonly adult: boolean },
  scope: ConsentScope,
  said: readonly Pick<Consent, 'act' | 'id'>[],
): boolean {
  if (adult) return true;
  const last = findLastWord(said);
  return last === undefined ? !asked.includes(scope) : last.act === 'given';
}
