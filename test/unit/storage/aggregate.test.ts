import { aggregate } from '../../../src/storage/embedded/aggregate.ts';
import type { Document } from '../../../src/storage/embedded/document.ts';
import { codeOf, read, sourceOf } from './support.ts';

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
