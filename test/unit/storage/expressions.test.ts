import { Decimal128, Double, Long } from 'bson';
import { aggregate } from '../../../src/storage/embedded/aggregate.ts';
import type { Document } from '../../../src/storage/embedded/document.ts';
import { codeOf, read, sourceOf } from './support.ts';

/** The value of one expression for one document. */
function evaluate(expression: unknown, document: Document = {}): unknown {
  const { source } = sourceOf({ 'db.one': [{ _id: 0, ...document }] });
  const [result = {}] = aggregate(source, 'db', 'one', [
    { $replaceRoot: { newRoot: { value: expression } } },
  ]);
  return (read(result) as { value?: unknown }).value;
}

describe('an expression', () => {
  const document = {
    n: 7,
    half: 0.5,
    text: 'Zoë',
    none: null,
    list: [3, 1, 2],
    rows: [{ k: 'a', n: 1 }, { k: 'b' }, 5],
    at: new Date('2026-03-04T05:06:07.089Z'),
    long: Long.fromBigInt(2n ** 53n + 1n),
  };

  it.each<[string, unknown, unknown]>([
    ['a literal', { $literal: '$n' }, '$n'],
    ['a path through an array', '$rows.n', [1]],
    ['comparison', { $gt: ['$n', 5] }, true],
    ['comparison by type', { $lt: ['$n', '$text'] }, true],
    ['missing is not null', { $eq: ['$absent', null] }, false],
    ['missing is less than null', { $lt: ['$absent', null] }, true],
    ['$cmp', { $cmp: [1, 2] }, -1],
    ['truth', { $and: [1, 'a', []] }, true],
    ['untruth', { $or: [0, null, '$absent', false] }, false],
    ['$not', { $not: ['$none'] }, true],
    ['$cond as a list', { $cond: [{ $gt: ['$n', 5] }, 'big', 'small'] }, 'big'],
    ['$cond as a document', { $cond: { if: '$none', then: 1, else: 2 } }, 2],
    ['$ifNull', { $ifNull: ['$absent', '$none', 'x'] }, 'x'],
    [
      '$switch',
      {
        $switch: {
          branches: [
            { case: false, then: 1 },
            { case: true, then: 2 },
          ],
        },
      },
      2,
    ],
    ['$switch by default', { $switch: { branches: [{ case: false, then: 1 }], default: 3 } }, 3],
    ['$add', { $add: ['$n', 1, '$half'] }, 8.5],
    ['$add of null', { $add: ['$n', null] }, null],
    ['$add to a date', { $add: ['$at', 1000] }, new Date('2026-03-04T05:06:08.089Z')],
    ['$subtract of dates', { $subtract: ['$at', new Date('2026-03-04T05:06:07Z')] }, 89],
    ['$subtract', { $subtract: ['$n', 10] }, -3],
    ['$divide', { $divide: ['$n', 2] }, 3.5],
    ['$sum of an array', { $sum: '$list' }, 6],
    ['$sum without rounding errors', { $sum: [1e16, 1.5, -1e16] }, 1.5],
    ['$avg', { $avg: ['$n', 8] }, 7.5],
    ['$max', { $max: '$list' }, 3],
    ['$concat', { $concat: ['a', '$text'] }, 'aZoë'],
    ['$toUpper, of ASCII only', { $toUpper: '$text' }, 'ZOë'],
    ['$size', { $size: '$list' }, 3],
    ['$isArray', { $isArray: '$n' }, false],
    ['$in', { $in: [3, '$list'] }, true],
    ['$arrayElemAt', { $arrayElemAt: ['$list', -1] }, 2],
    ['$arrayElemAt past the end', { $arrayElemAt: ['$list', 9] }, undefined],
    ['$first', { $first: '$list' }, 3],
    ['$filter', { $filter: { input: '$list', as: 'x', cond: { $gt: ['$$x', 1] } } }, [3, 2]],
    ['$map', { $map: { input: '$rows', in: '$$this.k' } }, ['a', 'b', null]],
    ['$concatArrays', { $concatArrays: ['$list', [9]] }, [3, 1, 2, 9]],
    ['$mergeObjects', { $mergeObjects: [{ a: 1, b: 1 }, '$none', { b: 2 }] }, { a: 1, b: 2 }],
    [
      '$dateToString',
      { $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M:%S.%L %%' } },
      '2026-03-04 05:06:07.089 %',
    ],
    ['$dateToString by default', { $dateToString: { date: '$at' } }, '2026-03-04T05:06:07.089Z'],
    [
      'parts of a date',
      [{ $year: '$at' }, { $month: '$at' }, { $dayOfMonth: '$at' }],
      [2026, 3, 4],
    ],
  ])('gives %s', (_, expression, expected) => {
    expect(evaluate(expression, document)).toEqual(expected);
  });

  it('keeps int64 exact and the type of the widest operand', () => {
    const { source } = sourceOf({ 'db.one': [document] });
    const fields = {
      sum: { $add: ['$long', 1] },
      product: { $multiply: ['$n', new Double(2)] },
      money: { $add: [Decimal128.fromString('0.1'), Decimal128.fromString('0.2')] },
      wide: { $multiply: [2147483647, 2] },
    };
    const [result] = aggregate(source, 'db', 'one', [{ $project: { _id: 0, ...fields } }]);
    expect(result).toEqual({
      sum: Long.fromBigInt(2n ** 53n + 2n),
      product: new Double(14),
      money: Decimal128.fromString('0.3'),
      wide: Long.fromNumber(4294967294),
    });
  });

  it.each<[string, unknown, number]>([
    ['arithmetic on text', { $add: ['$text', 1] }, 14],
    ['a difference of texts', { $subtract: ['$text', 1] }, 14],
    ['two dates in a sum', { $add: ['$at', '$at'] }, 16612],
    ['division by zero', { $divide: [1, 0] }, 2],
    ['one operand for two', { $eq: [1] }, 16020],
    ['a mean of Decimal128', { $avg: [Decimal128.fromString('1')] }, 2],
    ['$size of a number', { $size: '$n' }, 17124],
    ['$in without a list', { $in: [1, '$n'] }, 40081],
    ['$concat of a number', { $concat: ['$n'] }, 16702],
    ['a text as a date', { $year: '$text' }, 16006],
    ['a date format nobody knows', { $dateToString: { date: '$at', format: '%j' } }, 18536],
    ['a time zone', { $dateToString: { date: '$at', timezone: 'Europe/Zurich' } }, 18534],
    ['$switch without an answer', { $switch: { branches: [{ case: false, then: 1 }] } }, 40066],
    ['two operators in one', { $add: [1], $sum: [1] }, 15983],
    ['$cond with a word too many', { $cond: { if: 1, then: 1, else: 1, or: 1 } }, 17083],
    ['$filter with a limit', { $filter: { input: [], cond: true, limit: 1 } }, 28647],
  ])('refuses %s', (_, expression, code) => {
    expect(codeOf(() => evaluate(expression, document))).toBe(code);
  });
});
