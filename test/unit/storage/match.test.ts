import { BSONRegExp, Decimal128, Long, ObjectId } from 'bson';
import type { Document } from '../../../src/storage/embedded/document.ts';
import { compile, conjuncts, reach } from '../../../src/storage/embedded/match.ts';
import { codeOf } from './support.ts';

const id = new ObjectId();

describe('a filter', () => {
  const document = {
    name: 'Reading level 2',
    level: 2,
    big: Long.fromBigInt(2n ** 53n + 1n),
    price: Decimal128.fromString('2.50'),
    owner: id,
    none: null,
    nan: NaN,
    tags: ['math', 'art'],
    scores: [3, 8],
    rows: [
      { kind: 'a', value: 1 },
      { kind: 'b', value: 5 },
    ],
    place: { city: 'Bern', zip: 3000 },
  };

  it.each<[string, Document, boolean]>([
    ['nothing', {}, true],
    ['equality across number types', { price: 2.5 }, true],
    ['an int64 that no double holds', { big: 2 ** 53 }, false],
    ['an ObjectId by value', { owner: new ObjectId(id.toHexString()) }, true],
    ['null for a null', { none: null }, true],
    ['null for a missing field', { absent: null }, true],
    ['null for something', { name: null }, false],
    ['a document as a whole', { place: { city: 'Bern', zip: 3000 } }, true],
    ['a document in another order', { place: { zip: 3000, city: 'Bern' } }, false],
    ['a path', { 'place.city': 'Bern' }, true],
    ['an element of an array', { tags: 'art' }, true],
    ['an array as a whole', { tags: ['math', 'art'] }, true],
    ['a path through an array', { 'rows.kind': 'b' }, true],
    ['two conditions met by two elements', { scores: { $gt: 7, $lt: 4 } }, true],
    ['two conditions for one element', { scores: { $elemMatch: { $gt: 7, $lt: 4 } } }, false],
    ['$elemMatch on documents', { rows: { $elemMatch: { kind: 'b', value: 5 } } }, true],
    ['$elemMatch on two documents', { rows: { $elemMatch: { kind: 'a', value: 5 } } }, false],
    ['comparison within a type only', { name: { $gt: 1 } }, false],
    ['comparison with what is not a number', { nan: { $lt: 5 } }, false],
    ['NaN for NaN', { nan: { $gte: NaN } }, true],
    ['a position', { 'tags.1': 'art' }, true],
    ['$ne for every element', { tags: { $ne: 'art' } }, false],
    ['$in', { level: { $in: [1, 2] } }, true],
    ['$in with a regex', { name: { $in: [/^Reading/] } }, true],
    ['a long $in', { owner: { $in: [...Array(20).keys(), id, null] } }, true],
    ['null in a long $in', { absent: { $in: [...Array(20).keys(), null] } }, true],
    ['$nin', { level: { $nin: [1, 3] } }, true],
    ['$exists', { none: { $exists: true }, absent: { $exists: false } }, true],
    ['$all', { tags: { $all: ['art', 'math'] } }, true],
    ['an empty $all', { tags: { $all: [] } }, false],
    ['$size', { tags: { $size: 2 } }, true],
    ['$mod', { level: { $mod: [2, 0] } }, true],
    ['$type', { price: { $type: 'decimal' }, tags: { $type: 'array' } }, true],
    ['$type number', { big: { $type: 'number' } }, true],
    ['$regex with options', { name: { $regex: '^reading', $options: 'i' } }, true],
    ['a regex as the wire brings it', { name: new BSONRegExp('LEVEL', 'i') }, true],
    ['a regex on another type', { level: /2/ }, false],
    ['$not', { level: { $not: { $gt: 3 } } }, true],
    ['$not of a regex', { name: { $not: /^Writing/ } }, true],
    ['$or', { $or: [{ level: 9 }, { tags: 'art' }] }, true],
    ['$nor', { $nor: [{ level: 9 }, { tags: 'art' }] }, false],
    ['$and', { $and: [{ level: 2 }, { tags: 'art' }] }, true],
  ])('on %s', (_, filter, expected) => {
    expect(compile(filter)(document)).toBe(expected);
  });

  it.each<[string, Document, number]>([
    ['an operator nobody knows', { a: { $near: [0, 0] } }, 2],
    ['$where', { $where: 'true' }, 2],
    ['$expr', { $expr: { $eq: ['$a', 1] } }, 2],
    ['$text', { $text: { $search: 'x' } }, 2],
    ['$jsonSchema', { $jsonSchema: {} }, 2],
    ['an operator beside a field', { a: { $gt: 1, b: 2 } }, 2],
    ['$in without a list', { a: { $in: 1 } }, 2],
    ['$in with operators', { a: { $in: [{ $gt: 1 }] } }, 2],
    ['an empty $or', { $or: [] }, 2],
    ['$or of something else', { $or: [1] }, 2],
    ['$not of a value', { a: { $not: 1 } }, 2],
    ['$size of a fraction', { a: { $size: 1.5 } }, 2],
    ['$mod by zero', { a: { $mod: [0, 1] } }, 2],
    ['$elemMatch of a value', { a: { $elemMatch: 1 } }, 2],
    ['$all without a list', { a: { $all: 1 } }, 2],
    ['$type int, which reading does not tell from double', { a: { $type: 'int' } }, 2],
    ['$type by number', { a: { $type: 2 } }, 2],
    ['$options alone', { a: { $options: 'i' } }, 2],
    ['a regex with option x', { a: { $regex: 'a', $options: 'x' } }, 51108],
    ['a regex only PCRE knows', { a: { $regex: '(?<=a)\\K' } }, 51091],
    ['a regex to order by', { a: { $gt: /a/ } }, 2],
    ['a regex with $ne', { a: { $ne: /a/ } }, 2],
  ])('refuses %s', (_, filter, code) => {
    expect(codeOf(() => compile(filter))).toBe(code);
  });
});

describe('conjuncts', () => {
  it('are what has to hold in any case, with plain equality as $eq', () => {
    const filter = {
      a: 1,
      $and: [{ b: { $gt: 2 } }, { $or: [{ c: 3 }] }],
      $or: [{ d: 1 }, { e: 1 }],
    };
    expect(conjuncts(filter)).toEqual([
      ['a', { $eq: 1 }],
      ['b', { $gt: 2 }],
      ['c', { $eq: 3 }],
    ]);
  });
});

describe('reach', () => {
  it('visits what a path leads to, through arrays', () => {
    const visited: unknown[] = [];
    reach({ a: [{ b: 1 }, { b: [2, 3] }, 4, {}] }, ['a', 'b'], false, (value) => {
      visited.push(value);
      return false;
    });
    expect(visited).toEqual([1, [2, 3], undefined]);
  });
});
