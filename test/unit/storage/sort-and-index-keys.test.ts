import type { Document } from '../../../src/storage/embedded/document.ts';
import { hasPath, indexKeys } from '../../../src/storage/embedded/index-keys.ts';
import { UNDEF } from '../../../src/storage/embedded/order.ts';
import { sorter } from '../../../src/storage/embedded/sort.ts';
import { codeOf } from './support.ts';

describe('index keys of a document', () => {
  it.each<[string, Document, string[], unknown[][]]>([
    ['one field', { a: 1 }, ['a'], [[1]]],
    ['a missing field', {}, ['a'], [[null]]],
    ['two fields', { a: 1, b: { c: 2 } }, ['a', 'b.c'], [[1, 2]]],
    ['a position in an array', { a: [5, 6] }, ['a.1'], [[6]]],
  ])('are one for %s', (_, document, paths, tuples) => {
    expect(indexKeys(document, paths)).toEqual({ tuples, multi: false });
  });

  it.each<[string, Document, string[], unknown[][]]>([
    ['an array', { a: [1, 2] }, ['a'], [[1], [2]]],
    ['an empty array', { a: [] }, ['a'], [[UNDEF]]],
    ['an array in an array', { a: [[1], 2] }, ['a'], [[[1]], [2]]],
    ['a path through an array', { a: [{ b: 1 }, { b: 2 }, 3] }, ['a.b'], [[1], [2], [null]]],
    [
      'two paths into one array',
      { a: [{ b: 1, c: 2 }, { b: 3 }] },
      ['a.b', 'a.c'],
      [
        [1, 2],
        [3, null],
      ],
    ],
    [
      'an array beside a field',
      { a: [1, 2], b: 3 },
      ['b', 'a'],
      [
        [3, 1],
        [3, 2],
      ],
    ],
  ])('are one for each element of %s', (_, document, paths, tuples) => {
    expect(indexKeys(document, paths)).toEqual({ tuples, multi: true });
  });

  it('are refused for two arrays', () => {
    expect(codeOf(() => indexKeys({ a: [1], b: [2] }, ['a', 'b']))).toBe(171);
  });

  it('tell for a sparse index what is there, null included', () => {
    const document = { a: null, b: [{ c: 1 }], d: [] };
    const there = ['a', 'b', 'b.c', 'b.0', 'b.0.c', 'd'].map((path) => hasPath(document, path));
    expect(there).not.toContain(false);
    const missing = ['e', 'a.b', 'b.d', 'b.1', 'd.0'].map((path) => hasPath(document, path));
    expect(missing).not.toContain(true);
  });
});

describe('sorting', () => {
  function sorted(documents: Document[], sort: Document): unknown[] {
    const order = sorter(sort);
    return documents
      .toSorted((a, b) => order.compare(order.key(a), order.key(b)))
      .map((document) => document._id);
  }

  it('goes field by field, each in its direction', () => {
    const documents = [
      { _id: 1, a: 1, b: 1 },
      { _id: 2, a: 1, b: 2 },
      { _id: 3, a: 0, b: 0 },
      { _id: 4, b: 9 },
    ];
    expect(sorted(documents, { a: 1, b: -1 })).toEqual([4, 3, 2, 1]);
  });

  it('takes the least element of an array upwards and the greatest downwards', () => {
    const documents = [{ _id: 1, a: [2, 9] }, { _id: 2, a: 3 }, { _id: 3, a: [] }, { _id: 4 }];
    expect(sorted(documents, { a: 1 })).toEqual([3, 4, 1, 2]);
    expect(sorted(documents, { a: -1 })).toEqual([1, 2, 4, 3]);
  });

  it.each<[string, Document, number]>([
    ['a word', { a: 'asc' }, 15975],
    ['zero', { a: 0 }, 15975],
    ['a score', { a: { $meta: 'textScore' } }, 2],
    ['natural order', { $natural: 1 }, 2],
    ['an empty name', { 'a.': 1 }, 15998],
  ])('refuses %s', (_, sort, code) => {
    expect(codeOf(() => sorter(sort))).toBe(code);
  });
});
