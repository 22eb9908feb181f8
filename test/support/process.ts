import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './store.ts';

export const adminKey = 'an-owner-key-of-at-least-32-characters';

type Environment = Readonly<Record<string, string>>;

export interface Ended {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder for data that goes with the test. */
export async function makeDataDir() {
  const path = await mkdtemp(join(tmpdir(), 'cairn-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Nothing of the tester's own settings reaches Cairn. */
function environment(env: Environment): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, ...env };
}

function collect(child: ChildProcess) {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => {
      resolve({ code, ...output });
    }),
  );
  return { output, ended };
}

/** Runs a script to its end, or until it is killed. `dist/…` is what was built from the sources. */
export function run(
  script: string,
  args: readonly string[],
  env: Environment,
  { killAfterMs, cwd }: { readonly killAfterMs?: number; readonly cwd?: string } = {},
): Promise<Ended> {
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  const loader = path.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn(process.execPath, [...loader, path, ...args], {
    env: environment(env),
    cwd,
    ...(killAfterMs !== undefined && { timeout: killAfterMs, killSignal: 'SIGKILL' as const }),
  });
  return collect(child).ended;
}

export interface BuiltCairn {
  readonly base: string;
  /** `localhost:PORT`. */
  readonly host: string;
  readonly output: { readonly stdout: string };
  readonly pid: number;
  /** Sends the signal and waits for the end; who does not end in 60 seconds is killed, and has no exit code. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<Ended>;
}

/** The built server as a process of its own, once it is ready. */
export async function startBuilt(
  dataDir: string,
  {
    port,
    probe = '/readyz',
    ...env
  }: Environment & {
    readonly port?: string;
    /** What answers 200 once it is up. */
    readonly probe?: string;
  } = {},
): Promise<BuiltCairn> {
  const host = `localhost:${port ?? (await findFreePort())}`;
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: environment({
      CAIRN_DATA_DIR: dataDir,
      PORT: host.split(':')[1] ?? '',
      ...env,
    }),
  });
  const { output, ended } = collect(child);
  let isOver = false;
  void ended.then(() => (isOver = true));
  await until(async () => {
    if (isOver) throw new Error(`Cairn ended: ${output.stderr}${output.stdout}`);
    return fetch(`http://${host}${probe}`).then(
      ({ ok }) => ok,
      () => false,
    );
  }, 60_000);
  return {
    base: `http://${host}`,
    host,
    output,
    pid: child.pid ?? 0,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const force = setTimeout(() => child.kill('SIGKILL'), 60_000);
      await ended;
      clearTimeout(force);
      return ended;
    },
  };
}

/** Below those that a system gives to whoever asks for any, so that nobody is given it before it is used. */
export async function findFreePort(): Promise<string> {
  for (;;) {
    const port = randomInt(12_000, 32_000);
    if (await isFree(port)) return String(port);
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
