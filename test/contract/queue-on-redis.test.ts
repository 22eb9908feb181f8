import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { createBullmqQueue } from '../../src/issuance/bullmq-queue.ts';
import { newId } from '../../src/shared/ids.ts';
import { silentLog } from '../support/log.ts';
import { collect, createQueues, has } from '../support/redis-queues.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { until } from '../support/store.ts';

let redis: RedisServer;
const { open, openConnected } = createQueues(() => redis.url);

async function countConnections(): Promise<number> {
  return String(await redis.command('CLIENT', 'LIST'))
    .trim()
    .split('\n').length;
}

describeWithRedis('the queue on Redis', () => {
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => {
    await redis[Symbol.asyncDispose]();
  });

  it('hands each award to one of several workers', async () => {
    const prefix = newId();
    await using web = await openConnected({ prefix });
    await using one = open({ prefix });
    await using two = open({ prefix });
    // Whoever connects first would have done everything: it holds on to what it got until the other has something too.
    const seen: string[][] = [];
    const bothWork = () => until(() => Promise.resolve(seen.every(({ length }) => length > 0)));
    seen.push(collect(one, bothWork), collect(two, bothWork));
    const awards = Array.from({ length: 500 }, (_, index) => `award-${index}`);

    await web.addMany(awards);
    await web.drained();

    expect(seen.flat().sort()).toEqual([...awards].sort());
    expect(seen.map(({ length }) => length > 0)).toEqual([true, true]);
  });

  it('keeps nothing but ids, and nothing of what is done', async () => {
    const prefix = newId();
    await using queue = open({ prefix });
    await queue.add('0190-a');
    const keys = (await redis.command('KEYS', `${prefix}:issuances:*`)) as string[];
    const jobs = keys.filter((key) => /:\d+$/.test(key));
    expect(await redis.command('HGET', jobs[0] ?? '', 'data')).toBe('{"award":"0190-a"}');

    const seen = collect(queue);
    await until(has(seen, '0190-a'));
    await queue.drained();
    const left = (await redis.command('KEYS', `${prefix}:issuances:*`)) as string[];
    expect(left.filter((key) => /:(\d+|de:.*|dn:.*)$/.test(key))).toEqual([]);
  });

  it('gives periodic work to one of several processes', async () => {
    const prefix = newId();
    const queues = [1, 2, 3].map(() => open({ prefix }));
    let turns = 0;
    const work = () => Promise.resolve(void (turns += 1));
    const stops = queues.map((queue) => queue.every(1_000, work));
    // Until they know of each other, each may have taken its own.
    await until(() => Promise.resolve(turns >= 4));
    const [begin, before] = [performance.now(), turns];
    await until(() => Promise.resolve(turns >= before + 6));
    const each = (performance.now() - begin) / (turns - before);
    for (const stop of stops) await stop();
    for (const queue of queues) await queue[Symbol.asyncDispose]();

    // Three that do not know of each other take a turn every 333 ms; a slow Redis makes some take one too many.
    expect(each).toBeGreaterThan(500);
  });

  it('brings an award whose worker was killed to another', async () => {
    const prefix = newId();
    await using queue = await openConnected({ prefix });
    const script = fileURLToPath(new URL('redis-worker.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, redis.url, prefix]);
    const taken = once(child.stdout, 'data');
    const ended = once(child, 'exit');
    await queue.add('orphan');
    await taken;

    const seen = collect(queue);
    child.kill('SIGKILL');
    await ended;
    const killed = performance.now();
    await until(has(seen, 'orphan'));
    console.info(`taken over after ${((performance.now() - killed) / 1_000).toFixed(1)} s`);
  });

  it('replaces a worker that lets work wait', async () => {
    const prefix = newId();
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (_: object, text: string) => void warnings.push(text) };
    await using queue = createBullmqQueue({
      ...{ url: redis.url, prefix, concurrency: 1, perSecond: 0, stuckMs: 10, log },
    });
    const connection = new Redis(redis.url);
    const other = new Queue('issuances', { connection, prefix });
    await other.pause();
    const seen = collect(queue);

    await queue.add('waits');
    await until(() => Promise.resolve(warnings.length > 0));
    await other.resume();
    await until(has(seen, 'waits'));

    expect(warnings[0]).toMatch(/the worker does nothing; starting another/);
    expect(seen).toEqual(['waits']);
    // One that rings, two of the worker, `connection`, and the one that asks.
    await until(async () => (await countConnections()) === 5);
    await other.close();
    connection.disconnect();
  });

  it('hands out no more in a second than it is told', async () => {
    await using queue = await openConnected({ perSecond: 10 });
    const seen = collect(queue);
    const begin = performance.now();
    await queue.addMany(Array.from({ length: 31 }, (_, index) => `award-${index}`));
    await queue.drained();

    expect(seen).toHaveLength(31);
    expect(performance.now() - begin).toBeGreaterThan(2_500);
  });
});
