// Operations per second of the embedded store through the ordinary driver: `npx tsx bench/store.ts`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { startEmbedded } from '../src/storage/embedded/embedded.ts';

const SECONDS = 3;
const CLIENTS = [1, 32];

type Work = (n: number) => Promise<unknown>;

interface Rate {
  readonly perSecond: number;
  /** Processor time of the driver and the engine together: says more than the rate on a busy machine. */
  readonly cpuMs: number;
}

/** Runs the work from so many clients at once, for a few seconds. */
async function rate(clients: number, work: Work): Promise<Rate> {
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  let count = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - start < SECONDS * 1000) await work(count++);
  };
  await Promise.all(Array.from({ length: clients }, client));
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    perSecond: Math.round(count / ((performance.now() - start) / 1000)),
    cpuMs: Number(((user + system) / 1000 / count).toFixed(2)),
  };
}

const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const store = await startEmbedded({ file: join(folder, 'store.db') });
const connection = await mongoose.createConnection(store.uri, { maxPoolSize: 32 }).asPromise();
const documents = connection.collection<{ _id: string; key: string }>('documents');
await documents.createIndex({ key: 1 }, { unique: true }, {});
await documents.createIndex({ school: 1, createdAt: -1 }, {}, {});
await documents.createIndex({ 'outbox.state': 1, 'outbox.due': 1 }, {}, {});

/** About 900 bytes, like a credential's record. */
const document = (name: string) => ({
  _id: name,
  key: `key-${name}`,
  school: `school-${name.length}`,
  createdAt: new Date(),
  views: 0,
  outbox: [{ state: 'pending', due: new Date() }],
  body: 'x'.repeat(650),
});

let inserted = 0;
for (const clients of CLIENTS) {
  const rates = {
    clients,
    insert: await rate(clients, () => documents.insertOne(document(`d${inserted++}`))),
    findOne: await rate(clients, (n) => documents.findOne({ key: `key-d${n % inserted}` })),
    findOneAndUpdate: await rate(clients, (n) =>
      documents.findOneAndUpdate(
        { key: `key-d${n % inserted}` },
        { $inc: { views: 1 }, $set: { 'outbox.0.state': n % 2 ? 'sent' : 'pending' } },
        { returnDocument: 'after' },
      ),
    ),
  };
  console.log(JSON.stringify(rates));
}
await connection.close();
await store.close();
rmSync(folder, { recursive: true });
