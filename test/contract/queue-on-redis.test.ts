import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { createBullmqQueue } from '../../src/issuance/bullmq-queue.ts';
import type { IssuanceQueue } from '../../src/issuance/queue.ts';
import { newId } from '../../src/shared/ids.ts';
import { silentLog } from '../support/log.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { until } from '../support/store.ts';

interface Options {
  readonly patienceMs?: number;
  readonly prefix?: string;
  readonly stuckMs?: number;
  readonly perSecond?: number;
}

let redis: RedisServer;

const open = ({ prefix = `test-${newId()}`, perSecond = 0, ...options }: Options = {}) =>
  createBullmqQueue({
    url: redis.url,
    prefix,
    concurrency: 2,
    perSecond,
    patienceMs: 10_000,
    log: silentLog,
    ...options,
  });

/** Connected already, which may take a busy machine longer than those wait who want to ring. */
async function openConnected(options?: Options): Promise<IssuanceQueue> {
  const queue = open(options);
  await until(() =>
    queue.depth().then(
      () => true,
      () => false,
    ),
  );
  return queue;
}

/** Works on everything and remembers it. */
function collect(queue: IssuanceQueue, whenSeen = () => Promise.resolve()): string[] {
  const seen: string[] = [];
  queue.process((award) => {
    seen.push(award);
    return whenSeen();
  });
  return seen;
}

const has = (seen: readonly string[], award: string) => () => Promise.resolve(seen.includes(award));

async function countConnections(): Promise<number> {
  return String(await redis.command('CLIENT', 'LIST'))
    .trim()
    .split('\n').length;
}

/** As the outbox does: rings until it is heard. */
async function ringUntilHeard(queue: IssuanceQueue, seen: readonly string[], award: string) {
  await until(async () => {
    await queue.add(award).catch(() => undefined);
    return seen.includes(award);
  }, 40_000);
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

describeWithRedis('the queue on a Redis in trouble', () => {
  beforeEach(async () => {
    redis = await startRedis({ aof: false });
  });
  afterEach(async () => {
    await redis[Symbol.asyncDispose]();
  });

  it('works on after Redis forgot everything', async () => {
    await using queue = await openConnected();
    const held: (() => void)[] = [];
    const seen: string[] = [];
    queue.process(async (award) => {
      if (award.startsWith('held')) await new Promise<void>((resolve) => held.push(resolve));
      seen.push(award);
    });
    await queue.addMany(['held-1', 'held-2', 'lost']);
    await until(() => Promise.resolve(held.length === 2));

    await redis.command('FLUSHALL');
    expect(await queue.isIdle()).toBe(true);
    for (const release of held) release();
    await ringUntilHeard(queue, seen, 'after');

    expect(seen).not.toContain('lost');
  });

  it('works on after Redis was killed and came back empty', async () => {
    await using queue = await openConnected();
    const seen = collect(queue);
    await queue.add('before');
    await until(has(seen, 'before'));

    await redis.stop('SIGKILL');
    await expect(queue.add('meanwhile')).rejects.toThrow();
    await redis.start();
    await ringUntilHeard(queue, seen, 'after');
  });

  it('keeps what was waiting when Redis keeps a file', async () => {
    await redis.stop();
    await redis.start({ aof: true });
    await using queue = await openConnected();
    await queue.addMany(['a', 'b']);
    await redis.command('CONFIG', 'SET', 'appendfsync', 'always');
    await queue.add('c');

    await redis.stop('SIGKILL');
    await redis.start();
    const seen = collect(queue);
    await until(() => Promise.resolve(seen.length === 3));
  });

  it('refuses a ring soon while Redis is away, and most of them at once', async () => {
    await using queue = await openConnected({ patienceMs: 200 });
    for (const trouble of ['frozen', 'gone']) {
      if (trouble === 'frozen') redis.pause();
      else await redis.stop('SIGKILL');
      const waits: number[] = [];
      for (let ring = 0; ring < 50; ring += 1) {
        const begin = performance.now();
        await expect(queue.add(`award-${ring}`)).rejects.toThrow();
        waits.push(performance.now() - begin);
      }
      // One of them may wait for the machine; all of them together wait for none of BullMQ's own deadlines.
      expect(waits.sort((a, b) => a - b)[25]).toBeLessThan(500);
      expect(waits.at(-1)).toBeLessThan(5_000);
    }
  });

  it('rings again once a frozen Redis answers', async () => {
    await using queue = await openConnected({ patienceMs: 200 });
    const seen = collect(queue);
    await queue.addMany(['before']);
    redis.pause();
    await expect(queue.add('frozen')).rejects.toThrow();
    redis.resume();
    await ringUntilHeard(queue, seen, 'after');
  });

  it('goes on with periodic work while Redis is away, and after it forgot the turns', async () => {
    await using queue = open();
    let turns = 0;
    const stop = queue.every(100, () => Promise.resolve(void (turns += 1)));
    const more = async () => {
      const from = turns;
      await until(() => Promise.resolve(turns >= from + 3));
    };
    await more();
    await redis.command('FLUSHALL');
    await more();
    redis.pause();
    await more();
    redis.resume();
    await redis.stop('SIGKILL');
    await more();
    await redis.start();
    await more();
    await stop();
  });

  it.each(['frozen', 'gone'])('closes within 15 seconds while Redis is %s', async (trouble) => {
    const queue = await openConnected();
    const seen = collect(queue);
    const stop = queue.every(100, () => Promise.resolve());
    await queue.add('before');
    await until(has(seen, 'before'));
    if (trouble === 'frozen') redis.pause();
    else await redis.stop('SIGKILL');

    const begin = performance.now();
    await queue[Symbol.asyncDispose]();
    expect(performance.now() - begin).toBeLessThan(15_000);
    await stop();
  });

  it('works as soon as there is a Redis, although there was none at first', async () => {
    await redis.stop();
    await using queue = open();
    const seen = collect(queue);
    let turns = 0;
    const stop = queue.every(100, () => Promise.resolve(void (turns += 1)));
    await until(() => Promise.resolve(turns >= 3));
    await expect(queue.add('nobody')).rejects.toThrow();

    await redis.start();
    await ringUntilHeard(queue, seen, 'after');
    await stop();
  });

  it('closes at once when there never was a Redis', async () => {
    await redis.stop('SIGKILL');
    const queue = open();
    collect(queue);
    await expect(queue.add('nobody')).rejects.toThrow();
    const begin = performance.now();
    await queue[Symbol.asyncDispose]();
    // It waits for nothing that could come; whatever it waited for would take longer than this.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
