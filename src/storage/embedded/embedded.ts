/**
 * # An embedded document store that speaks MongoDB's wire protocol
 *
 * `startEmbedded({ file })` opens (or makes) one SQLite file and serves it, from a worker thread of this process, on a
 * private unix socket. Connect the ordinary MongoDB driver or Mongoose to the `uri` it gives; a service that is later
 * given a real MongoDB changes nothing but that address.
 *
 * ```ts
 * const store = await startEmbedded({ file: 'data/store.db' });
 * await mongoose.connect(store.uri);
 * // …
 * await mongoose.disconnect();
 * await store.close();
 * ```
 *
 * - **Durable**: WAL with `synchronous=FULL`; a write is answered after its COMMIT. Writes that arrive together share one.
 * - **Several processes** may each start an engine on the same file, on one host and a local disk.
 * - **Indexes** are real: unique, compound, multikey, sparse, partial, TTL. `strict: true` (for tests) refuses a filter
 *   that none of them serves.
 * - **Not there, and refused by name**: multi-document transactions (code 20, as a standalone mongod does), change
 *   streams, collation, text and geo search, views, capped and time-series collections, `$where`, server-side code.
 * - **Ours**: `db.command({ cairnVerifyStore: 1 })` derives every index entry anew and lists what differs;
 *   `db.command({ cairnBackupStore: 1, file })` writes a consistent copy while everything goes on.
 *
 * Layout, from below: `sqlite` · `order`, `match`, `update`, `project`, `aggregate` (the semantics, pure) · `index`,
 * `catalogue`, `bounds`, `planner`, `scan` · `reader`, `rows`, `schema`, `store` · `commands` · `messages`,
 * `write-queue`, `wire` · `worker`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Durability } from './sqlite.ts';
import type { WorkerSettings } from './worker.ts';

export interface EmbeddedOptions {
  /** Where the data is. Its folder is made, for this user only, when it is not there. */
  readonly file: string;
  /** Refuse a filter that no index serves. */
  readonly strict?: boolean;
  /** `full` (default) survives a power cut; `normal` only a killed process, and is faster. */
  readonly durability?: Durability;
  /** How often TTL indexes are applied; default 60 seconds. */
  readonly expireEveryMs?: number;
  /** How long a cursor waits for its next batch; default 10 minutes. */
  readonly cursorIdleMs?: number;
  /** The database that the address names; default `main`. */
  readonly database?: string;
  /** Told of a search that no index serves, and of an engine that died; default `process.emitWarning`. */
  readonly onWarning?: (warning: string) => void;
}

export interface EmbeddedStore {
  readonly uri: string;
  readonly close: () => Promise<void>;
}

/** A socket's path is cut off by the kernel after this many bytes. */
const LONGEST_SOCKET_PATH = 107;

export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const { file, strict = false, durability = 'full', database = 'main' } = options;
  const { expireEveryMs = 60_000, cursorIdleMs = 600_000 } = options;
  const {
    onWarning = (warning: string) => {
      process.emitWarning(warning);
    },
  } = options;
  if (process.platform === 'win32') {
    throw new Error('The embedded store needs unix sockets; set up a MongoDB server on Windows.');
  }
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const folder = makeSocketFolder();
  const removeFolder = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', removeFolder);
  const socketPath = join(folder, 's.sock');
  const settings = { file: path, socketPath, strict, durability, expireEveryMs, cursorIdleMs };
  const engine = await keepRunning(settings, onWarning).catch((error: unknown) => {
    removeFolder();
    throw error;
  });
  return {
    uri: `mongodb://${encodeURIComponent(socketPath)}/${database}?directConnection=true`,
    close: async () => {
      await engine.close();
      process.removeListener('exit', removeFolder);
      removeFolder();
    },
  };
}

/** How long after its death an engine is started again: one that dies at once must not take all of the machine. */
const restartMs = 500;

/**
 * An engine that dies (of a fault of ours, or for want of memory) is started again on the same file and at the same
 * address: what it had answered was committed, and drivers connect anew.
 */
async function keepRunning(settings: WorkerSettings, onWarning: (warning: string) => void) {
  let isClosing = false;
  let waiting: NodeJS.Timeout | undefined;
  let current = await run();

  async function run() {
    rmSync(settings.socketPath, { force: true });
    const worker = startWorker(settings);
    const exited = new Promise<void>((settle) => {
      worker.once('exit', () => {
        settle();
      });
    });
    await ready(worker);
    let reason = 'its thread ended';
    worker.on('error', (error: unknown) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    worker.on('message', ({ warning }: { warning?: string }) => {
      if (warning !== undefined) onWarning(warning);
    });
    void exited.then(() => {
      if (!isClosing) restart(reason);
    });
    return { worker, exited };
  }

  function restart(reason: string): void {
    onWarning(`The embedded store died (${reason}) and is being started again`);
    waiting = setTimeout(() => {
      run().then(
        (started) => {
          current = started;
          if (isClosing) started.worker.postMessage('close');
        },
        (error: unknown) => {
          if (!isClosing) restart(error instanceof Error ? error.message : String(error));
        },
      );
    }, restartMs);
  }

  return {
    close: async () => {
      isClosing = true;
      clearTimeout(waiting);
      current.worker.postMessage('close');
      await current.exited;
    },
  };
}

function makeSocketFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'store-'));
  if (Buffer.byteLength(join(path, 's.sock')) <= LONGEST_SOCKET_PATH) return path;
  rmSync(path, { recursive: true });
  return mkdtempSync('/tmp/store-');
}

/** From sources the thread needs a loader for TypeScript; compiled, it needs none. */
function startWorker(workerData: WorkerSettings): Worker {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(isSource ? './worker-from-source.js' : './worker.js', import.meta.url);
  // Node 22 and 24 warn that node:sqlite is experimental.
  return new Worker(entry, { workerData, execArgv: ['--disable-warning=ExperimentalWarning'] });
}

function ready(worker: Worker): Promise<void> {
  return new Promise((settle, reject) => {
    worker.once('message', () => {
      worker.removeListener('error', reject);
      settle();
    });
    worker.once('error', reject);
  });
}
