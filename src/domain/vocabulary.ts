import { defaultWords, terms, type Term, type WordForms } from './vocabulary-defaults.ts';

export { terms, type Term, type WordForms };

/** The school's own words, by language (BCP 47) and term: shown to people, never signed. */
export type Vocabulary = Readonly<Record<string, LanguageWords>>;
export type LanguageWords = Readonly<Partial<Record<Term, WordForms>>>;

/** null gives a term, or a whole language, back to its defaults. */
export type VocabularyChanges = Readonly<
  Record<string, Readonly<Record<string, WordForms | null>> | null>
>;

/** What a school says about languages and words. */
export interface Wording {
  readonly vocabulary: Vocabulary;
  /** Those that people read here, the usual one first; English when the school has not said. */
  readonly languages?: readonly string[];
  readonly masteryPolicy?: Readonly<Record<string, string>>;
}

/** One thing, so many, or an unknown number of them. */
export type TermCount = number | 'several';
export type Terms = (term: Term, count?: TermCount) => string;

const lastResort = 'en';

/**
 * How this school calls things in a language. What it has no word for there is said in the language without its region,
 * then in the school's usual one, then in English; in each the school's own word comes before the built-in one.
 */
export function termsOf(organization: Wording, language: string): Terms {
  const chain = fallbacks(language, usualLanguage(organization));
  return (term, count = 1) => {
    for (const candidate of chain) {
      const forms = organization.vocabulary[candidate]?.[term] ?? defaultWords[candidate]?.[term];
      if (forms !== undefined) return pick(forms, candidate, count);
    }
    return term;
  };
}

export function usualLanguage({ languages }: Wording): string {
  return languages?.[0] ?? lastResort;
}

/** Every language in which the school has said anything, its usual one first. */
export function languagesOf(organization: Wording): readonly string[] {
  const { languages = [], vocabulary, masteryPolicy = {} } = organization;
  const worded = Object.entries(vocabulary).filter(([, words]) => Object.keys(words).length > 0);
  const said = [...languages, ...worded.map(([tag]) => tag), ...Object.keys(masteryPolicy)];
  return [...new Set([usualLanguage(organization), ...said])];
}

/** Terms that do not exist. */
export function findUnknownTerms(changes: VocabularyChanges): readonly string[] {
  const named = Object.values(changes).flatMap((words) => Object.keys(words ?? {}));
  return [...new Set(named)].filter((name) => !isTerm(name));
}

export function isTerm(name: string): name is Term {
  return (terms as readonly string[]).includes(name);
}

/** For the beginning of a sentence or a heading. */
export function capitalize(words: string): string {
  const [first = ''] = words;
  return first.toLocaleUpperCase() + words.slice(first.length);
}

/** The language, the same without script and region, then those of the school and the last resort. */
export function fallbacks(language: string, usual: string): readonly string[] {
  const chain = [language, usual, lastResort].flatMap((tag) => [tag, baseOf(tag)]);
  return [...new Set(chain)];
}

export function baseOf(language: string): string {
  return language.split('-')[0] ?? language;
}

function pick(forms: WordForms, language: string, count: TermCount): string {
  if (count === 1) return forms.one;
  const category = count === 'several' ? 'other' : new Intl.PluralRules(language).select(count);
  return forms[category] ?? forms.other;
}
