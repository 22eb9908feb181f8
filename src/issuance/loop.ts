import type { Log } from '../shared/log.ts';

/** Does `work` now and again `everyMs` after each end. The answer stops it, after what is under way. */
export function startLoop(
  { everyMs, log, what }: { everyMs: number; log: Log; what: string },
  work: () => Promise<unknown>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let current = turn();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await current;
  };

  async function turn(): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.warn({ error }, `${what} failed; trying again`);
    }
    if (stopped) return;
    timer = setTimeout(() => {
      current = turn();
    }, everyMs);
  }
}
