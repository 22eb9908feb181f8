import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createRandom } from '../../src/shared/faults.ts';
import { startFlags } from '../support/start-flags.ts';
import { until } from '../support/store.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const keptOutput = 20_000;

type Environment = Readonly<Record<string, string>>;

/** One of the heaps of a process, for each of its threads has its own. */
export interface Heap {
  readonly thread: string;
  readonly megabytes: number;
}

export interface Member {
  readonly name: string;
  /** How often it was killed, whoever did it, and started again. */
  readonly kills: number;
  readonly pid: number;
  /** What it printed last. */
  readonly output: string;
  /** What was still in use after each full collection of a heap, when collections are traced. */
  readonly heaps: readonly Heap[];
  send(signal: NodeJS.Signals): void;
  /** Waits until it runs and is ready, again if it has to be. */
  ready(): Promise<void>;
  /** Ends it for good: its exit code and how long it took. */
  stop(
    signal?: 'SIGTERM' | 'SIGKILL',
  ): Promise<{ readonly code: number | null; readonly ms: number }>;
}

/**
 * Built processes of Cairn under a supervisor: whoever dies is started again, each time with another seed for its faults,
 * or it would die at the same place for ever. Whoever ends by itself is a finding.
 */
export function createFleet({
  env,
  seed,
  traceHeaps = false,
}: {
  env: Environment;
  seed: number;
  traceHeaps?: boolean;
}) {
  const random = createRandom(seed);
  const members = new Set<Member>();
  const crashes: string[] = [];
  let kills = 0;

  return {
    crashes,
    members,
    /** Of all members, those that were stopped among them. */
    kills: () => kills,
    start,
    /** Sooner or later everybody is stopped, orderly. */
    stop: async () => {
      await Promise.all([...members].map((member) => member.stop()));
    },
  };

  async function start(name: string, own: Environment): Promise<Member> {
    let child: ChildProcess;
    let output = '';
    let heaps: readonly Heap[] = [];
    let isStopping = false;
    let isReady = false;
    let ended: Promise<number | null>;
    let killed = 0;

    const launch = () => {
      isReady = false;
      output = '';
      heaps = [];
      child = spawn(
        process.execPath,
        [...startFlags, ...(traceHeaps ? ['--trace-gc'] : []), main],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: {
            PATH: process.env.PATH,
            ...env,
            ...own,
            FAULT_SEED: String(Math.floor(random() * 2 ** 32)),
          },
        },
      );
      const collect = (text: string) => {
        if (traceHeaps) heaps = [...heaps, ...parseHeaps(text)];
        output = (output + text).slice(-keptOutput);
        isReady ||= text.includes('Cairn is ready') || output.includes('Cairn is ready');
      };
      child.stdout?.setEncoding('utf8').on('data', collect);
      child.stderr?.setEncoding('utf8').on('data', collect);
      ended = new Promise((resolve) => child.once('close', resolve));
      void ended.then((code) => {
        if (isStopping) return;
        if (code === null) {
          killed += 1;
          kills += 1;
        } else crashes.push(`${name} ended with ${code}: ${output.slice(-2_000)}`);
        launch();
      });
    };
    launch();

    const member: Member = {
      name,
      get kills() {
        return killed;
      },
      get pid() {
        return child.pid ?? 0;
      },
      get output() {
        return output;
      },
      get heaps() {
        return heaps;
      },
      send: (signal) => child.kill(signal),
      ready: () => until(() => Promise.resolve(isReady), 120_000),
      stop: async (signal = 'SIGTERM') => {
        members.delete(member);
        isStopping = true;
        const from = performance.now();
        child.kill('SIGCONT');
        child.kill(signal);
        const force = setTimeout(() => child.kill('SIGKILL'), 60_000);
        const code = await ended;
        clearTimeout(force);
        return { code, ms: performance.now() - from };
      },
    };
    members.add(member);
    await member.ready();
    return member;
  }
}

/** Out of what V8 prints with --trace-gc. */
function parseHeaps(text: string): readonly Heap[] {
  const lines = text.matchAll(/^\[\d+:(\w+)\].*Mark-Compact.* -> ([\d.]+) \(/gm);
  return [...lines].map(([, thread = '', megabytes]) => ({
    thread,
    megabytes: Number(megabytes),
  }));
}
