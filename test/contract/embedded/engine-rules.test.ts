import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { Connection } from 'mongoose';
import mongoose from 'mongoose';
import { startEmbedded } from '../../../src/storage/embedded/embedded.ts';
import type { TemporaryStore } from '../../support/store.ts';
import { startTemporaryStore, until } from '../../support/store.ts';

describe('the embedded engine by itself', () => {
  let store: TemporaryStore;
  let connection: Connection;

  beforeAll(async () => {
    store = await startTemporaryStore({
      durability: 'normal',
      strict: true,
      expireEveryMs: 50,
    });
    connection = await mongoose.createConnection(store.uri, { dbName: 'rules' }).asPromise();
  });

  afterAll(async () => {
    await connection.close();
    await store.close();
  });

  describe('in strict mode', () => {
    beforeAll(async () => {
      const things = connection.collection('things');
      await things.createIndex({ school: 1, name: 1 }, {}, {});
      await things.createIndex({ 'outbox.state': 1, 'outbox.due': 1 }, {}, {});
      await things.createIndex({ email: 1 }, { sparse: true }, {});
      await things.insertMany([
        { school: 'a', name: 'x', outbox: [{ state: 'p', due: 1 }] },
        { school: 'a', name: 'y', email: 'y@example.org' },
      ]);
    });

    it.each([
      [{}],
      [{ school: 'a' }],
      [{ school: 'a', name: /^x/, other: 1 }],
      [{ school: { $in: ['a', 'b'] } }],
      [{ $or: [{ school: 'a', name: 'x' }, { email: 'y@example.org' }] }],
      [{ outbox: { $elemMatch: { state: 'p', due: { $lte: 2 } } } }],
      [{ _id: { $gt: new mongoose.Types.ObjectId() } }],
    ])('serves %j', async (filter: object) => {
      await connection.collection('things').find(filter).toArray();
      await connection.collection('things').countDocuments(filter);
    });

    it.each([
      [{ name: 'x' }],
      [{ other: 1, name: 'x' }],
      [{ email: { $exists: false } }],
      [{ $or: [{ school: 'a' }, { name: 'x' }] }],
      [{ school: { $ne: 'a' } }],
    ])('refuses %j, naming the collection and the fields', async (filter: object) => {
      const things = connection.collection('things');
      const refusal = {
        code: 2,
        message: `No index of rules.things serves the filter on ${Object.keys(filter).join(', ')} (strict mode)`,
      };
      await expect(things.findOne(filter)).rejects.toMatchObject(refusal);
      await expect(things.updateOne(filter, { $set: { a: 1 } })).rejects.toMatchObject({ code: 2 });
      await expect(things.deleteOne(filter)).rejects.toMatchObject({ code: 2 });
      await expect(things.aggregate([{ $match: filter }]).toArray()).rejects.toMatchObject({
        code: 2,
      });
    });

    it('refuses to sort a whole collection in memory, not to list it in the order of an index', async () => {
      const things = connection.collection('things');
      await expect(things.find({}).sort({ name: 1 }).toArray()).rejects.toMatchObject({ code: 2 });
      expect(await things.find({}).sort({ _id: -1 }).toArray()).toHaveLength(2);
      expect(await things.find({}).sort({ school: 1, name: 1 }).toArray()).toHaveLength(2);
      expect(await things.find({ school: 'a' }).sort({ other: 1 }).toArray()).toHaveLength(2);
    });
  });

  it('orders by the least element of an array, although another one matches', async () => {
    const lists = connection.collection<{ _id: number; a: number | number[] }>('lists');
    await lists.createIndex({ a: 1, _id: 1 }, {}, {});
    await lists.insertMany([
      { _id: 1, a: [0, 5] },
      { _id: 2, a: 3 },
    ]);
    const found = await lists
      .find({ a: { $gt: 1 } })
      .sort({ a: 1, _id: 1 })
      .toArray();
    expect(found.map(({ _id }) => _id)).toEqual([1, 2]);
  });

  it('deletes what a TTL index says has expired, and only that', async () => {
    const sessions = connection.collection('sessions');
    await sessions.createIndex({ until: 1 }, { expireAfterSeconds: 0 }, {});
    await sessions.insertMany([
      { name: 'old', until: new Date(Date.now() - 1000) },
      { name: 'older', until: [new Date(0), new Date(Date.now() + 60_000)] },
      { name: 'new', until: new Date(Date.now() + 60_000) },
      { name: 'never', until: 'tomorrow' },
      { name: 'nothing' },
    ]);
    await until(async () => (await sessions.countDocuments({})) === 3);
    const left = await sessions.find({}).toArray();
    expect(left.map(({ name }) => name as string)).toEqual(['new', 'never', 'nothing']);
  });

  it('gives up on a search that takes longer than it may', async () => {
    const many = connection.collection('many');
    await many.insertMany(Array.from({ length: 5000 }, (_, n) => ({ n })));
    const search = many.find({}, { maxTimeMS: 1 }).sort({ _id: 1 });
    await expect(search.toArray()).rejects.toMatchObject({ code: 50 });
  });

  it('refuses transactions as a server without a replica set does', async () => {
    const session = await connection.startSession();
    await expect(
      session.withTransaction(() => connection.collection('many').insertOne({ n: 1 }, { session })),
    ).rejects.toMatchObject({ originalError: { code: 20 } });
    await session.endSession();
  });

  it('keeps its data and its socket from other users', () => {
    const mode = (path: string): number => statSync(path).mode & 0o777;
    expect(mode(store.file)).toBe(0o600);
    expect(mode(dirname(store.file))).toBe(0o700);
    const socket = decodeURIComponent(/\/\/([^/]+)\//.exec(store.uri)?.[1] ?? '');
    expect(mode(dirname(socket))).toBe(0o700);
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(107);
  });
});

describe('the file of the embedded engine', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    file = join(folder, 'store.db');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  async function once(path: string, work: (connection: Connection) => Promise<void>) {
    const store = await startEmbedded({ file: path });
    const connection = await mongoose.createConnection(store.uri).asPromise();
    await work(connection);
    await connection.close();
    await store.close();
  }

  it('holds what was written when it is opened again', async () => {
    await once(file, async (connection) => {
      await connection.collection('c').createIndex({ a: 1 }, { unique: true }, {});
      await connection.collection('c').insertOne({ a: 1 });
    });
    await once(file, async (connection) => {
      await expect(connection.collection('c').insertOne({ a: 1 })).rejects.toMatchObject({
        code: 11000,
      });
    });
  });

  it('is refused when a newer version wrote it', async () => {
    await once(file, () => Promise.resolve());
    change(file, "UPDATE meta SET value=2 WHERE name='format'");
    await expect(startEmbedded({ file })).rejects.toThrow(
      'was written by a newer version (format 2; this one reads 1)',
    );
  });

  it('is refused when it belongs to another program', async () => {
    change(file, 'CREATE TABLE theirs(a)');
    await expect(startEmbedded({ file })).rejects.toThrow(
      'is an SQLite database of another program',
    );
  });

  it('is copied while it is in use, and the copy is complete', async () => {
    const copy = join(folder, 'copy.db');
    await once(file, async (connection) => {
      await connection.collection('c').insertMany([{ a: 1 }, { a: 2 }]);
      await connection.db?.command({ cairnBackupStore: 1, file: copy });
    });
    expect(existsSync(copy)).toBe(true);
    await once(copy, async (connection) => {
      expect(await connection.collection('c').countDocuments({})).toBe(2);
    });
  });

  it('is found out when an index does not fit the documents', async () => {
    await once(file, async (connection) => {
      await connection.collection('c').createIndex({ a: 1 }, {}, {});
      await connection.collection('c').insertMany([{ a: 1 }, { a: 2 }]);
    });
    change(file, 'DELETE FROM i1 WHERE rid=1');
    await once(file, async (connection) => {
      const { problems } = (await connection.db?.command({ cairnVerifyStore: 1 })) ?? {};
      expect(problems).toEqual(['main.c a_1: an entry of document 1 is missing']);
    });
  });
});

function change(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}
