import type { Document } from '../../../src/storage/embedded/document.ts';
import { DbError } from '../../../src/storage/embedded/error.ts';
import { compile } from '../../../src/storage/embedded/match.ts';
import { sorter } from '../../../src/storage/embedded/sort.ts';
import { describeWithSharedData } from '../../support/shared-data.ts';
import { readVectors, throughBytes, toText } from './vectors.ts';

interface Question {
  documents: Document[];
  filter?: Document;
  sort?: Document;
  ids: unknown;
}

/** A line with `docs` sets the collection; each line after it asks of that collection. */
function readQuestions(): Question[] {
  const questions: Question[] = [];
  let documents: Document[] = [];
  for (const vector of readVectors('match')) {
    if (vector.docs) documents = (vector.docs as Document[]).map(throughBytes);
    else
      questions.push({
        documents,
        ...('f' in vector && { filter: throughBytes(vector.f) }),
        ...('s' in vector && { sort: throughBytes(vector.s) }),
        ids: vector.ids,
      });
  }
  return questions;
}

function answer({ documents, filter, sort }: Question): Document[] {
  const found = filter ? documents.filter(compile(filter)) : documents;
  if (!sort) return found;
  const order = sorter(sort);
  return found.toSorted((a, b) => order.compare(order.key(a), order.key(b)));
}

describeWithSharedData('recorded answers to filters and sorts', () => {
  it('gives the same documents as MongoDB, or refuses by name', () => {
    const tally = { filters: 0, sorts: 0, refused: 0, wrong: [] as string[] };
    for (const question of readQuestions())
      try {
        const ids = throughBytes({ ids: answer(question).map((found) => found._id) });
        const expected = throughBytes({ ids: question.ids });
        if (toText(ids) !== toText(expected))
          tally.wrong.push(
            `${toText(question.filter ?? question.sort)}: ${toText(ids)}, not ${toText(expected)}`,
          );
        else if (question.sort) tally.sorts += 1;
        else tally.filters += 1;
      } catch (error) {
        if (!(error instanceof DbError)) throw error;
        tally.refused += 1;
      }
    expect(tally).toEqual({ filters: 1600, sorts: 400, refused: 0, wrong: [] });
  });
});
