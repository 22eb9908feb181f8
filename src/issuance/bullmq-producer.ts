import { Queue } from 'bullmq';
import type { Priority } from '../domain/awards.ts';
import { withDeadline } from '../shared/deadline.ts';
import { ServiceError } from '../shared/errors.ts';
import { keepNothing } from './bullmq-worker.ts';
import type { RedisConnections } from './redis.ts';

/** After an approval waited for Redis in vain, others do not for a while. */
const restMs = 1_000;
/** Everybody else, who has time but must not hang on Redis. */
const openMs = 2_000;
/** So many go in one command, which a Redis that is busy still answers in time. */
const bulk = 250;
/** BullMQ takes jobs without a priority first, then those with the lowest number. */
const priorities = { normal: {}, low: { priority: 10 } };

interface Place {
  readonly name: string;
  /** In front of every key. */
  readonly prefix: string;
  readonly connections: RedisConnections;
}

/** The queue as producers see it; connected when it is first needed: commands that ring for nobody do without. */
export function createOpener({ name, prefix, connections }: Place): () => Promise<Queue> {
  let opened: Promise<Queue> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return withDeadline(opened, openMs);
  };

  async function open(): Promise<Queue> {
    const connection = connections.connectImpatient();
    const queue = new Queue(name, {
      connection,
      prefix,
      defaultJobOptions: keepNothing,
      streams: { events: { maxLen: 100 } },
    });
    // Whoever asked is told; the connection tells the log.
    queue.on('error', () => undefined);
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      connection.disconnect();
      throw error;
    }
  }
}

/** Rings for awards. */
export function createProducer(open: () => Promise<Queue>, patienceMs: number) {
  let restUntil = 0;

  return { add, addMany, depth, isIdle };

  async function add(award: string, priority?: Priority): Promise<void> {
    if (performance.now() < restUntil) throw notNow();
    try {
      await withDeadline(addJobs([award], priority), patienceMs);
    } catch (error) {
      restUntil = performance.now() + restMs;
      throw error;
    }
  }

  async function addMany(awards: readonly string[], priority?: Priority): Promise<void> {
    for (let at = 0; at < awards.length; at += bulk) {
      await addJobs(awards.slice(at, at + bulk), priority);
    }
  }

  async function addJobs(awards: readonly string[], priority: Priority = 'normal'): Promise<void> {
    const queue = await open();
    await queue.addBulk(
      awards.map((award) => ({
        name: 'issue',
        data: { award },
        opts: {
          // One waits at most; who rings while it is being worked on is heard afterwards.
          deduplication: { id: award, keepLastIfActive: true },
          ...priorities[priority],
        },
      })),
    );
  }

  async function depth(): Promise<number> {
    const queue = await open();
    return queue.getJobCountByTypes('wait', 'prioritized');
  }

  async function isIdle(): Promise<boolean> {
    const queue = await open();
    return (await queue.getJobCountByTypes('wait', 'prioritized', 'active')) === 0;
  }
}

function notNow(): ServiceError {
  const text =
    'Redis (REDIS_URL) did not answer a moment ago; the award is rung again from the store.';
  return new ServiceError('unavailable', 'queue.unreachable', text);
}
