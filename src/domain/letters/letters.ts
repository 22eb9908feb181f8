import type { FlagState, SupportFlag } from '../support-flags.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import type { FlagNames, Letters } from './types.ts';

export const languages = ['en', 'es', 'de'] as const;
export type Language = (typeof languages)[number];

const catalogues: Readonly<Record<Language, Letters>> = {
  en: english,
  es: spanish,
  de: german,
};

/** The first of these languages that Cairn writes; `de-AT` is `de`. */
export function findLetters(...wanted: readonly (string | undefined)[]): Letters {
  for (const language of wanted) {
    const short = language?.split('-')[0]?.toLowerCase();
    const found = languages.find((one) => one === short);
    if (found !== undefined) return catalogues[found];
  }
  return english;
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
