import { createBullmqQueue } from '../../src/issuance/bullmq-queue.ts';
import type { IssuanceQueue } from '../../src/issuance/queue.ts';
import { newId } from '../../src/shared/ids.ts';
import { silentLog } from './log.ts';
import { until } from './store.ts';

interface Options {
  readonly patienceMs?: number;
  readonly prefix?: string;
  readonly stuckMs?: number;
  readonly perSecond?: number;
}

/** Queues on the Redis of this moment. */
export function createQueues(findUrl: () => string) {
  return { open, openConnected };

  function open({ prefix = `test-${newId()}`, perSecond = 0, ...options }: Options = {}) {
    return createBullmqQueue({
      url: findUrl(),
      prefix,
      concurrency: 2,
      perSecond,
      patienceMs: 10_000,
      log: silentLog,
      ...options,
    });
  }

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
}

/** Works on everything and remembers it. */
export function collect(queue: IssuanceQueue, whenSeen = () => Promise.resolve()): string[] {
  const seen: string[] = [];
  queue.process((award) => {
    seen.push(award);
    return whenSeen();
  });
  return seen;
}

export const has = (seen: readonly string[], award: string) => () =>
  Promise.resolve(seen.includes(award));
