import type { FromWorker, ToWorker } from '../../src/credentials/verify/engine/messages.ts';
import type { SpawnedWorker } from '../../src/credentials/verify/engine/thread.ts';

/** A worker that is played by the test. */
export function openWorker() {
  const heard: ToWorker[] = [];
  const log: string[] = [];
  const handlers = new Map<string, (value?: unknown) => void>();
  const played = {
    active: 0,
    refusing: false,
    performance: { eventLoopUtilization: () => ({ active: played.active }) },
    on: (name: string, handler: (value?: unknown) => void) => handlers.set(name, handler),
    postMessage: (message: ToWorker) => {
      if (played.refusing) throw new Error('It cannot be cloned.');
      heard.push(message);
    },
    ref: () => log.push('ref'),
    unref: () => log.push('unref'),
    terminate: () => {
      log.push('terminate');
      return Promise.resolve(0);
    },
  };
  return {
    played,
    heard,
    log,
    worker: played as unknown as SpawnedWorker,
    happen: (name: string, value?: unknown) => handlers.get(name)?.(value),
    say: (message: FromWorker) => handlers.get('message')?.(message),
  };
}

/** What the worker says of a run that has ended. */
export const done = (run: number, value: unknown): FromWorker => ({
  type: 'done',
  run,
  settled: { value },
});

/** What the worker asks of those outside. */
export const ask = (run: number, question: number, ...values: unknown[]): FromWorker => ({
  type: 'ask',
  run,
  question,
  name: 'fetch',
  values,
});
