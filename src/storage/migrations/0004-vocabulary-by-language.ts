// Until then a school's words were one flat list, of any terms and in no language, which nothing showed.
import { isDeepStrictEqual } from 'node:util';
import { isTerm } from '../../domain/vocabulary.ts';
import { conflict } from '../../shared/errors.ts';
import { collectionOf, eachDocument, type Migration } from './migration.ts';

const fields = ['vocabulary', 'formerVocabulary'];

/** The former list is kept as it was, also for the terms that are none any more. */
export const vocabularyByLanguage: Migration = {
  number: 4,
  name: 'vocabulary-by-language',
  oldestCode: 4,
  up: (tools) =>
    eachDocument(tools, 'organizations', fields, async (document, done, total) => {
      const { _id, vocabulary, formerVocabulary } = document;
      if (formerVocabulary !== undefined || !isFlat(vocabulary)) return;
      tools.tick(done, total);
      await collectionOf(tools.db, 'organizations').updateOne(
        { _id },
        { $set: { vocabulary: toLanguages(vocabulary), formerVocabulary: vocabulary } },
      );
    }),
  down: async (tools) => {
    await eachDocument(tools, 'organizations', fields, ({ vocabulary, formerVocabulary }) => {
      if (isFlat(vocabulary)) return Promise.resolve();
      const former = isFlat(formerVocabulary) ? formerVocabulary : {};
      if (!isDeepStrictEqual(vocabulary, toLanguages(former))) throw wordsSince();
      return Promise.resolve();
    });
    await eachDocument(tools, 'organizations', fields, async (document, done, total) => {
      const { _id, formerVocabulary } = document;
      if (formerVocabulary === undefined) return;
      tools.tick(done, total);
      await collectionOf(tools.db, 'organizations').updateOne(
        { _id },
        { $set: { vocabulary: formerVocabulary }, $unset: { formerVocabulary: 1 } },
      );
    });
  },
};

/** With at least one word: an empty list is the same before and after. */
function isFlat(vocabulary: unknown): vocabulary is Readonly<Record<string, string>> {
  const words = Object.values(vocabulary ?? {});
  return words.length > 0 && words.every((word) => typeof word === 'string');
}

/** What a term is called when there are several was not asked for then. */
function toLanguages(flat: Readonly<Record<string, string>>) {
  const known = Object.entries(flat).filter(([term]) => isTerm(term));
  if (known.length === 0) return {};
  return {
    en: Object.fromEntries(known.map(([term, word]) => [term, { one: word, other: word }])),
  };
}

function wordsSince() {
  return conflict(
    'store.migration_blocked',
    'A school has given its own words by language, which the older Cairn cannot keep.',
  );
}
