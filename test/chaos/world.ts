import { createApi, type Api } from '../support/api.ts';
import { adminKey, findFreePort, makeDataDir, run } from '../support/process.ts';
import { startRedis, type RedisOptions } from '../support/redis.ts';
import { openRemoteSchool } from '../support/remote-school.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Approved } from './client.ts';
import { createFleet, type Member } from './fleet.ts';

interface Invariants {
  readonly ok: boolean;
  readonly seconds: number;
  readonly invariants: readonly {
    readonly id: string;
    readonly counts: Readonly<Record<string, number>>;
    readonly faults: readonly string[];
  }[];
}

export interface Issuance {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly requestedAt: string;
  readonly issuedAt?: string;
  readonly credential?: string;
  readonly error?: { readonly code: string };
}

export interface WorldOptions {
  readonly queue: 'embedded' | 'bullmq';
  readonly webs?: number;
  readonly workers?: number;
  readonly seed: number;
  readonly redis?: RedisOptions;
  /** Has the processes tell how much memory they still need after each collection. */
  readonly traceHeaps?: boolean;
}

export type World = Awaited<ReturnType<typeof openWorld>>;

/** A school on real processes that share a store and, with BullMQ, a Redis of their own. */
export async function openWorld({
  queue,
  webs = 1,
  workers = 2,
  seed,
  redis: wish,
  ...watched
}: WorldOptions) {
  const data = await makeDataDir();
  const redis = queue === 'bullmq' ? await startRedis(wish) : undefined;
  const ports = await Promise.all(Array.from({ length: webs }, findFreePort));
  const bases = ports.map((port) => `http://127.0.0.1:${port}`);
  const env = {
    CAIRN_DATA_DIR: data.path,
    CAIRN_URL: `http://localhost:${ports[0] ?? ''}`,
    CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
    CAIRN_LOG_LEVEL: 'info',
    CAIRN_STOP_NOTICE: '2',
    ...(redis && { REDIS_URL: redis.url }),
  };
  const fleet = createFleet({ env, seed, ...watched });

  const startWeb = (index: number, own: { FAULT?: string; CAIRN_STOP_NOTICE?: string } = {}) =>
    fleet.start(`web-${index + 1}`, { CAIRN_ROLES: 'web', PORT: ports[index] ?? '', ...own });
  const startWorker = (index: number, FAULT = '') =>
    fleet.start(`worker-${index + 1}`, { CAIRN_ROLES: 'worker', FAULT });

  // One after the other: the first makes the store, the key and the school.
  const webMembers: Member[] = [];
  for (let index = 0; index < webs; index += 1) webMembers.push(await startWeb(index));
  const workerMembers: Member[] = [];
  for (let index = 0; index < workers; index += 1) workerMembers.push(await startWorker(index));

  const owner = createApi(bases[0] ?? '', adminKey);
  const school = await openRemoteSchool(bases[0] ?? '');

  return {
    data,
    bases,
    env,
    redis,
    fleet,
    owner,
    school,
    webs: webMembers,
    workers: workerMembers,
    client: (isUp?: (base: string) => boolean) => createClient(bases, school.teacherKey, isUp),
    handIn,
    setFaults,
    settled,
    checkInvariants,
    listCredentials: () => listAll<{ id: string; award: string }>(owner, '/credentials'),
    close: async () => {
      await fleet.stop();
      await redis?.[Symbol.asyncDispose]();
      await data.remove();
    },
  };

  /** Waits until so many awards are issued or failed, and none is on its way. */
  async function settled(awards: number, deadlineMs = 300_000): Promise<readonly Issuance[]> {
    const end = Date.now() + deadlineMs;
    for (;;) {
      if (await isSettled(owner)) {
        const all = await listAll<Issuance>(owner, '/issuances').catch(() => []);
        if (all.length >= awards) return all;
      }
      if (Date.now() > end) throw new Error(`not all of ${awards} awards were settled in time`);
      // Seldom, so that asking does not slow down what is asked about.
      await sleep(500);
    }
  }

  /** So many new learners hand in. */
  async function handIn(count: number): Promise<readonly string[]> {
    const names = Array.from({ length: count }, (_, index) => `Learner ${index + 1}`);
    const submissions: string[] = [];
    await inParallel(8, names, async (name) => {
      submissions.push(await unlessBusy(() => school.handIn(name)));
    });
    return submissions;
  }

  /** Starts everybody anew with these faults, or with none. */
  async function setFaults({
    web = '',
    worker,
    noticeSeconds = 2,
  }: {
    readonly web?: string;
    readonly worker?: string;
    /** How long web processes that are told to end say so before they do. */
    readonly noticeSeconds?: number;
  } = {}) {
    await Promise.all([...webMembers, ...workerMembers].map((member) => member.stop()));
    const started = await Promise.all([
      ...webMembers.map((_, index) =>
        startWeb(index, { FAULT: web, CAIRN_STOP_NOTICE: String(noticeSeconds) }),
      ),
      ...workerMembers.map((_, index) => startWorker(index, worker)),
    ]);
    webMembers.splice(0, webs, ...started.slice(0, webs));
    workerMembers.splice(0, workers, ...started.slice(webs));
  }

  /** `cairn doctor --invariants`, as a process of its own. */
  async function checkInvariants(sample?: number) {
    const args = ['--json', 'doctor', '--invariants'];
    const { stdout, stderr } = await run(
      'dist/cli.js',
      sample === undefined ? args : [...args, '--sample', String(sample)],
      { ...env, CAIRN_LOG_LEVEL: 'error' },
    );
    if (stdout === '') throw new Error(`doctor said nothing: ${stderr}`);
    const found = JSON.parse(stdout) as Invariants;
    const faults = found.invariants.flatMap(({ id, faults }) =>
      faults.map((one) => `${id} ${one}`),
    );
    const counts = Object.fromEntries(found.invariants.map((one) => [one.id, one.counts] as const));
    return { faults, counts, seconds: found.seconds };
  }
}

/** Does the work for all of them, so many at a time. */
export async function inParallel<T>(
  width: number,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = [...all].reverse();
  const next = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await work(one);
  };
  await Promise.all(Array.from({ length: width }, next));
}

export async function approveAll(
  world: World,
  submissions: readonly string[],
  {
    width = 8,
    client = world.client(),
  }: { width?: number; client?: ReturnType<World['client']> } = {},
): Promise<readonly Approved[]> {
  const approved: Approved[] = [];
  await inParallel(width, submissions, async (submission) => {
    approved.push(await client.approve(submission, world.school.approval));
  });
  return approved;
}

/** Does it again as long as a store that is too busy to answer in time says so. */
async function unlessBusy<T>(work: () => Promise<T>): Promise<T> {
  const end = Date.now() + 120_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end || !String(error).includes('store.unavailable')) throw error;
      await sleep(200);
    }
  }
}

/** Nothing waits for anything any more; a web process that is just being started again says nothing. */
async function isSettled(owner: Api): Promise<boolean> {
  for (const state of ['requested', 'queued', 'signing']) {
    const path = `/issuances?state=${state}&limit=1`;
    const found = await owner.call<{ items: unknown[] }>('GET', path).catch(() => undefined);
    if (found?.items.length !== 0) return false;
  }
  return true;
}

async function listAll<T>(owner: Api, path: string): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const after = cursor === undefined ? '' : `&cursor=${cursor}`;
    const page = await owner.call<{ items: T[]; next?: string }>(
      'GET',
      `${path}?limit=200${after}`,
    );
    all.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return all;
}
