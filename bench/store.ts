import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import mongoose, { Schema, type Connection } from 'mongoose';
import { startEmbedded } from '../src/storage/embedded/embedded.ts';
import { makeDataDir } from '../test/support/process.ts';
import { rate, show, type Figure, type Subject, type Tell } from './harness.ts';

const seconds = 2;
const database = 'cairn-bench';

interface Record {
  _id: string;
  key: string;
  school: string;
  createdAt: Date;
  views: number;
  state: string;
  body: string;
}

const schema = new Schema<Record>(
  {
    _id: String,
    key: String,
    school: String,
    createdAt: Date,
    views: Number,
    state: String,
    body: String,
  },
  { strict: 'throw', versionKey: false, autoIndex: false, autoCreate: false },
);
schema.index({ key: 1 }, { unique: true });
schema.index({ school: 1, createdAt: -1 });
schema.index({ state: 1, createdAt: 1 });

/** About 900 bytes with three indexes, like the record of an award. */
const record = (name: string): Record => ({
  _id: name,
  key: `key-${name}`,
  school: 'school',
  createdAt: new Date(),
  views: 0,
  state: 'queued',
  body: 'x'.repeat(700),
});

async function connect(uri: string): Promise<Connection> {
  return mongoose
    .createConnection(uri, {
      dbName: database,
      maxPoolSize: 32,
      writeConcern: { w: 'majority', journal: true },
    })
    .asPromise();
}

async function measure(engine: string, connection: Connection, tell: Tell): Promise<Figure[]> {
  const model = connection.model<Record>('Record', schema, 'records');
  await model.createIndexes();
  const figures: Figure[] = [];
  let inserted = 0;
  const works = {
    insert: () => model.create(record(`r${inserted++}`)),
    'findOne by a unique key': (n: number) => model.findOne({ key: `key-r${n % inserted}` }).lean(),
    findOneAndUpdate: (n: number) =>
      model
        .findOneAndUpdate(
          { key: `key-r${n % inserted}` },
          { $inc: { views: 1 }, $set: { state: n % 2 === 0 ? 'issued' : 'queued' } },
          { returnDocument: 'after' },
        )
        .lean(),
  };
  for (const [name, work] of Object.entries(works)) {
    tell(`${engine}: ${name}`);
    const [one, many] = [await rate(1, seconds, work), await rate(32, seconds, work)];
    figures.push({
      what: `${engine}: ${name}`,
      value: `${show(one)}/s one at a time, ${show(many)}/s 32 at a time`,
    });
  }
  return figures;
}

/** What the disk allows: one write and one flush after the other. */
function flushesPerSecond(folder: string): number {
  const file = openSync(join(folder, 'flush'), 'a');
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < 1_000) {
    writeSync(file, 'x'.repeat(900));
    fdatasyncSync(file);
    count += 1;
  }
  const elapsed = (performance.now() - start) / 1_000;
  closeSync(file);
  return count / elapsed;
}

async function measureEmbedded(tell: Tell): Promise<Figure[]> {
  const dataDir = await makeDataDir();
  const embedded = await startEmbedded({ file: join(dataDir.path, 'store.db') });
  const connection = await connect(embedded.uri);
  const figures = await measure('embedded', connection, tell);
  await connection.close();
  await embedded.close();
  const flushes = flushesPerSecond(dataDir.path);
  await dataDir.remove();
  return [
    ...figures,
    { what: 'the disk alone: 900 bytes and fdatasync', value: `${show(flushes)}/s` },
  ];
}

async function measureMongo(uri: string, tell: Tell): Promise<Figure[]> {
  const connection = await connect(uri);
  await connection.dropDatabase();
  const figures = await measure('MongoDB', connection, tell);
  await connection.dropDatabase();
  await connection.close();
  return figures;
}

export const store: Subject = {
  title: 'Store',
  about: `Operations per second (wall clock, ${seconds} s each) through Mongoose on records of about 900 bytes with three indexes; every write is on disk before it is answered. With MONGODB_URI set, the same on that server (database \`${database}\`, which is dropped).`,
  async run(tell) {
    const uri = process.env.MONGODB_URI;
    const embedded = await measureEmbedded(tell);
    return uri === undefined ? embedded : [...embedded, ...(await measureMongo(uri, tell))];
  },
};
