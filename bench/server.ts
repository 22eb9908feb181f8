import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createApi, type Api } from '../test/support/api.ts';
import { adminKey, findFreePort, makeDataDir } from '../test/support/process.ts';
import { startFlags } from '../test/support/start-flags.ts';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const deadlineMs = 60_000;

export interface Server {
  readonly base: string;
  /** As the owner of the school. */
  readonly owner: Api;
  /** From the start of the process to the first 200 of `/readyz`. */
  readonly readyMs: number;
  /** Resident megabytes; undefined where the system does not tell. */
  readonly memory: () => Promise<number | undefined>;
  readonly stop: () => Promise<void>;
}

/** The built server with its defaults, as a process of its own. */
export async function startServer(dataDir: string): Promise<Server> {
  const port = await findFreePort();
  const base = `http://localhost:${port}`;
  const start = performance.now();
  const child = spawn(process.execPath, [...startFlags, main], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      PORT: port,
      CAIRN_DATA_DIR: dataDir,
      CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
    },
  });
  await untilReady(child, base);
  return {
    base,
    owner: createApi(base, adminKey),
    readyMs: performance.now() - start,
    memory: () => residentMegabytes(child.pid),
    stop: () => stop(child),
  };
}

/** With a fresh data folder, which goes with it. */
export async function withServer<T>(work: (server: Server) => Promise<T>): Promise<T> {
  const dataDir = await makeDataDir();
  const server = await startServer(dataDir.path);
  try {
    return await work(server);
  } finally {
    await server.stop();
    await dataDir.remove();
  }
}

async function untilReady(child: ChildProcess, base: string): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await isReady(base))) {
    if (child.exitCode !== null) throw new Error('the server did not start');
    if (performance.now() > end) throw new Error('the server did not get ready');
    await sleep(10);
  }
}

function isReady(base: string): Promise<boolean> {
  return fetch(`${base}/readyz`).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

async function residentMegabytes(pid = 0): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1_024;
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
