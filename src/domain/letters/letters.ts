import type { FlagState, SupportFlag } from '../support-flags.ts';
import type { NextStep } from '../level-rules.ts';
import { termsOf, usualLanguage, type Wording } from '../vocabulary.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import type { FlagNames, Letters, WriteLetters } from './types.ts';

export const languages = ['en', 'es', 'de'] as const;
export type Language = (typeof languages)[number];

const catalogues: Readonly<Record<Language, WriteLetters>> = {
  en: english,
  es: spanish,
  de: german,
};

/** As this school writes to somebody: in their language, else in its usual one, where Cairn writes it; `de-AT` is `de`. */
export function findLetters(school: Wording = { vocabulary: {} }, reader?: string): Letters {
  for (const wanted of [reader, usualLanguage(school)]) {
    const short = wanted?.split('-')[0]?.toLowerCase();
    const found = languages.find((one) => one === short);
    if (found !== undefined) return catalogues[found](termsOf(school, wanted ?? found));
  }
  return english(termsOf(school, 'en'));
}

/** More names than this are counted, not read. */
const shown = 5;

/** One step in plain words. */
export function describeStep(
  letters: Letters,
  step: NextStep,
  nameOf: (achievement: string) => string | undefined,
): string {
  const names = step.achievements.map((one) => nameOf(one) ?? letters.unpublished);
  const more = names.length > shown ? letters.more(names.length - shown) : '';
  return letters.step(step, `${names.slice(0, shown).join(', ')}${more}`);
}

/** What learner and family read of a flag: what was seen, who helps, whether it is over. */
export function summarizeFlag(
  letters: Letters,
  flag: Pick<SupportFlag, 'kind' | 'achievement' | 'count' | 'previous'> & {
    readonly state: FlagState;
  },
  names: FlagNames & { readonly owner?: string | undefined },
): string {
  const seen = letters.flag(flag, names);
  if (flag.state === 'resolved') return `${seen} ${letters.resolved}`;
  return names.owner === undefined ? seen : `${seen} ${letters.helper(names.owner)}`;
}
