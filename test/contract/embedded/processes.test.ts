import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import mongoose from 'mongoose';
import type { TemporaryStore } from '../../support/store.ts';
import { startTemporaryStore } from '../../support/store.ts';

const JOBS = 200;
const claimer = fileURLToPath(new URL('./claimer.js', import.meta.url));

async function claimInOwnProcess(file: string): Promise<string[]> {
  const child = spawn(process.execPath, [claimer, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await text(child.stdout);
  return printed.split('\n').filter(Boolean);
}

describe('two processes on one file', () => {
  let store: TemporaryStore;

  beforeAll(async () => {
    store = await startTemporaryStore();
  });

  afterAll(async () => {
    await store.close();
  });

  it('claim every job exactly once, and see what the other one made', async () => {
    const connection = await mongoose.createConnection(store.uri, { dbName: 'leases' }).asPromise();
    const jobs = connection.collection<{ _id: string }>('jobs');
    await jobs.createIndex({ state: 1, due: 1 }, {}, {});
    await jobs.insertMany(
      Array.from({ length: JOBS }, (_, n) => ({ _id: `j${n}`, state: 'ready', due: new Date(n) })),
    );
    const claims = await Promise.all([
      claimInOwnProcess(store.file),
      claimInOwnProcess(store.file),
    ]);
    const claimed = claims.flat();
    expect(claimed).toHaveLength(JOBS);
    expect(new Set(claimed).size).toBe(JOBS);
    expect(await jobs.countDocuments({ state: 'taken', tries: 1 })).toBe(JOBS);
    expect(await connection.db?.command({ cairnVerifyStore: 1 })).toMatchObject({ problems: [] });
    await connection.close();
  }, 60_000);
});
