import type { Request } from 'express';
import {
  baseOf,
  languagesOf,
  termsOf,
  usualLanguage,
  type Terms,
  type Wording,
} from '../domain/vocabulary.ts';
import { chooseLanguage } from '../shared/negotiate.ts';
import { de } from './texts/de.ts';
import { en, type PageTexts } from './texts/en.ts';
import { es } from './texts/es.ts';

/** How a page speaks: its language, what it says in it, and the school's own words for things. */
export interface Voice {
  /** BCP 47, for `lang`. */
  readonly language: string;
  readonly texts: PageTexts;
  readonly say: Terms;
}

const catalog: Readonly<Record<string, PageTexts>> = { en, es, de };

/** For pages that are not a school's. */
export const plainEnglish: Voice = englishOf({ vocabulary: {} });

/** For pages that speak English only, with the school's words. */
export function englishOf(organization: Wording): Voice {
  return { language: 'en', texts: en, say: termsOf(organization, 'en') };
}

/** For pages of a reader whose language is known. */
export function voiceIn(language: string, organization: Wording): Voice {
  return { language, texts: catalog[baseOf(language)] ?? en, say: termsOf(organization, language) };
}

/** In the language that the reader asks for, of those that the school has and pages are written in. */
export function voiceOf(request: Pick<Request, 'get'>, organization: Wording): Voice {
  const written = languagesOf(organization).filter((tag) => Object.hasOwn(catalog, baseOf(tag)));
  const language = chooseLanguage(request.get('accept-language'), written) ?? 'en';
  return voiceIn(language, organization);
}

/** The school's own text on its policy, in the reader's language if there is one in it. */
export function proseOf(request: Pick<Request, 'get'>, organization: Wording) {
  const { masteryPolicy = {} } = organization;
  const usual = usualLanguage(organization);
  const others = Object.keys(masteryPolicy).filter((tag) => tag !== usual);
  const written = Object.hasOwn(masteryPolicy, usual) ? [usual, ...others] : others;
  const language = chooseLanguage(request.get('accept-language'), written);
  const text = language === undefined ? undefined : masteryPolicy[language];
  return language === undefined || text === undefined ? undefined : { language, text };
}
