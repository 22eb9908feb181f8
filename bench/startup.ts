import { makeDataDir } from '../test/support/process.ts';
import { atMost, median, show, type Subject } from './harness.ts';
import { startServer } from './server.ts';

const times = 5;

/** Starts a server, stops it, and answers how long it took and how large it was. */
async function startOnce(dataDir: string) {
  const server = await startServer(dataDir);
  const megabytes = await server.memory();
  await server.stop();
  return { ms: server.readyMs, megabytes };
}

export const startup: Subject = {
  title: 'Start',
  about: `The built server with embedded defaults, from the start of the process to \`/readyz\` 200: median of ${times}. The first start also makes the store, its indexes, the school and its keys (RSA among them).`,
  async run(tell) {
    const fresh: number[] = [];
    const existing: number[] = [];
    const memory: number[] = [];
    for (let round = 1; round <= times; round += 1) {
      tell(`start ${round} of ${times}`);
      const dataDir = await makeDataDir();
      fresh.push((await startOnce(dataDir.path)).ms);
      const again = await startOnce(dataDir.path);
      existing.push(again.ms);
      if (again.megabytes !== undefined) memory.push(again.megabytes);
      await dataDir.remove();
    }
    const seconds = (values: readonly number[]) => median(values) / 1_000;
    return [
      {
        what: 'ready, empty data folder',
        goal: atMost(5, seconds(fresh), 's'),
        value: `${show(seconds(fresh))} s`,
      },
      {
        what: 'ready, existing data folder',
        goal: atMost(5, seconds(existing), 's'),
        value: `${show(seconds(existing))} s`,
      },
      {
        what: 'memory (RSS) when ready',
        goal: atMost(250, median(memory), 'MB'),
        value: memory.length === 0 ? 'not told by this system' : `${show(median(memory))} MB`,
      },
    ];
  },
};
