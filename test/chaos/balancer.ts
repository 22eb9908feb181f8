import { setTimeout as sleep } from 'node:timers/promises';

/** What a load balancer does: asks every process again and again whether it is ready, and sends requests to those only. */
export function createBalancer(bases: readonly string[], everyMs = 100) {
  const seen = new Map<string, (number | 'refused')[]>(bases.map((base) => [base, []]));
  let isOver = false;
  const watching = Promise.all(bases.map(watch));

  return {
    isUp: (base: string) => seen.get(base)?.at(-1) === 200,
    /** What a process answered, one after the other. */
    answersOf: (base: string) => seen.get(base) ?? [],
    stop: async () => {
      isOver = true;
      await watching;
    },
  };

  async function watch(base: string): Promise<void> {
    while (!isOver) {
      const status = await fetch(`${base}/readyz`, { headers: { connection: 'close' } }).then(
        (answer) => answer.status,
        () => 'refused' as const,
      );
      const answers = seen.get(base);
      if (answers?.at(-1) !== status) answers?.push(status);
      await sleep(everyMs);
    }
  }
}
