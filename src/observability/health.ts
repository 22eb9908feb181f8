import { Router } from 'express';
import { withDeadline } from '../shared/deadline.ts';

/** One thing that must work before this process takes requests; rejects when it does not. */
export type ReadinessCheck = () => Promise<unknown>;

export interface Health {
  readonly router: Router;
  isReady(): Promise<boolean>;
  /** From now on `/readyz` answers 503, so that a load balancer looks elsewhere. */
  stop(): void;
}

const freshMs = 1_000;

/** `/livez`: the process runs. `/readyz`: everything it needs works, each named. */
export function createHealth(checks: Readonly<Record<string, ReadinessCheck>>): Health {
  let stopping = false;
  let last: { readonly at: number; readonly results: Promise<Record<string, string>> } | undefined;
  const router = Router();

  router.get('/livez', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const { ready, results } = await look();
    response
      .set('Cache-Control', 'no-store')
      .status(ready ? 200 : 503)
      .json({ status: stopping ? 'stopping' : ready ? 'ok' : 'not ready', checks: results });
  });

  return {
    router,
    isReady: async () => (await look()).ready,
    stop: () => {
      stopping = true;
    },
  };

  async function look() {
    // Strangers may ask as often as they like: the work is done once a second.
    if (last === undefined || performance.now() - last.at > freshMs) {
      last = { at: performance.now(), results: runChecks(checks) };
    }
    const results = await last.results;
    const ready = !stopping && Object.values(results).every((result) => result === 'ok');
    return { ready, results };
  }
}

async function runChecks(
  checks: Readonly<Record<string, ReadinessCheck>>,
): Promise<Record<string, string>> {
  const entries = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withDeadline(check(), 2_000);
        return [name, 'ok'] as const;
      } catch {
        return [name, 'failed'] as const;
      }
    }),
  );
  return Object.fromEntries(entries);
}
