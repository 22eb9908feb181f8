import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../src/shared/faults.ts';
import { tell } from './figures.ts';
import { recoveryOf, expectOneOfEach } from './outcome.ts';
import { describeOnEachQueue, type Queue } from './queues.ts';
import { minutes, seed } from './size.ts';
import { inParallel, openWorld, type World } from './world.ts';

// R18: whatever may happen to processes and to Redis, in an order that the seed decides, while approvals go on.

type Happening = (world: World, random: () => number) => Promise<unknown>;

const member = (world: World, random: () => number) => {
  const all = [...world.webs, ...world.workers];
  return all[Math.floor(random() * all.length)];
};

const happenings: Readonly<Record<string, Happening>> = {
  'kill -9': async (world, random) => {
    const one = member(world, random);
    one?.send('SIGKILL');
    await one?.ready();
  },
  'stands still': async (world, random) => {
    const one = member(world, random);
    one?.send('SIGSTOP');
    await sleep(1_000 + random() * 7_000);
    one?.send('SIGCONT');
  },
  'orderly restart of all': async (world) => {
    await world.setFaults();
  },
  'all with faults': async (world) => {
    await world.setFaults({
      web: 'award.prepared:0.05,award.written:0.05',
      worker: 'issuance.signed:0.02,issuance.stored:0.02,issuance.logged:0.02',
    });
  },
};

const redisHappenings: Readonly<Record<string, Happening>> = {
  FLUSHALL: ({ redis }) => redis?.command('FLUSHALL') ?? Promise.resolve(),
  'Redis killed': async ({ redis }, random) => {
    await redis?.stop('SIGKILL');
    await sleep(random() * 4_000);
    await redis?.start();
  },
  'Redis stands still': async ({ redis }, random) => {
    redis?.pause();
    await sleep(random() * 4_000);
    redis?.resume();
  },
};

const choose = (queue: Queue) => [
  ...Object.entries(happenings),
  ...(queue === 'bullmq' ? Object.entries(redisHappenings) : []),
];

describeOnEachQueue((queue) => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ queue, webs: 2, seed });
  });
  afterAll(async () => {
    await world.close();
  });

  it(`R18 restarts in random order for ${minutes} min, seed ${seed}`, async () => {
    const random = createRandom(seed);
    const end = Date.now() + minutes * 60_000;
    const happened = new Map<string, number>();
    const disturbing = (async () => {
      const all = choose(queue);
      while (Date.now() < end) {
        const [name, happen] = all[Math.floor(random() * all.length)] ?? ['', undefined];
        happened.set(name, (happened.get(name) ?? 0) + 1);
        await happen?.(world, random);
        await sleep(random() * 2_000);
      }
    })();
    const approved = await approveUntil(world, end);
    await disturbing;
    await world.setFaults();
    const issuances = await expectOneOfEach(world, approved);
    const { count, worst } = recoveryOf(issuances);
    const told = [...happened].map(([name, times]) => `${name} ${times}`).join(', ');
    tell(
      `R18 ${queue}`,
      `${approved.length} approvals in ${minutes} min during: ${told}; ${world.fleet.kills()} kills; ${count} taken over, at most ${worst.toFixed(1)} s; 0 lost, 0 double`,
    );
  });
});

/** Hands in and approves without a pause; handing in is tried again as well. */
async function approveUntil(world: World, end: number) {
  const client = world.client();
  const approved: Awaited<ReturnType<typeof client.approve>>[] = [];
  await inParallel(6, [...Array(6).keys()], async () => {
    while (Date.now() < end) {
      const [submission] = await world.handIn(1).catch(() => []);
      if (submission === undefined) await sleep(200);
      else approved.push(await client.approve(submission, world.school.approval));
    }
  });
  return approved;
}
