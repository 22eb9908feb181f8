import { Decimal128, Double, Long } from 'bson';
import type { Document } from '../../../src/storage/embedded/document.ts';
import { isReplacement, seed, updater } from '../../../src/storage/embedded/update.ts';
import { codeOf, read, stored } from './support.ts';

const now = new Date('2026-11-22T08:00:00Z');

interface Given {
  filter?: Document;
  arrayFilters?: Document[];
  insert?: boolean;
}

function apply(document: Document, update: Document, given: Given = {}) {
  const { arrayFilters = [], ...context } = given;
  return updater(stored(update), { now, arrayFilters })(stored(document), context);
}

describe('an update', () => {
  it.each<[string, Document, Document, Document]>([
    ['$set on a new path', { a: 1 }, { $set: { 'b.c': 2 } }, { a: 1, b: { c: 2 } }],
    [
      '$set past the end of an array',
      { a: [1] },
      { $set: { 'a.3': 4 } },
      { a: [1, null, null, 4] },
    ],
    [
      'new fields in the order of paths',
      {},
      { $set: { b: 1, a: 2 }, $inc: { aa: 3 } },
      { a: 2, aa: 3, b: 1 },
    ],
    ['$unset of a field', { a: 1, b: 2 }, { $unset: { a: '' } }, { b: 2 }],
    ['$unset of an element', { a: [1, 2] }, { $unset: { 'a.0': '' } }, { a: [null, 2] }],
    ['$inc', { n: 1 }, { $inc: { n: 2, m: 5 } }, { n: 3, m: 5 }],
    ['$mul of a missing field', {}, { $mul: { n: 5 } }, { n: 0 }],
    ['$min and $max', { a: 5, b: 5 }, { $min: { a: 3 }, $max: { b: 3 } }, { a: 3, b: 5 }],
    ['$currentDate', {}, { $currentDate: { at: true } }, { at: now }],
    ['$rename', { a: 1, b: 2 }, { $rename: { a: 'c.d' } }, { b: 2, c: { d: 1 } }],
    ['$rename of nothing', { b: 2 }, { $rename: { a: 'c' } }, { b: 2 }],
    ['$push', { a: [1] }, { $push: { a: [2] } }, { a: [1, [2]] }],
    [
      '$push with every modifier',
      { a: [{ n: 5 }, { n: 1 }] },
      { $push: { a: { $each: [{ n: 3 }, { n: 9 }], $sort: { n: -1 }, $slice: 3 } } },
      { a: [{ n: 9 }, { n: 5 }, { n: 3 }] },
    ],
    [
      '$push at a place',
      { a: [1, 4] },
      { $push: { a: { $each: [2, 3], $position: 1 } } },
      { a: [1, 2, 3, 4] },
    ],
    [
      '$push that keeps the last',
      { a: [1, 2] },
      { $push: { a: { $each: [3], $slice: -2 } } },
      { a: [2, 3] },
    ],
    [
      '$addToSet',
      { a: [1, 'x'] },
      { $addToSet: { a: { $each: ['x', 'y', 'y'] } } },
      { a: [1, 'x', 'y'] },
    ],
    ['$pop at both ends', { a: [1, 2], b: [1, 2] }, { $pop: { a: 1, b: -1 } }, { a: [1], b: [2] }],
    ['$pull by value', { a: [1, 2, 1] }, { $pull: { a: 1 } }, { a: [2] }],
    ['$pull by operator', { a: [1, 5, 9] }, { $pull: { a: { $gte: 5 } } }, { a: [1] }],
    [
      '$pull by field',
      { a: [{ k: 1, x: 1 }, { k: 2 }] },
      { $pull: { a: { k: 1 } } },
      { a: [{ k: 2 }] },
    ],
    ['$pullAll', { a: [1, 2, 3] }, { $pullAll: { a: [1, 3] } }, { a: [2] }],
    ['$[]', { a: [{ n: 1 }, { n: 2 }] }, { $inc: { 'a.$[].n': 1 } }, { a: [{ n: 2 }, { n: 3 }] }],
    ['a field called __proto__', {}, { $set: { ['__proto__']: 1 } }, { ['__proto__']: 1 }],
  ])('does %s', (_, document, update, expected) => {
    const { document: after, changed } = apply(document, update);
    expect(read(after)).toEqual(expected);
    expect(Object.keys(after)).toEqual(Object.keys(expected));
    expect(changed).toBe(JSON.stringify(read(stored(document))) !== JSON.stringify(read(after)));
  });

  it('leaves the document that it was given as it was', () => {
    const before = stored({ a: { b: [1] } });
    updater({ $push: { 'a.b': 2 }, $set: { 'a.c': 1 } }, { now })(before);
    expect(read(before)).toEqual({ a: { b: [1] } });
  });

  it('does $setOnInsert on insert only', () => {
    const update = { $setOnInsert: { a: 1 }, $set: { b: 1 } };
    expect(read(apply({}, update, { insert: true }).document)).toEqual({ a: 1, b: 1 });
    expect(read(apply({}, update).document)).toEqual({ b: 1 });
  });

  it('changes with $ the element that the filter matched', () => {
    const document = {
      rows: [
        { k: 'a', n: 1 },
        { k: 'b', n: 1 },
      ],
    };
    const update = { $set: { 'rows.$.n': 9 } };
    const changed = {
      rows: [
        { k: 'a', n: 1 },
        { k: 'b', n: 9 },
      ],
    };
    for (const filter of [{ 'rows.k': 'b' }, { rows: { $elemMatch: { k: 'b', n: { $lt: 5 } } } }])
      expect(read(apply(document, update, { filter }).document)).toEqual(changed);
    expect(codeOf(() => apply(document, update, { filter: {} }))).toBe(2);
  });

  it('refuses two paths that meet only once it is known what $ stands for', () => {
    const update = { $set: { 'a.$.n': 1, 'a.0.n': 2 } };
    const given = { filter: { 'a.n': 5 } };
    expect(codeOf(() => apply({ a: [{ n: 5 }] }, update, given))).toBe(40);
    expect(read(apply({ a: [{ n: 4 }, { n: 5 }] }, update, given).document)).toEqual({
      a: [{ n: 2 }, { n: 1 }],
    });
  });

  it('changes with $[name] the elements that the array filter matches', () => {
    const document = { rows: [{ n: 1 }, { n: 5 }, { n: 9 }] };
    const { document: after } = apply(
      document,
      { $set: { 'rows.$[row].late': true } },
      { arrayFilters: [{ 'row.n': { $gt: 4 } }] },
    );
    expect(read(after)).toEqual({ rows: [{ n: 1 }, { n: 5, late: true }, { n: 9, late: true }] });
  });

  it('keeps the numeric types of what it does not touch and widens those that it does', () => {
    const { document } = apply(
      {
        whole: new Double(2),
        int: 2147483647,
        long: Long.fromNumber(1),
        decimal: Decimal128.fromString('0.1'),
      },
      { $inc: { int: 1, long: 1, decimal: Decimal128.fromString('0.2') } },
    );
    expect(document).toEqual({
      whole: new Double(2),
      int: Long.fromNumber(2147483648),
      long: Long.fromNumber(2),
      decimal: Decimal128.fromString('0.3'),
    });
  });

  it.each<[string, Document, Document, boolean]>([
    ['the same value', { a: 1 }, { $set: { a: 1 } }, false],
    ['the same number of another type', { a: 1 }, { $set: { a: new Double(1) } }, true],
    [
      'the same fields in another order',
      { a: { b: 1, c: 2 } },
      { $set: { a: { c: 2, b: 1 } } },
      true,
    ],
    ['an increment by zero', { a: 1 }, { $inc: { a: 0 } }, false],
    ['a value that is in the set', { a: [1] }, { $addToSet: { a: 1 } }, false],
    ['nothing to pull', { a: [1] }, { $pull: { a: 2 } }, false],
    ['the same replacement', { _id: 1, a: 1 }, { a: 1 }, false],
  ])('says whether %s is a change', (_, document, update, expected) => {
    expect(apply(document, update).changed).toBe(expected);
  });

  it.each<[string, Document, Document, number]>([
    ['an operator nobody knows', {}, { $frobnicate: { a: 1 } }, 9],
    ['$bit, which no model needs', { a: 1 }, { $bit: { a: { and: 1 } } }, 9],
    ['a field beside operators', {}, { $set: { a: 1 }, b: 1 }, 9],
    ['an operator without fields', {}, { $set: 1 }, 9],
    ['two changes of one path', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
    ['a change inside of another', {}, { $set: { a: {}, 'a.b': 1 } }, 40],
    ['an increment by a string', { a: 1 }, { $inc: { a: '1' } }, 14],
    ['an increment of a string', { a: '1' }, { $inc: { a: 1 } }, 14],
    ['an int64 overflow', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
    [
      'Decimal128 and double in one sum',
      { a: Decimal128.fromString('1') },
      { $inc: { a: 0.5 } },
      2,
    ],
    ['a rounded Decimal128', { a: Decimal128.fromString('1E+40') }, { $inc: { a: 1 } }, 2],
    ['a path through a number', { a: 1 }, { $set: { 'a.b': 1 } }, 28],
    ['a name in an array', { a: [] }, { $set: { 'a.b': 1 } }, 28],
    ['an empty name', {}, { $set: { 'a..b': 1 } }, 56],
    ['a name with a dollar', {}, { $set: { $a: 1 } }, 52],
    ['an array made absurdly long', { a: [] }, { $set: { 'a.9999999': 1 } }, 2],
    ['another _id', { _id: 1 }, { $set: { _id: 2 } }, 66],
    ['no _id', { _id: 1 }, { $unset: { _id: '' } }, 66],
    ['a replacement with another _id', { _id: 1 }, { _id: 2 }, 66],
    ['a replacement with operators', {}, { a: 1, $set: { b: 1 } }, 52],
    ['$push to a string', { a: 'x' }, { $push: { a: 1 } }, 2],
    ['$push with a word of its own', { a: [] }, { $push: { a: { $each: [], $shuffle: 1 } } }, 2],
    ['$push of no list', { a: [] }, { $push: { a: { $each: 1 } } }, 2],
    ['$pop of a string', { a: 'x' }, { $pop: { a: 1 } }, 14],
    ['$pop of two', { a: [] }, { $pop: { a: 2 } }, 9],
    ['$pullAll without a list', { a: [] }, { $pullAll: { a: 1 } }, 2],
    ['$[] on what is no array', { a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
    ['$[name] without its filter', { a: [] }, { $set: { 'a.$[x]': 1 } }, 2],
    ['$rename onto itself', { a: 1 }, { $rename: { a: 'a' } }, 2],
    ['$rename out of an array', { a: [{ b: 1 }] }, { $rename: { 'a.0.b': 'c' } }, 2],
    ['$rename of what is set', { a: 1 }, { $rename: { a: 'b' }, $set: { b: 1 } }, 40],
    ['$rename to a number', { a: 1 }, { $rename: { a: 1 } }, 2],
  ])('refuses %s', (_, document, update, code) => {
    expect(codeOf(() => apply(document, update))).toBe(code);
  });

  it('refuses array filters that are not used, not named or named twice', () => {
    const code = (...arrayFilters: Document[]): number =>
      codeOf(() => apply({ a: [] }, { $set: { 'a.$[x]': 1 } }, { arrayFilters }));
    expect(code({ x: 1 }, { y: 1 })).toBe(9);
    expect(code({ x: 1 }, { x: 2 })).toBe(9);
    expect(code({ x: 1, y: 2 })).toBe(9);
    expect(code({ X: 1 })).toBe(2);
  });

  it('refuses a pipeline', () => {
    expect(codeOf(() => updater([{ $set: { a: 1 } }], { now }))).toBe(2);
  });
});

describe('a replacement', () => {
  it('keeps the _id and nothing else', () => {
    expect(isReplacement({ a: 1 })).toBe(true);
    expect(isReplacement({ $set: {} })).toBe(false);
    const { document } = apply({ _id: 7, a: 1 }, { b: 2 });
    expect(read(document)).toEqual({ _id: 7, b: 2 });
  });
});

describe('an upsert', () => {
  it('starts from what the filter says is equal', () => {
    const filter = {
      _id: 'k',
      'a.b': 1,
      c: { $gt: 5 },
      d: { $in: ['only'] },
      $and: [{ e: { $eq: 2 } }],
      name: /x/,
      $or: [{ f: 1 }, { g: 1 }],
    };
    expect(seed(filter, false)).toEqual({ _id: 'k', a: { b: 1 }, d: 'only', e: 2 });
    expect(seed(filter, true)).toEqual({ _id: 'k' });
  });

  it('refuses a filter that says two things of one path', () => {
    expect(codeOf(() => seed({ $and: [{ a: 1 }, { a: 2 }] }, false))).toBe(54);
    expect(codeOf(() => seed({ a: {}, 'a.b': 2 }, false))).toBe(54);
  });
});
