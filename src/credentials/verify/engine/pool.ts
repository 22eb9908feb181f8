import { ServiceError } from '../../../shared/errors.ts';
import type { Log } from '../../../shared/log.ts';
import type { EngineLimits } from './limits.ts';
import type { TaskName, Tasks } from './messages.ts';
import { broken, createRun, outOfTime, type Run } from './run.ts';
import { startThread, type Thread } from './thread.ts';

/** In how many threads a run may begin when others brought down the ones before. */
const maxStarts = 3;

/** Threads, and the runs that wait for one. Threads start when they are needed, and end when they are not. */
export function createPool(
  limits: EngineLimits,
  log: Log | undefined,
  startOne: (...how: Parameters<typeof startThread>) => Thread = startThread,
) {
  const threads = new Set<Thread>();
  const queue: Run[] = [];
  let isClosed = false;
  let count = 0;

  return {
    perform,
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      sendAway();
      await Promise.all([...threads].map((thread) => thread.end()));
    },
  };

  /** @throws Problem when it could not be finished, ServiceError (503) when too many wait */
  function perform<Name extends TaskName>(
    task: Name,
    input: Tasks[Name]['input'],
    outside: Tasks[Name]['outside'],
  ): Promise<Tasks[Name]['result']> {
    if (isClosed || queue.length >= limits.queue) return Promise.reject(busy());
    count += 1;
    const id = count;
    return new Promise((resolve, reject) => {
      const run = createRun({ id, task, input }, outside, {
        succeed: (result) => {
          clearTimeout(deadline);
          resolve(result as Tasks[Name]['result']);
        },
        fail: (error) => {
          clearTimeout(deadline);
          reject(error);
        },
      });
      const deadline = setTimeout(() => {
        giveUp(run);
      }, limits.deadlineMs);
      queue.push(run);
      dispatch();
    });
  }

  function dispatch(): void {
    for (const thread of threads) {
      if (!thread.isFree()) continue;
      const run = queue.shift();
      if (run === undefined) return;
      thread.begin(run);
    }
    const all = [...threads];
    if (queue.length > 0 && all.length < limits.threads && all.every((one) => one.isReady()))
      start();
  }

  function start(): void {
    const thread = startOne(limits, {
      onRoom: dispatch,
      onEnd: ({ orphans, how }) => {
        threads.delete(thread);
        takeBack(orphans);
        if (isClosed) return;
        if (how === 'never ready') {
          log?.error({ event: 'verification.no-thread' }, 'no thread could be started');
          sendAway();
        }
        // Whoever comes next should not have to wait for a new one.
        if (how === 'in the middle of a run') start();
        dispatch();
      },
    });
    threads.add(thread);
  }

  function sendAway(): void {
    for (const run of queue.splice(0)) run.fail(busy());
  }

  function takeBack(orphans: readonly Run[]): void {
    for (const run of orphans) {
      if (isClosed) run.fail(busy());
      else if (run.starts >= maxStarts) run.fail(broken());
      else queue.unshift(run);
    }
  }

  function giveUp(run: Run): void {
    const place = queue.indexOf(run);
    if (place >= 0) {
      queue.splice(place, 1);
      run.fail(busy());
      return;
    }
    run.fail(outOfTime());
    for (const thread of threads) thread.giveUp(run);
  }
}

function busy(): ServiceError {
  return new ServiceError(
    'unavailable',
    'verify.busy',
    'Too many credentials are being looked at right now. Try again in a moment.',
  );
}
