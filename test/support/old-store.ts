import mongoose, { type mongo } from 'mongoose';

/** What a store holds, by collection. */
export type Dump = Readonly<Record<string, readonly Record<string, unknown>[]>>;

const collections = [
  'statusLists',
  'statusEntries',
  'credentials',
  'awards',
  'signingKeys',
  'organizations',
  'migrations',
];

/** The database of the Cairn that was started last, past every rule of ours. */
export function lastDatabase(): mongo.Db {
  const { db } = mongoose.connections.at(-1) ?? {};
  if (db === undefined) throw new Error('there is no store');
  return db;
}

export async function dump(db: mongo.Db): Promise<Dump> {
  const all = await Promise.all(
    collections.map(async (name) => {
      const documents = await db.collection(name).find({}).sort({ _id: 1 }).toArray();
      return [name, documents] as const;
    }),
  );
  return Object.fromEntries(all);
}

export async function load(db: mongo.Db, content: Dump): Promise<void> {
  for (const name of collections) {
    const documents = content[name] ?? [];
    await db.collection(name).deleteMany({});
    if (documents.length > 0) await db.collection(name).insertMany([...documents]);
  }
}

/** As schools could name anything at all. */
const formerVocabulary = { achievement: 'competency', 'house-point': 'acorn' };

interface ListHead {
  readonly bits: readonly number[];
  readonly organization: string;
  readonly purpose: string;
  readonly size: number;
  readonly allocated: number;
  readonly version: number;
  readonly open: boolean;
}

/**
 * The same, as the first version of Cairn wrote it: lists without their bits, entries that say for themselves whether
 * they are set, credentials without a state, keys without a driver, a
 * flat vocabulary, and nothing that says which schema it is.
 */
export async function makeOld(db: mongo.Db, updatedAt: Date): Promise<void> {
  const lists = db.collection<ListHead>('statusLists');
  for (const { _id, bits, ...list } of await lists.find({}).toArray()) {
    const { organization, purpose, size, allocated, version, open } = list;
    const entries = db.collection<{ readonly list: unknown; readonly index: number }>(
      'statusEntries',
    );
    for (const { _id: entry, index } of await entries.find({ list: _id }).toArray()) {
      await db
        .collection('statusEntries')
        .updateOne({ _id: entry }, { $set: { set: bits.includes(index) } });
    }
    await db
      .collection('statusLists')
      .replaceOne({ _id }, { organization, purpose, size, allocated, version, updatedAt, open });
  }
  await db.collection('credentials').updateMany({}, { $unset: { state: 1, statusVersion: 1 } });
  await db.collection('signingKeys').updateMany({}, { $unset: { driver: 1 } });
  await db.collection('organizations').updateMany({}, { $set: { vocabulary: formerVocabulary } });
  await db.collection('migrations').deleteMany({});
}

/** A database on which the process dies right after so many writes. */
export function dyingAfter(db: mongo.Db, writes: number): mongo.Db {
  let left = writes;
  const wrap = (collection: mongo.Collection): mongo.Collection =>
    new Proxy(collection, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const call = value.bind(target) as (...args: unknown[]) => unknown;
        if (!/^(update|insert|delete|replace|bulk)/.test(String(name))) return call;
        return async (...args: unknown[]) => {
          const answer = await call(...args);
          left -= 1;
          if (left === 0) throw new Error('the power went out');
          return answer;
        };
      },
    });
  return new Proxy(db, {
    get: (target, name) => {
      if (name === 'collection') return (of: string) => wrap(target.collection(of));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
