import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { makeBadge } from '../../bench/badge.ts';
import type { AwardImportReport } from '../../src/services/awards/award-imports.ts';
import { describeWithRedis } from '../support/redis.ts';
import { quantile, tell } from './figures.ts';
import type { Heap, Member } from './fleet.ts';
import { expectOneOfEach } from './outcome.ts';
import { asSheet, makeSheet } from './sheet.ts';
import { isLong, pick, seed } from './size.ts';
import { approveAll, openWorld, type Issuance, type World } from './world.ts';

// R10: a year of badges out of a spreadsheet, while teachers go on approving one at a time.

const learners = pick(50, 1_000);
const achievements = 10;
const rows = learners * achievements;

describeWithRedis('R10 soak', () => {
  let world: World;

  beforeAll(async () => {
    world = await openWorld({ queue: 'bullmq', seed, traceHeaps: true });
  });
  afterAll(async () => {
    await world.close();
  });

  it(`${rows} awards from a sheet, with two workers`, async () => {
    const noOp = await measureNoOps(world.redis?.url ?? '', pick(2_000, 20_000));
    const signing = await measureSigning(3);
    const sheet = asSheet(await makeSheet(world, { learners, achievements }));
    const single = [...(await world.handIn(pick(20, 300)))];

    const from = performance.now();
    const importing = world.owner.call<AwardImportReport>('POST', '/awards/import', sheet);
    let isOver = false;
    const approving = approveSingly(world, single, () => isOver);
    const report = await importing;
    const imported = performance.now();
    expect(report).toMatchObject({ awarded: rows, failed: 0 });
    await world.settled(rows, 3_600_000);
    const issued = performance.now();
    isOver = true;
    const waits = await approving;

    const issuances = await expectOneOfEach(world, [], {
      earlier: rows + waits.length,
      ...(isLong && { sample: 1_000 }),
    });
    const seconds = (issued - from) / 1_000;
    const p95 = quantile(waits, 0.95);
    tell(
      'R10 soak',
      [
        `${rows} awards from a sheet in ${((imported - from) / 1_000).toFixed(0)} s, all issued after ${seconds.toFixed(0)} s: ${(rows / seconds).toFixed(0)} jobs/s`,
        `beside bare BullMQ ${noOp.toFixed(0)} no-ops/s and bare signing ${signing.toFixed(0)}/s per core`,
        `${waits.length} single approvals meanwhile signed after p50 ${quantile(waits, 0.5).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
      ].join('; '),
    );
    expect(waits.length).toBeGreaterThan(0);
    if (!isLong) return;
    // On a machine that does other things a signature may take longer than its lease.
    expect(issuances.filter(({ attempts }) => attempts > 1)).toEqual([]);
    expect(p95).toBeLessThanOrEqual(2_000);
  });

  if (!isLong) return;
  it(`needs no more memory for ${rows} more than it did for the first`, async () => {
    const first = world.workers.map(({ heaps }) => heaps);
    const sheet = asSheet(await makeSheet(world, { learners, achievements }));
    await world.owner.call('POST', '/awards/import', sheet);
    await world.settled(2 * rows, 3_600_000);

    const drift = world.workers.flatMap(({ heaps }, index) => {
      const before = first[index] ?? [];
      return compareHeaps(before, heaps.slice(before.length));
    });
    const threads = drift.map(
      ({ before, after }) => `${before.toFixed(1)} to ${after.toFixed(1)} MB`,
    );
    const resident = await Promise.all(world.workers.map(measurePeak));
    tell(
      'R10 memory of the workers',
      `in use on each of their threads ${threads.join(', ')}; at most ${resident.join(' and ')} MB resident`,
    );
    expect(drift.length).toBeGreaterThanOrEqual(world.workers.length);
    for (const { before, after } of drift) expect(after / before).toBeLessThan(1.1);
  });
});

/** Jobs that do nothing, put in in bulk and taken out by two workers: what the queue alone can do. */
async function measureNoOps(url: string, count: number): Promise<number> {
  const connection = { url, maxRetriesPerRequest: null };
  const queue = new Queue('no-op', { connection });
  let done = 0;
  const nothing = () => {
    done += 1;
    return Promise.resolve();
  };
  const from = performance.now();
  await queue.addBulk(
    Array.from({ length: count }, () => ({
      name: 'x',
      data: {},
      opts: { removeOnComplete: true },
    })),
  );
  const workers = [0, 1].map(() => new Worker('no-op', nothing, { connection, concurrency: 10 }));
  while (done < count) await sleep(5);
  const rate = count / ((performance.now() - from) / 1_000);
  await Promise.all(workers.map((worker) => worker.close()));
  await queue.close();
  return rate;
}

/** Both forms signed and read back, per second of one core's time. */
async function measureSigning(seconds: number): Promise<number> {
  const { issueIt } = await makeBadge();
  const before = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  let count = 0;
  for (; spent() < seconds; count += 1) await issueIt();
  return count / spent();
}

/** One approval after the other: how long each took, in milliseconds, from the answer to the signature. */
async function approveSingly(
  world: World,
  submissions: readonly string[],
  isOver: () => boolean,
): Promise<readonly number[]> {
  const waits: number[] = [];
  for (const submission of submissions) {
    if (isOver()) break;
    const [approved] = await approveAll(world, [submission]);
    const from = performance.now();
    for (let state = ''; state !== 'issued';) {
      const path = `/issuances/${approved?.issuance ?? ''}`;
      ({ state } = await world.owner.call<Issuance>('GET', path));
      if (state !== 'issued') await sleep(50);
    }
    waits.push(performance.now() - from);
    await sleep(pick(100, 700));
  }
  return waits;
}

/** The most megabytes that it ever had resident. */
async function measurePeak({ pid }: Member): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024);
}

/**
 * What each thread had in use after the last fifth of its collections, before and after. What is resident says little:
 * it goes up and down by a third with each collection.
 */
function compareHeaps(before: readonly Heap[], after: readonly Heap[]) {
  return [...new Set(before.map(({ thread }) => thread))].flatMap((thread) => {
    const [warm, late] = [before, after].map((heaps) =>
      heaps.filter((heap) => heap.thread === thread).map(({ megabytes }) => megabytes),
    );
    if (warm === undefined || late === undefined || late.length < 5) return [];
    return { before: meanOfLast(warm), after: meanOfLast(late) };
  });
}

function meanOfLast(values: readonly number[]): number {
  const last = values.slice(Math.floor(values.length * 0.8));
  return last.reduce((sum, value) => sum + value, 0) / last.length;
}
