import fc from 'fast-check';
import type { Connection } from 'mongoose';
import mongoose from 'mongoose';
import type { TemporaryStore } from '../../support/store.ts';
import { startTemporaryStore } from '../../support/store.ts';

type Document = Record<string, unknown>;

const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 20);
const seed = Number(process.env.FUZZ_SEED ?? 20261122);

const date = (n: number): Date => new Date(n * 1000);

const small = fc.integer({ min: 0, max: 4 });
/** Few values of many types, so that documents and filters meet often. */
const scalar = fc.oneof(
  { weight: 12, arbitrary: small },
  { weight: 2, arbitrary: fc.constantFrom('', 'a', 'ab', 'abc', 'b', 'é') },
  { weight: 1, arbitrary: fc.constantFrom(-1.5, 2.5, true, false, null) },
  { weight: 1, arbitrary: fc.constantFrom(date(0), date(1), date(2)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      mongoose.mongo.Long.fromString('9007199254740993'),
      mongoose.mongo.Decimal128.fromString('2.5'),
      { x: 1 },
    ),
  },
);
const element = fc.record({ x: scalar, y: scalar }, { requiredKeys: [] });

const fields = {
  a: fc.oneof(scalar, fc.array(scalar, { maxLength: 4 })),
  b: scalar,
  s: fc.constantFrom('a', 'ab', 'abc', 'b'),
  o: fc.oneof(element, fc.array(element, { minLength: 1, maxLength: 3 })),
};
const body: fc.Arbitrary<Document> = fc.oneof(
  { weight: 3, arbitrary: fc.record(fields) },
  fc.record(fields, { requiredKeys: [] }),
);

const path = fc.constantFrom('a', 'a', 'b', 's', 'o.x', 'o.y', '_id');
const limit = fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq');
const operators: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: scalar },
  { weight: 2, arbitrary: fc.dictionary(limit, scalar, { minKeys: 1, maxKeys: 2 }) },
  { weight: 2, arbitrary: fc.record({ $gt: small, $lte: small }) },
  { weight: 2, arbitrary: small.map((n) => ({ $gte: n })) },
  { weight: 2, arbitrary: small.map((n) => ({ $lt: n })) },
  fc.record({ $in: fc.array(scalar, { maxLength: 3 }) }),
  fc.record({ $all: fc.array(scalar, { minLength: 1, maxLength: 2 }) }),
  fc.record({ $exists: fc.boolean() }),
  fc.record({ $regex: fc.constantFrom('^a', '^ab?', '^ab|b', 'b$') }),
  fc.record({ $not: fc.record({ $gt: scalar }) }),
);
const on = (name: string) => operators.map((of): Document => ({ [name]: of }));
const condition = fc.oneof(
  { weight: 8, arbitrary: path.chain(on) },
  fc
    .record({ x: operators, y: operators }, { requiredKeys: ['x'] })
    .map((inner): Document => ({ o: { $elemMatch: inner } })),
);
const all = (list: readonly Document[]): Document => ({ $and: list });
const conjunction = fc.array(condition, { minLength: 1, maxLength: 3 }).map(all);
const filter = fc.oneof(
  { weight: 4, arbitrary: condition },
  { weight: 3, arbitrary: conjunction },
  { weight: 2, arbitrary: fc.tuple(on('o.x'), on('o.y')).map(all) },
  fc
    .tuple(condition, fc.array(conjunction, { minLength: 2, maxLength: 3 }))
    .map(([beside, branches]): Document => ({ ...beside, $or: branches })),
  fc
    .tuple(condition, fc.array(conjunction, { minLength: 2, maxLength: 3 }))
    .map(([beside, branches]) => all([beside, { $or: branches }])),
);

const index = fc.constantFrom<[Record<string, 1 | -1>, object]>(
  [{ a: 1 }, {}],
  [{ a: 1, _id: 1 }, {}],
  [{ b: -1 }, {}],
  [{ b: 1, _id: 1 }, {}],
  [{ a: 1, b: -1 }, {}],
  [{ b: -1, a: 1, _id: 1 }, {}],
  [{ s: 1, b: 1, _id: -1 }, {}],
  [{ 'o.x': 1 }, {}],
  [{ 'o.x': 1, 'o.y': -1 }, {}],
  [{ 'o.x': 1, _id: 1 }, {}],
  [{ b: 1, 'o.x': -1 }, {}],
  [{ 'o.y': 1, s: -1, _id: 1 }, {}],
  [{ a: -1 }, { sparse: true, name: 'sparse' }],
  [
    { b: 1, s: 1 },
    { sparse: true, name: 'sparse pair' },
  ],
  [{ b: 1 }, { partialFilterExpression: { a: { $exists: true } }, name: 'with a' }],
  [{ s: -1 }, { partialFilterExpression: { b: { $gt: 2 } }, name: 'with large b' }],
  [{ a: 1 }, { partialFilterExpression: { s: 'ab' }, name: 'with s = ab' }],
);
const sort = fc.constantFrom<Record<string, 1 | -1> | undefined>(
  undefined,
  { _id: -1 },
  { b: 1, _id: 1 },
  { b: -1, _id: -1 },
  { b: 1, a: -1, _id: -1 },
  { a: 1, _id: 1 },
  { a: 1, _id: 1 },
  { a: -1, _id: -1 },
  { s: 1, b: 1, _id: -1 },
  { s: -1, _id: 1 },
  { 'o.y': 1, _id: 1 },
  { 'o.x': 1, _id: 1 },
);

const round = fc.record({
  bodies: fc.array(body, { minLength: 10, maxLength: 40 }),
  changes: fc.array(fc.tuple(condition, body), { maxLength: 4 }),
  removals: fc.array(condition, { maxLength: 1 }),
  indexes: fc.uniqueArray(index, { minLength: 2, maxLength: 6 }),
  queries: fc.array(fc.record({ filter, sort, limit: fc.constantFrom(0, 0, 3) }), {
    minLength: 40,
    maxLength: 40,
  }),
});

type Round = typeof round extends fc.Arbitrary<infer Value> ? Value : never;

describe('the planner', () => {
  let store: TemporaryStore;
  let connection: Connection;

  beforeAll(async () => {
    store = await startTemporaryStore({ durability: 'normal' });
    connection = await mongoose.createConnection(store.uri, { dbName: 'fuzz' }).asPromise();
  });

  afterAll(async () => {
    await connection.close();
    await store.close();
  });

  const collections = () => [connection.collection('plain'), connection.collection('indexed')];

  async function fill({ bodies, changes, removals, indexes }: Round) {
    const documents = bodies.map((fields, n) => ({ _id: n % 7 ? n : `id${n}`, ...fields }));
    for (const collection of collections()) {
      await collection.drop();
      // Half of them before the indexes are there, half after.
      await collection.insertMany(documents.slice(0, documents.length / 2) as never[]);
      if (collection.name === 'indexed') {
        for (const [key, options] of indexes) await collection.createIndex(key, options, {});
      }
      await collection.insertMany(documents.slice(documents.length / 2) as never[]);
      for (const [which, fields] of changes) {
        await collection.updateMany(which, { $set: { changed: true, ...fields } });
      }
      for (const which of removals) await collection.deleteMany(which);
    }
  }

  it(`finds with indexes exactly what it finds without (seed ${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(round, async (data) => {
        await fill(data);
        for (const query of data.queries) {
          const [expected, found] = await Promise.all(
            collections().map(async (collection) => {
              const cursor = collection.find(query.filter as never, {
                limit: query.sort ? query.limit : 0,
              });
              if (query.sort) cursor.sort(query.sort);
              const ids = (await cursor.toArray()).map(({ _id }) => String(_id));
              return query.sort ? ids : ids.sort();
            }),
          );
          if (JSON.stringify(found) !== JSON.stringify(expected)) {
            throw new Error(
              `${JSON.stringify(query)}: with indexes ${String(found)}, without ${String(expected)}`,
            );
          }
        }
        const check = await connection.db?.command({ cairnVerifyStore: 1 });
        expect(check).toMatchObject({ ok: 1, problems: [] });
      }),
      { seed, numRuns: ROUNDS, endOnFailure: true },
    );
  }, 600_000);
});
