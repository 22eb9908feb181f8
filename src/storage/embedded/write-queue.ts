// Group commit: writes that arrive together share one transaction, hence one fsync. Each runs in a savepoint of its
// own, and none is answered before the COMMIT.
import type { Store } from './store.ts';
import { DbError } from './error.ts';
import { isBusy } from './sqlite.ts';

export interface QueuedWrite<Result> {
  readonly run: () => Result;
  readonly done: (result: Result) => void;
  readonly failed: (error: unknown) => void;
}

export interface WriteQueue {
  /** Nothing waits, so nobody is about to take the write lock. */
  readonly isEmpty: () => boolean;
  readonly add: <Result>(write: QueuedWrite<Result>) => void;
}

const MOST_IN_ONE = 500;
const LOCK_WAIT_MS = 10_000;
/** Short and uneven, so that several processes on one file take turns. */
const RETRY_MS = 4;

type AnyWrite = QueuedWrite<unknown>;

export function createWriteQueue(store: Store): WriteQueue {
  let waiting: AnyWrite[] = [];
  let scheduled = false;
  let busySince: number | undefined;

  const schedule = (afterMs?: number): void => {
    if (scheduled) return;
    scheduled = true;
    const flush = (): void => {
      scheduled = false;
      flushSome();
    };
    if (afterMs === undefined) setImmediate(flush);
    else setTimeout(flush, afterMs);
  };

  const flushSome = (): void => {
    const batch = waiting.slice(0, MOST_IN_ONE);
    const outcome = commitTogether(store, batch);
    if (outcome === 'busy' && !isOverdue()) {
      schedule(1 + Math.random() * RETRY_MS);
      return;
    }
    busySince = undefined;
    waiting = waiting.slice(batch.length);
    if (waiting.length) schedule();
    if (outcome === 'busy') failAll(batch);
    else settle(outcome);
  };

  const isOverdue = (): boolean => {
    busySince ??= Date.now();
    return Date.now() - busySince > LOCK_WAIT_MS;
  };

  return {
    isEmpty: () => !waiting.length,
    add: (write) => {
      waiting.push(write as AnyWrite);
      schedule();
    },
  };
}

const LOCK_TIMEOUT = 24;

function failAll(batch: readonly AnyWrite[]): void {
  const error = new DbError(LOCK_TIMEOUT, 'Another process held the store for too long');
  for (const write of batch) write.failed(error);
}

type Settled = readonly (() => void)[];

function settle(outcome: Settled): void {
  for (const tell of outcome) tell();
}

/** What to tell whom after the commit; or `busy` when another process is writing. */
function commitTogether(store: Store, batch: readonly AnyWrite[]): Settled | 'busy' {
  try {
    return store.write(() => batch.map((write) => runApart(store, write)), 0);
  } catch (error) {
    if (isBusy(error)) return 'busy';
    // The whole transaction is gone: let each try by itself, so that only the guilty one fails.
    return batch.length === 1
      ? batch.map((write) => () => {
          write.failed(error);
        })
      : batch.flatMap((write) => alone(store, write));
  }
}

function alone(store: Store, write: AnyWrite): Settled {
  try {
    return [store.write(() => runApart(store, write))];
  } catch (error) {
    return [
      () => {
        write.failed(error);
      },
    ];
  }
}

/** A refusal takes back this write only. Anything else is not expected, and takes back the transaction. */
function runApart(store: Store, write: AnyWrite): () => void {
  try {
    const result = store.apart(() => write.run());
    return () => {
      write.done(result);
    };
  } catch (error) {
    if (!(error instanceof DbError)) throw error;
    return () => {
      write.failed(error);
    };
  }
}
