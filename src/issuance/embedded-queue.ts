import type { Log } from '../shared/log.ts';
import type { IssuanceQueue, Processor } from './queue.ts';

/** The queue of one process: in memory, in order, `concurrency` at a time. */
export function createEmbeddedQueue({
  log,
  concurrency = 4,
}: {
  log: Log;
  concurrency?: number;
}): IssuanceQueue {
  const waiting = new Set<string>();
  const running = new Set<string>();
  let processor: Processor | undefined;
  let stopped = false;
  let idle: (() => void)[] = [];

  return {
    add: (award) => {
      if (!stopped) waiting.add(award);
      startNext();
      return Promise.resolve();
    },
    process: (given) => {
      processor = given;
      startNext();
    },
    drained: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => idle.push(resolve))),
    depth: () => Promise.resolve(waiting.size),
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      waiting.clear();
      if (running.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };

  function isIdle(): boolean {
    return running.size === 0 && (waiting.size === 0 || processor === undefined);
  }

  function startNext(): void {
    // An award that rings while it is being worked on waits: two runs of one award never overlap here.
    for (const award of waiting) {
      if (processor === undefined || running.size >= concurrency) break;
      if (!running.has(award)) void run(award, processor);
    }
    if (!isIdle()) return;
    const resolved = idle;
    idle = [];
    for (const resolve of resolved) resolve();
  }

  async function run(award: string, work: Processor): Promise<void> {
    waiting.delete(award);
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
