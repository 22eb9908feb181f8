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

/** The last word counts, whoever of the guardians said it: any of them may take it back. */
export function isAgreed(consents: readonly Pick<Consent, 'act' | 'scope' | 'id'>[]): boolean {
  const last = [...consents].sort((a, b) => (a.id < b.id ? -1 : 1)).at(-1);
  return last?.act === 'given';
}

/** Whether somebody has to agree before this may be done for the learner. */
export function needsConsent(
  asked: readonly ConsentScope[],
  { adult }: { readonly adult: boolean },
  scope: ConsentScope,
): boolean {
  return !adult && asked.includes(scope);
}
