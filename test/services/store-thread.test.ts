import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { connectStore } from '../../src/storage/connect.ts';
import { startEmbedded } from '../../src/storage/embedded/embedded.ts';
import { until } from '../support/store.ts';

it('an engine whose thread dies comes back with everything that it had answered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-thread-'));
  const threads: Worker[] = [];
  const note = (message: unknown) => threads.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', note);
  const warnings: string[] = [];
  const onWarning = (warning: string) => warnings.push(warning);
  const engine = await startEmbedded({ file: join(folder, 'store.db'), onWarning });
  const connection = await connectStore(engine.uri);
  const things = connection.collection<{ _id: number }>('things');

  for (let round = 1; round <= 3; round += 1) {
    await things.insertOne({ _id: round });
    await threads.at(-1)?.terminate();
    await until(() =>
      things.countDocuments({}).then(
        (count) => count === round,
        () => false,
      ),
    );
  }
  expect(warnings).toHaveLength(3);
  expect(warnings[0]).toMatch(/died .* started again/);

  await connection.close();
  await threads.at(-1)?.terminate();
  await engine.close();
  unsubscribe('worker_threads', note);
  await rm(folder, { recursive: true });
});
