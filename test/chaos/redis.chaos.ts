import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/shared/faults.ts';
import { describeWithRedis, type RedisServer } from '../support/redis.ts';
import { quantile, tell } from './figures.ts';
import { expectOneOfEach } from './outcome.ts';
import { isLong, pick, seed } from './size.ts';
import { approveAll, openWorld, type World } from './world.ts';

// R03: whatever happens to Redis, approvals are answered as ever and every one becomes its credential.

const count = pick(60, 500);
const downMs = pick(10_000, 60_000);

describeWithRedis('R03 Redis', () => {
  const random = createRandom(seed);
  let world: World;
  let redis: RedisServer;
  let total = 0;

  beforeAll(async () => {
    world = await openWorld({ queue: 'bullmq', webs: 2, seed, redis: { aof: false } });
    if (world.redis === undefined) throw new Error('there is no Redis');
    redis = world.redis;
  });
  afterAll(async () => {
    await world.close();
  });

  async function approveWhile(what: string, disturb: (isOver: () => boolean) => Promise<void>) {
    const submissions = await world.handIn(count);
    let isOver = false;
    const disturbing = disturb(() => isOver);
    const approved = await approveAll(world, submissions);
    isOver = true;
    await disturbing;
    const from = performance.now();
    await expectOneOfEach(world, approved, { earlier: total });
    total += count;
    const p99 = quantile(
      approved.map(({ ms }) => ms),
      0.99,
    );
    const refused = approved.filter(({ isDropped }) => isDropped).length;
    const seconds = ((performance.now() - from) / 1_000).toFixed(1);
    tell(
      `R03 ${what}`,
      `${count} approvals, ${refused} of them not answered with 201 at once, p99 ${p99.toFixed(0)} ms; all issued and looked at ${seconds} s later; 0 lost, 0 double`,
    );
    expect(refused).toBe(0);
    return p99;
  }

  it('is emptied again and again', async () => {
    await approveWhile('FLUSHALL', async (isOver) => {
      while (!isOver()) {
        await redis.command('FLUSHALL');
        await sleep(100 + random() * 400);
      }
    });
  });

  it('is killed without persistence and comes back empty', async () => {
    await approveWhile('killed without persistence', async (isOver) => {
      while (!isOver()) {
        await sleep(500 + random() * 500);
        await redis.stop('SIGKILL');
        await sleep(500);
        await redis.start();
      }
    });
  });

  it(`is away for ${downMs / 1_000} s`, async () => {
    await redis.stop('SIGKILL');
    const back = sleep(downMs).then(() => redis.start());
    const p99 = await approveWhile(`away for ${downMs / 1_000} s`, () => Promise.resolve());
    await back;
    if (isLong) expect(p99).toBeLessThan(500);
  });

  it(`stands still for ${downMs / 1_000} s`, async () => {
    redis.pause();
    const back = sleep(downMs).then(() => {
      redis.resume();
    });
    const p99 = await approveWhile(`still for ${downMs / 1_000} s`, () => Promise.resolve());
    await back;
    if (isLong) expect(p99).toBeLessThan(500);
  });
});
