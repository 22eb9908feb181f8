import type { IssuanceQueue } from '../../src/issuance/queue.ts';
import { collect, createQueues, has } from '../support/redis-queues.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { until } from '../support/store.ts';

let redis: RedisServer;
const { open, openConnected } = createQueues(() => redis.url);

/** As the outbox does: rings until it is heard. */
async function ringUntilHeard(queue: IssuanceQueue, seen: readonly string[], award: string) {
  await until(async () => {
    await queue.add(award).catch(() => undefined);
    return seen.includes(award);
  }, 40_000);
}

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

  it('is not taken for drained, nor given up on, while Redis says nothing', async () => {
    await using queue = await openConnected();
    redis.pause();
    let isDrained = false;
    const drained = queue.drained().then(() => void (isDrained = true));
    const silence = async () => {
      // Asked after it, so that the other question had no answer, either.
      await expect(queue.depth()).rejects.toThrow();
      expect(isDrained).toBe(false);
      redis.resume();
    };
    await Promise.all([drained, silence()]);
    expect(isDrained).toBe(true);
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
