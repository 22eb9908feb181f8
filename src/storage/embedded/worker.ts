// The thread in which the engine runs: SQLite and its fsyncs never hold up the application's event loop.
import { parentPort, workerData } from 'node:worker_threads';
import { createCursors } from './cursors.ts';
import type { Durability } from './sqlite.ts';
import { openStore } from './store.ts';
import { createWireServer } from './wire.ts';

export interface WorkerSettings {
  readonly file: string;
  readonly socketPath: string;
  readonly strict: boolean;
  readonly durability: Durability;
  readonly expireEveryMs: number;
  readonly cursorIdleMs: number;
}

const settings = workerData as WorkerSettings;
const warn = (warning: string): void => {
  parentPort?.postMessage({ warning });
};
const store = await openStore({ ...settings, onWarning: warn });
const cursors = createCursors({ idleMs: settings.cursorIdleMs, now: () => Date.now() });
const server = createWireServer({ store, cursors });
await server.listen(settings.socketPath);

const sweeps = [
  setInterval(cursors.sweep, settings.cursorIdleMs / 4),
  setInterval(sweepExpired, settings.expireEveryMs),
];

/** A sweep that finds the file locked is made up for by the next one. */
function sweepExpired(): void {
  try {
    store.expire(new Date());
  } catch (error) {
    warn(error instanceof Error ? error.message : String(error));
  }
}

parentPort?.once('message', () => {
  sweeps.forEach(clearInterval);
  void server.close().then(() => {
    store.close();
    parentPort?.close();
  });
});
parentPort?.postMessage({ ready: true });
