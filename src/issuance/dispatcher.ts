import type { Priority } from '../domain/awards.ts';
import type { Clock } from '../shared/clock.ts';
import type { Log } from '../shared/log.ts';
import type { DueAward, IssuanceStore } from '../storage/issuances.ts';
import type { IssuanceQueue } from './queue.ts';

const batch = 500;

export interface Dispatcher extends AsyncDisposable {
  /** One sweep: settles decisions that a crash left half done, and rings for every award that is due. */
  sweep(): Promise<void>;
  /** Sweeps now and every `everyMs` from then on, here or in another process. */
  start(everyMs: number): void;
}

/** Reads the outbox and rings the queue: the reason why no approval is ever lost. */
export function createDispatcher({
  issuances,
  queue,
  settle,
  log,
  now,
}: {
  issuances: Pick<IssuanceStore, 'listDue' | 'listLost' | 'markQueued'>;
  queue: Pick<IssuanceQueue, 'addMany' | 'isIdle' | 'every'>;
  /** What a crash may have left half done, by name: each finishes its own. */
  settle: Readonly<Record<string, () => Promise<unknown>>>;
  log: Log;
  now: Clock;
}): Dispatcher {
  let current: Promise<void> | undefined;
  let stop: () => Promise<void> = () => Promise.resolve();

  return {
    sweep,
    start: (everyMs) => {
      stop = queue.every(everyMs, sweep);
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };

  /** One at a time in this process; who asks meanwhile is told of the one under way. */
  function sweep(): Promise<void> {
    current ??= sweepOnce().finally(() => {
      current = undefined;
    });
    return current;
  }

  async function sweepOnce(): Promise<void> {
    for (const [what, finish] of Object.entries(settle)) await attempt(what, finish);
    await ringAll(issuances.listDue);
    if (await queue.isIdle()) await ringAll(issuances.listLost);
  }

  /** What cannot be settled keeps nobody else from their credential. */
  async function attempt(what: string, finish: () => Promise<unknown>): Promise<void> {
    try {
      await finish();
    } catch (error) {
      log.error(
        { event: 'outbox.settlement-failed', module: what, error },
        'not settled; trying again',
      );
    }
  }

  async function ringAll(list: IssuanceStore['listDue']): Promise<void> {
    for (;;) {
      const found = await list(now(), batch);
      await ring(found, 'normal');
      await ring(found, 'low');
      // Rung first: should the queue not answer, they stay due. Those that are being signed stay due anyhow.
      const marked = await issuances.markQueued(
        found.map(({ id }) => id),
        now(),
      );
      if (found.length < batch || marked === 0) return;
    }
  }

  async function ring(found: readonly DueAward[], wanted: Priority): Promise<void> {
    const awards = found.filter(({ priority }) => priority === wanted).map(({ id }) => id);
    if (awards.length > 0) await queue.addMany(awards, wanted);
  }
}
