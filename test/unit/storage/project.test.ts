import type { Document } from '../../../src/storage/embedded/document.ts';
import { project } from '../../../src/storage/embedded/project.ts';
import { codeOf } from './support.ts';

describe('a projection', () => {
  const document = {
    _id: 1,
    a: 1,
    b: { c: 2, d: 3 },
    rows: [{ k: 'x', n: 1 }, { k: 'y', n: 2 }, 7],
    list: [1, 2, 3, 4],
  };

  it.each<[string, Document, Document]>([
    ['nothing', {}, document],
    ['fields that stay', { a: 1, absent: 1 }, { _id: 1, a: 1 }],
    ['fields that stay without _id', { a: true, _id: 0 }, { a: 1 }],
    ['_id alone', { _id: 1 }, { _id: 1 }],
    ['all but _id', { _id: 0, b: 0, rows: 0, list: 0 }, { a: 1 }],
    ['a path', { 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
    ['a path written as a document', { b: { c: 1 } }, { _id: 1, b: { c: 2 } }],
    ['a path through an array', { 'rows.k': 1 }, { _id: 1, rows: [{ k: 'x' }, { k: 'y' }] }],
    ['a path through a number', { 'a.b': 1 }, { _id: 1 }],
    [
      'paths that go',
      { 'b.c': 0, 'rows.k': 0, list: 0 },
      { _id: 1, a: 1, b: { d: 3 }, rows: [{ n: 1 }, { n: 2 }, 7] },
    ],
    ['$slice from the start', { a: 1, list: { $slice: 2 } }, { _id: 1, a: 1, list: [1, 2] }],
    ['$slice from the end', { a: 1, list: { $slice: -1 } }, { _id: 1, a: 1, list: [4] }],
    ['$slice of a page', { a: 1, list: { $slice: [1, 2] } }, { _id: 1, a: 1, list: [2, 3] }],
    ['$slice alone', { list: { $slice: 1 } }, { ...document, list: [1] }],
    ['$slice of what is no array', { b: 1, a: { $slice: 1 } }, { _id: 1, a: 1, b: document.b }],
    ['$elemMatch', { rows: { $elemMatch: { n: 2 } } }, { _id: 1, rows: [{ k: 'y', n: 2 }] }],
    ['$elemMatch on plain elements', { list: { $elemMatch: { $gt: 2 } } }, { _id: 1, list: [3] }],
    ['$elemMatch of nothing', { rows: { $elemMatch: { n: 9 } } }, { _id: 1 }],
  ])('of %s', (_, projection, expected) => {
    expect(project(projection)(document)).toEqual(expected);
  });

  it('keeps the order of the stored fields', () => {
    expect(Object.keys(project({ list: 1, a: 1 })(document))).toEqual(['_id', 'a', 'list']);
  });

  it.each<[string, Document, number]>([
    ['a field to go among those that stay', { a: 1, b: 0 }, 31254],
    ['a field to stay among those that go', { a: 0, b: 1 }, 31253],
    ['a field to go beside $elemMatch', { a: 0, rows: { $elemMatch: { n: 1 } } }, 31254],
    ['a path inside of another', { b: 1, 'b.c': 1 }, 31249],
    ['a path around another', { 'b.c': 1, b: 1 }, 31250],
    ['the positional operator', { 'rows.$': 1 }, 16410],
    ['an empty name', { 'a.': 1 }, 15998],
    ['$meta', { a: { $meta: 'textScore' } }, 2],
    ['an expression', { a: '$b.c' }, 2],
    ['$elemMatch on a path', { 'b.c': { $elemMatch: { n: 1 } } }, 31275],
    ['$elemMatch of a value', { a: { $elemMatch: 1 } }, 31274],
    ['$slice of a fraction', { a: { $slice: 0.5 } }, 28667],
    ['$slice of no page', { a: { $slice: [1, 0] } }, 28724],
  ])('refuses %s', (_, projection, code) => {
    expect(codeOf(() => project(projection))).toBe(code);
  });
});
