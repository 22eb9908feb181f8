import type { Settings } from '../config/settings.ts';
import type { Priority } from '../domain/awards.ts';
import { createBullmqQueue } from '../issuance/bullmq-queue.ts';
import { createEmbeddedQueue } from '../issuance/embedded-queue.ts';
import type { IssuanceQueue } from '../issuance/queue.ts';
import type { Log } from '../shared/log.ts';

/** The queue that the settings ask for. */
export function openQueue(settings: Settings, log: Log): IssuanceQueue {
  const { redisUrl, redisPrefix, workerConcurrency, workerRate } = settings;
  if (redisUrl === undefined) return createEmbeddedQueue({ log, concurrency: workerConcurrency });
  return createBullmqQueue({
    url: redisUrl,
    prefix: redisPrefix,
    concurrency: workerConcurrency,
    perSecond: workerRate,
    log,
  });
}

/**
 * Rings for awards. Where the queue is the worker's own, a process without one rings for nobody: the worker finds the
 * awards by itself.
 */
export function createBell({ redisUrl, roles }: Settings, queue: IssuanceQueue) {
  const isHeard = redisUrl !== undefined || roles.includes('worker');
  return {
    wake: async (award: string, priority?: Priority) => {
      if (isHeard) await queue.add(award, priority);
    },
    wakeMany: async (awards: readonly string[], priority: Priority = 'low') => {
      if (isHeard) await queue.addMany(awards, priority);
    },
  };
}
