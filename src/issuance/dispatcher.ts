import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { IssuanceStore } from '../storage/issuances.ts';
import type { IssuanceQueue } from './queue.ts';

const batch = 500;

export interface Dispatcher extends AsyncDisposable {
  /** One sweep: settles decisions that a crash left half done, and rings for every award that is due. */
  sweep(): Promise<void>;
  /** Sweeps now and every `everyMs` from then on. */
  start(everyMs: number): void;
}

/** Reads the outbox and rings the queue: the reason why no approval is ever lost. */
export function createDispatcher({
  issuances,
  queue,
  settleDue,
  log,
  now,
}: {
  issuances: Pick<IssuanceStore, 'listDue' | 'markQueued'>;
  queue: Pick<IssuanceQueue, 'add'>;
  settleDue: () => Promise<unknown>;
  log: Log;
  now: Clock;
}): Dispatcher {
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let stopped = false;

  return {
    sweep,
    start: (everyMs) => {
      loop(everyMs);
    },
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };

  async function sweep(): Promise<void> {
    await settleDue();
    for (const award of await issuances.listDue(now(), batch)) {
      await issuances.markQueued(award, now());
      await queue.add(award);
    }
  }

  function loop(everyMs: number): void {
    current = sweep()
      .catch((error: unknown) => {
        log.warn({ error }, 'sweep failed; trying again');
      })
      .then(() => {
        if (!stopped)
          timer = setTimeout(() => {
            loop(everyMs);
          }, everyMs);
      });
  }
}
