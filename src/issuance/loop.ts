import type { Log } from '../shared/log.ts';

/**
 * Does `work` now and again `everyMs` after each end. The answer stops it, after what is under way. Of failures in a row
 * the first is told.
 */
export function startLoop(
  { everyMs, log, what }: { everyMs: number; log: Log; what: string },
  work: () => Promise<unknown>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let isFailing = false;
  let current = turn();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current;
  };

  async function turn(): Promise<void> {
    try {
      await work();
      isFailing = false;
    } catch (error) {
      log[isFailing ? 'debug' : 'warn']({ error }, `${what} failed; trying again`);
      isFailing = true;
    }
    if (stopped) return;
    timer = setTimeout(() => {
      current = turn();
    }, everyMs);
  }
}
