import type { Queue } from 'bullmq';
import { withDeadline } from '../shared/deadline.ts';
import type { Log } from '../shared/log.ts';
import { createOpener, createProducer } from './bullmq-producer.ts';
import { keepNothing, startWorker, type StartedWorker } from './bullmq-worker.ts';
import { startLoop } from './loop.ts';
import { createQueueBoard } from './queue-board.ts';
import type { IssuanceQueue, Processor } from './queue.ts';
import { askRedis, createRedisConnections, explainRedis, type RedisConnections } from './redis.ts';

export interface BullmqSettings {
  readonly url: string;
  /** In front of every key, so that several installations can share a Redis. */
  readonly prefix: string;
  readonly concurrency: number;
  /** At most this many a second, all workers together; 0: as fast as they can. */
  readonly perSecond: number;
  /** After this long without work, although some was waiting, a worker is replaced. */
  readonly stuckMs?: number;
  /** How long an approval waits for Redis. */
  readonly patienceMs?: number;
  readonly log: Log;
}

type Parts = Required<BullmqSettings> & { readonly connections: RedisConnections };

/** The queue of any number of processes: BullMQ on Redis. */
export function createBullmqQueue(settings: BullmqSettings): IssuanceQueue {
  const { url, log } = settings;
  const connections = createRedisConnections(url, log);
  const parts = { stuckMs: 60_000, patienceMs: 200, ...settings, connections };
  const issuances = createOpener({ ...parts, name: 'issuances' });
  const periodic = createOpener({ ...parts, name: 'periodic' });
  const producer = createProducer(issuances, parts.patienceMs);
  let worker: StartedWorker | undefined;

  return {
    ...producer,
    process: (processor) => {
      worker = startIssuing(parts, producer.depth, processor);
    },
    every: (ms, work) => takeTurns({ ...parts, open: periodic, ms }, work),
    drained: async () => {
      // A Redis that does not answer for a moment has not said that all is done.
      const isIdle = () => producer.isIdle().catch(() => false);
      while (!(await isIdle())) await new Promise((resume) => setTimeout(resume, 20));
    },
    examine: () => askRedis(url),
    board: async (path) => {
      const queues = await Promise.all([issuances(), periodic()]).catch((error: unknown) => {
        throw explainRedis(error);
      });
      return createQueueBoard(queues, path);
    },
    [Symbol.asyncDispose]: async () => {
      await worker?.close();
      connections.disconnect();
    },
  };
}

function startIssuing(
  { prefix, concurrency, perSecond, connections, log, stuckMs }: Parts,
  countWaiting: () => Promise<number>,
  processor: Processor,
): StartedWorker {
  const limit = perSecond > 0 && { limiter: { max: perSecond, duration: 1_000 } };
  const options = { prefix, concurrency, ...limit };
  return startWorker(
    { name: 'issuances', options, connections, log, stuckMs, countWaiting },
    async (data) => {
      const { award } = data as { award: string };
      try {
        await processor(award);
      } catch (error) {
        log.error({ award, error }, 'issuance could not be processed');
      }
    },
  );
}

/**
 * A job scheduler of BullMQ gives each turn to one of all workers. Every process looks whether the turns come, and
 * takes them itself while they do not: Redis was emptied, or is away.
 */
function takeTurns(
  {
    open,
    ms,
    prefix,
    connections,
    log,
    stuckMs,
  }: Parts & { open: () => Promise<Queue>; ms: number },
  work: () => Promise<void>,
): () => Promise<void> {
  const countWaiting = async () => (await open()).getJobCountByTypes('wait');
  const worker = startWorker(
    { name: 'periodic', options: { prefix }, connections, log, stuckMs, countWaiting },
    work,
  );
  const stop = startLoop({ everyMs: ms, log, what: 'sweep' }, async () => {
    if (!(await withDeadline(isOnTime(), ms).catch(() => false))) await work();
  });
  return async () => {
    await stop();
    await worker.close();
  };

  async function isOnTime(): Promise<boolean> {
    const queue = await open();
    const scheduler = await queue.getJobScheduler('sweep');
    const isRight = scheduler?.every === ms;
    if (isRight && Date.now() < (scheduler.next ?? 0) + 3 * ms) return true;
    await queue.upsertJobScheduler('sweep', { every: ms }, { name: 'sweep', opts: keepNothing });
    return false;
  }
}
