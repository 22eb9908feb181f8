import { Decimal128, Double, Long } from 'bson';
import { type AggregateSource, aggregate } from '../../../src/storage/embedded/aggregate.ts';
import { type Document, decode, encodeDocument } from '../../../src/storage/embedded/document.ts';
import { compile } from '../../../src/storage/embedded/match.ts';
import { sorter } from '../../../src/storage/embedded/sort.ts';
import { codeOf, read } from './support.ts';

type Options = NonNullable<Parameters<AggregateSource['find']>[2]>;

/** A source over plain lists that notes what it is asked for. */
function sourceOf(collections: Record<string, Document[]>) {
  const asked: unknown[] = [];
  const find = (ns: string, filter: Document, options: Options = {}): Document[] => {
    const { sort, skip = 0, limit = Infinity } = options;
    const documents = (collections[ns] ?? []).map((one) => decode(encodeDocument(one)));
    const found = documents.filter(compile(filter));
    const order = sort && sorter(sort);
    const sorted = order
      ? found.toSorted((a, b) => order.compare(order.key(a), order.key(b)))
      : found;
    return sorted.slice(skip, skip + limit);
  };
  const source: AggregateSource = {
    find(ns, filter, options) {
      asked.push(['find', ns, filter, options]);
      return find(ns, filter, options);
    },
    count(ns, filter, options) {
      asked.push(['count', ns, filter, options]);
      return find(ns, filter, options).length;
    },
  };
  return { source, asked };
}

const collections = {
  'db.awards': [
    { _id: 1, badge: 'read', points: 5, at: new Date('2026-01-05T10:00:00Z'), tags: ['a', 'b'] },
    { _id: 2, badge: 'read', points: 7, at: new Date('2026-01-09T10:00:00Z'), tags: [] },
    { _id: 3, badge: 'write', points: null, at: new Date('2026-02-01T00:00:00Z'), tags: ['b'] },
    { _id: 4, at: new Date('2026-02-03T23:59:59.999Z') },
  ],
  'db.badges': [
    { _id: 'read', title: 'Reading', owner: { id: 1 } },
    { _id: 'write', title: 'Writing', owner: { id: 2 } },
    { _id: 'odd', title: 'Odd' },
  ],
};

function run(...pipeline: Document[]): unknown[] {
  const { source } = sourceOf(collections);
  return aggregate(source, 'db', 'awards', pipeline).map(read);
}

/** The value of one expression for one document. */
function evaluate(expression: unknown, document: Document = {}): unknown {
  const { source } = sourceOf({ 'db.one': [{ _id: 0, ...document }] });
  const [result = {}] = aggregate(source, 'db', 'one', [
    { $replaceRoot: { newRoot: { value: expression } } },
  ]);
  return (read(result) as { value?: unknown }).value;
}

describe('a pipeline', () => {
  it('leaves its head to the planner', () => {
    const { source, asked } = sourceOf(collections);
    const head = [
      { $match: { badge: 'read' } },
      { $match: { points: { $gt: 1 } } },
      { $sort: { points: -1 } },
      { $skip: 1 },
      { $limit: 5 },
    ];
    const result = aggregate(source, 'db', 'awards', [...head, { $project: { points: 1 } }]);
    expect(result).toEqual([{ _id: 1, points: 5 }]);
    expect(asked).toEqual([
      [
        'find',
        'db.awards',
        { $and: [{ badge: 'read' }, { points: { $gt: 1 } }] },
        { sort: { points: -1 }, skip: 1, limit: 5 },
      ],
    ]);
  });

  it('keeps the order of stages that the planner cannot take', () => {
    expect(run({ $limit: 2 }, { $skip: 1 }, { $project: { _id: 1 } })).toEqual([{ _id: 2 }]);
    expect(
      run(
        { $sort: { _id: -1 } },
        { $match: { badge: 'read' } },
        { $unset: ['at', 'tags', 'points'] },
      ),
    ).toEqual([
      { _id: 2, badge: 'read' },
      { _id: 1, badge: 'read' },
    ]);
  });

  it('counts, as the driver asks for it, without reading', () => {
    const { source, asked } = sourceOf(collections);
    const pipeline = [{ $match: { badge: 'read' } }, { $group: { _id: 1, n: { $sum: 1 } } }];
    expect(aggregate(source, 'db', 'awards', pipeline)).toEqual([{ _id: 1, n: 2 }]);
    expect(asked).toEqual([['count', 'db.awards', { badge: 'read' }, {}]]);
    expect(aggregate(source, 'db', 'none', pipeline)).toEqual([]);
  });

  it('groups, with null for what is missing', () => {
    expect(
      run(
        {
          $group: {
            _id: '$badge',
            total: { $sum: '$points' },
            mean: { $avg: '$points' },
            least: { $min: '$points' },
            most: { $max: '$points' },
            first: { $first: '$points' },
            last: { $last: '$points' },
            all: { $push: '$points' },
            different: { $addToSet: { $size: { $ifNull: ['$tags', []] } } },
            count: { $count: {} },
          },
        },
        { $sort: { count: -1, _id: 1 } },
      ),
    ).toEqual([
      {
        _id: 'read',
        total: 12,
        mean: 6,
        least: 5,
        most: 7,
        first: 5,
        last: 7,
        all: [5, 7],
        different: [2, 0],
        count: 2,
      },
      {
        _id: null,
        total: 0,
        mean: null,
        least: null,
        most: null,
        first: null,
        last: null,
        all: [],
        different: [0],
        count: 1,
      },
      {
        _id: 'write',
        total: 0,
        mean: null,
        least: null,
        most: null,
        first: null,
        last: null,
        all: [null],
        different: [1],
        count: 1,
      },
    ]);
  });

  it('groups by several fields', () => {
    const id = { badge: '$badge', month: { $month: '$at' } };
    expect(run({ $group: { _id: id, n: { $sum: 1 } } })).toEqual([
      { _id: { badge: 'read', month: 1 }, n: 2 },
      { _id: { badge: 'write', month: 2 }, n: 1 },
      { _id: { month: 2 }, n: 1 },
    ]);
  });

  it('merges documents in a group', () => {
    const merge = {
      $group: { _id: null, all: { $mergeObjects: { badge: '$badge', id: '$_id' } } },
    };
    expect(run(merge)).toEqual([{ _id: null, all: { badge: 'write', id: 4 } }]);
  });

  it('unwinds', () => {
    const tags = { $project: { tags: 1 } };
    expect(run(tags, { $unwind: '$tags' })).toEqual([
      { _id: 1, tags: 'a' },
      { _id: 1, tags: 'b' },
      { _id: 3, tags: 'b' },
    ]);
    const keep = { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' };
    expect(run(tags, { $unwind: keep })).toEqual([
      { _id: 1, tags: 'a', i: 0 },
      { _id: 1, tags: 'b', i: 1 },
      { _id: 2, i: null },
      { _id: 3, tags: 'b', i: 0 },
      { _id: 4, i: null },
    ]);
  });

  it('looks up by equality, null standing for missing', () => {
    const lookup = { from: 'badges', localField: 'badge', foreignField: '_id', as: 'found' };
    expect(run({ $lookup: lookup }, { $project: { title: '$found.title' } })).toEqual([
      { _id: 1, title: ['Reading'] },
      { _id: 2, title: ['Reading'] },
      { _id: 3, title: ['Writing'] },
      { _id: 4, title: [] },
    ]);
    const byOwner = { from: 'badges', localField: 'badge', foreignField: 'owner.id', as: 'found' };
    expect(
      run({ $match: { _id: 4 } }, { $lookup: byOwner }, { $project: { n: '$found._id' } }),
    ).toEqual([{ _id: 4, n: ['odd'] }]);
  });

  it('looks up each element of an array', () => {
    const both = { $addFields: { badge: ['read', 'odd'] } };
    const lookup = { from: 'badges', localField: 'badge', foreignField: '_id', as: 'a.found' };
    expect(
      run({ $limit: 1 }, both, { $lookup: lookup }, { $project: { n: '$a.found.title' } }),
    ).toEqual([{ _id: 1, n: ['Reading', 'Odd'] }]);
  });

  it('projects, adds, removes and replaces', () => {
    const one = { $match: { _id: 1 } };
    expect(
      run(one, { $project: { _id: 0, badge: 1, double: { $multiply: ['$points', 2] } } }),
    ).toEqual([{ badge: 'read', double: 10 }]);
    expect(run(one, { $project: { at: 0, tags: 0 } })).toEqual([
      { _id: 1, badge: 'read', points: 5 },
    ]);
    expect(run(one, { $project: { _id: '$badge' } })).toEqual([{ _id: 'read' }]);
    expect(
      run(
        one,
        { $set: { 'x.y': 1, badge: '$$REMOVE', x: { z: '$points' } } },
        { $unset: ['at', 'tags'] },
      ),
    ).toEqual([{ _id: 1, points: 5, x: { y: 1, z: 5 } }]);
    expect(run(one, { $replaceRoot: { newRoot: { of: '$$ROOT.badge', gone: '$none' } } })).toEqual([
      { of: 'read' },
    ]);
  });

  it('answers several questions at once', () => {
    const facet = {
      total: [{ $count: 'n' }],
      none: [{ $match: { _id: 0 } }, { $count: 'n' }],
      page: [{ $limit: 1 }, { $project: { _id: 1 } }],
    };
    expect(run({ $facet: facet })).toEqual([{ total: [{ n: 4 }], none: [], page: [{ _id: 1 }] }]);
  });

  it.each<[string, Document, number]>([
    ['a stage nobody knows', { $frobnicate: {} }, 40324],
    ['$out', { $out: 'x' }, 40324],
    ['$graphLookup', { $graphLookup: {} }, 40324],
    ['two stages in one', { $match: {}, $limit: 1 }, 40323],
    ['an empty stage', {}, 40323],
    ['$lookup with a pipeline', { $lookup: { from: 'x', pipeline: [], as: 'y' } }, 9],
    ['$lookup without a target', { $lookup: { from: 'x', localField: 'a', foreignField: 'b' } }, 9],
    ['a group without _id', { $group: { n: { $sum: 1 } } }, 15955],
    ['an accumulator nobody knows', { $group: { _id: 1, n: { $stdDevPop: '$a' } } }, 15952],
    ['a group field that is no accumulator', { $group: { _id: 1, n: '$a' } }, 40234],
    ['two accumulators in one field', { $group: { _id: 1, n: { $sum: 1, $avg: 1 } } }, 40238],
    ['a limit of nothing', { $limit: 0 }, 15958],
    ['a negative skip', { $skip: -1 }, 5107200],
    ['$unwind of no path', { $unwind: 'tags' }, 28818],
    ['$count without a name', { $count: '' }, 40156],
    ['$sort by nothing', { $sort: {} }, 15976],
    ['$sort by a word', { $sort: { a: 'up' } }, 15975],
    ['a mixed projection', { $project: { a: 1, b: 0 } }, 31254],
    ['a computed field among those that go', { $project: { a: 0, b: '$c' } }, 31254],
    ['an empty projection', { $project: {} }, 51272],
    ['a facet in a facet', { $facet: { a: [{ $facet: { b: [] } }] } }, 40600],
    ['a filter that no find takes', { $match: { a: { $near: 1 } } }, 2],
    ['an expression nobody knows', { $project: { a: { $frobnicate: 1 } } }, 168],
    ['a variable nobody set', { $project: { a: '$$who' } }, 17276],
  ])('refuses %s, even over an empty collection', (_, stage, code) => {
    const { source } = sourceOf({});
    expect(codeOf(() => aggregate(source, 'db', 'none', [{ $match: {} }, stage]))).toBe(code);
  });
});

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
    [
      '$sum without rounding errors',
      { $sum: [0.1, 0.2, 0.3, -0.3, -0.2, -0.1, 1e16, 1, -1e16] },
      1,
    ],
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
