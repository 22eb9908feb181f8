import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findFreePort } from './process.ts';
import { until } from './store.ts';

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

/** Like `describe`, and skipped by name where there is no Redis to start. */
export function describeWithRedis(name: string, suite: () => void): void {
  if (hasRedis) describe(name, suite);
  else describe.skip(`${name} (needs redis-server)`, suite);
}

export interface RedisOptions {
  /** Append-only file: what was acknowledged survives a kill. Yes unless told. */
  readonly aof?: boolean;
  /** `noeviction` unless told. */
  readonly policy?: string;
  readonly password?: string;
  /** For example `['--rename-command', 'CONFIG', '']`: what a hosted Redis forbids. */
  readonly more?: readonly string[];
}

export interface RedisServer extends AsyncDisposable {
  readonly url: string;
  readonly port: string;
  /** One command on a connection of its own. */
  command(...words: readonly [string, ...string[]]): Promise<unknown>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Frozen: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Started again on the same port, with what is on disk. Options given here replace the earlier ones. */
  start(options?: RedisOptions): Promise<void>;
}

/** A real Redis in a folder of its own, on a free port of this machine. */
export async function startRedis(given: RedisOptions = {}): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'cairn-redis-'));
  const port = await findFreePort();
  let options = given;
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    port,
    url: buildUrl(port, given.password),
    command: (name, ...words) => ask(buildUrl(port, options.password), name, words),
    start: async (next) => {
      options = next ?? options;
      child = spawn('redis-server', buildArguments({ folder, port, ...options }), {
        stdio: 'ignore',
      });
      await until(() => server.command('PING').then(isPong, () => false));
    },
    stop: async (signal = 'SIGTERM') => {
      const running = child;
      child = undefined;
      if (running === undefined) return;
      const ended = once(running, 'exit');
      running.kill('SIGCONT');
      running.kill(signal);
      await ended;
    },
    pause: () => {
      child?.kill('SIGSTOP');
    },
    resume: () => {
      child?.kill('SIGCONT');
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}

const isPong = (answer: unknown) => answer === 'PONG';

function buildUrl(port: string, password: string | undefined): string {
  return `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}/0`;
}

function buildArguments({
  folder,
  port,
  aof = true,
  policy = 'noeviction',
  password,
  more = [],
}: RedisOptions & { readonly folder: string; readonly port: string }): string[] {
  return [
    ...['--port', port, '--bind', '127.0.0.1', '--dir', folder],
    ...['--appendonly', aof ? 'yes' : 'no', '--save', ''],
    ...['--maxmemory-policy', policy],
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...more,
  ];
}

async function ask(url: string, name: string, words: readonly string[]): Promise<unknown> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.call(name, ...words);
  } finally {
    if (client.status !== 'end') client.disconnect();
  }
}
