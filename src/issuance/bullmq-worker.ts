import { Worker, type WorkerOptions } from 'bullmq';
import { withDeadline } from '../shared/deadline.ts';
import type { Log } from '../shared/log.ts';
import { startLoop } from './loop.ts';
import type { RedisConnections } from './redis.ts';

/** How long closing waits for what is under way, and for Redis; somebody else takes up what takes longer. */
const closeMs = { busy: 5_000, idle: 1_000 };
const watchEveryMs = 5_000;

/**
 * A worker that died is missed after `lockDuration`, and its job goes to another at one of the next two checks: 7
 * seconds at most. A job that stalls again and again is the award's to give up on, not the queue's.
 */
const recovery = {
  lockDuration: 5_000,
  stalledInterval: 1_000,
  maxStalledCount: 1_000,
  runRetryDelay: 1_000,
} satisfies Partial<WorkerOptions>;

/** Nothing of a job is kept once it is done: what became of it is in the store. */
export const keepNothing = { removeOnComplete: true, removeOnFail: true } as const;

export interface StartedWorker {
  close(): Promise<void>;
}

interface WorkerSettings {
  readonly name: string;
  readonly options: Omit<WorkerOptions, 'connection'>;
  readonly connections: RedisConnections;
  readonly log: Log;
  /** After this long without work, although some was waiting, the worker is taken for stuck. */
  readonly stuckMs: number;
  readonly countWaiting: () => Promise<number>;
}

/**
 * Works off a queue of BullMQ. Its workers have been seen to stop for good after connections were lost (BullMQ issues
 * 648, 2466, 3185), so one that lets work wait is replaced.
 */
export function startWorker(
  settings: WorkerSettings,
  work: (data: unknown) => Promise<void>,
): StartedWorker {
  const { log, name, stuckMs, connections, countWaiting } = settings;
  let running = 0;
  let lastSign = performance.now();
  let current = open();
  const stopWatching = startLoop(
    { everyMs: watchEveryMs, log, what: 'watching the worker' },
    watch,
  );

  return {
    close: async () => {
      await stopWatching();
      await withDeadline(current.worker.close(), running > 0 ? closeMs.busy : closeMs.idle).catch(
        () => {
          log.warn({ queue: name, running }, 'stopping without waiting any longer');
        },
      );
    },
  };

  function open() {
    const connection = connections.connectPatient();
    const worker = new Worker<unknown>(
      name,
      async ({ data }) => {
        running += 1;
        try {
          await work(data);
        } finally {
          running -= 1;
          lastSign = performance.now();
        }
      },
      { ...settings.options, ...recovery, connection },
    );
    worker.on('failed', (_job, error) => {
      log.warn({ queue: name, error }, 'work from the queue failed');
    });
    worker.on('error', (error) => {
      log.debug({ queue: name, error }, 'the worker met an error of the queue');
    });
    return { worker, connection };
  }

  /** A worker leaves the connection that it was given open. */
  async function abandon({ worker, connection }: typeof current): Promise<void> {
    await withDeadline(worker.close(true), closeMs.idle).catch(() => undefined);
    connection.disconnect();
  }

  async function watch(): Promise<void> {
    const waiting = await countWaiting().catch(() => 0);
    const isQuiet = running === 0 && waiting > 0;
    if (!isQuiet) lastSign = performance.now();
    if (current.worker.isRunning() && performance.now() - lastSign < stuckMs) return;
    log.warn(
      { queue: name, waiting },
      'work is waiting and the worker does nothing; starting another',
    );
    void abandon(current);
    lastSign = performance.now();
    current = open();
  }
}
