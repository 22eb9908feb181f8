import type { Log } from '../shared/log.ts';
import { startLoop } from './loop.ts';
import type { IssuanceQueue, Processor } from './queue.ts';

/** The queue of one process: in memory, in order, the urgent ones first, `concurrency` at a time. */
export function createEmbeddedQueue({
  log,
  concurrency,
}: {
  log: Log;
  concurrency: number;
}): IssuanceQueue {
  const waiting = { normal: new Set<string>(), low: new Set<string>() };
  const running = new Set<string>();
  let processor: Processor | undefined;
  let stopped = false;
  let idle: (() => void)[] = [];

  return {
    add: (award, priority) => addMany([award], priority),
    addMany,
    process: (given) => {
      processor = given;
      startNext();
    },
    every: (everyMs, work) => startLoop({ everyMs, log, what: 'sweep' }, work),
    drained: () => (isQuiet() ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
    depth: () => Promise.resolve(countWaiting()),
    isIdle: () => Promise.resolve(running.size === 0 && countWaiting() === 0),
    examine: () => Promise.resolve([]),
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      waiting.normal.clear();
      waiting.low.clear();
      if (running.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };

  function addMany(
    awards: readonly string[],
    priority: keyof typeof waiting = 'normal',
  ): Promise<void> {
    for (const award of stopped ? [] : awards) {
      if (!waiting.normal.has(award) && !waiting.low.has(award)) waiting[priority].add(award);
    }
    startNext();
    return Promise.resolve();
  }

  function countWaiting(): number {
    return waiting.normal.size + waiting.low.size;
  }

  /** Nothing is under way, and nothing will be before somebody works. */
  function isQuiet(): boolean {
    return running.size === 0 && (countWaiting() === 0 || processor === undefined);
  }

  function startNext(): void {
    startFrom(waiting.normal);
    startFrom(waiting.low);
    if (!isQuiet()) return;
    const resolved = idle;
    idle = [];
    for (const resolve of resolved) resolve();
  }

  function startFrom(line: Set<string>): void {
    // An award that rings while it is being worked on waits: two runs of one award never overlap here.
    for (const award of line) {
      if (processor === undefined || running.size >= concurrency) return;
      if (running.has(award)) continue;
      line.delete(award);
      void run(award, processor);
    }
  }

  async function run(award: string, work: Processor): Promise<void> {
    running.add(award);
    try {
      await work(award);
    } catch (error) {
      log.error({ award, error }, 'issuance could not be processed');
    }
    running.delete(award);
    startNext();
  }
}
