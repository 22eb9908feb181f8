import { defaultLimits } from '../../../../src/credentials/verify/engine/limits.ts';
import { createPool } from '../../../../src/credentials/verify/engine/pool.ts';
import type { Run } from '../../../../src/credentials/verify/engine/run.ts';
import type { startThread, Thread } from '../../../../src/credentials/verify/engine/thread.ts';
import { silentLog } from '../../../support/log.ts';

type Events = Parameters<typeof startThread>[1];
type End = Parameters<Events['onEnd']>[0]['how'];

const outside = {
  now: () => new Date('2026-12-01T00:00:00Z'),
  fetch: () => Promise.reject(new Error('none')),
};

const pools: ReturnType<typeof createPool>[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool[Symbol.asyncDispose]();
});

/** Threads that are played by the test; each takes one run at a time. */
function open(limits: Partial<typeof defaultLimits> = {}) {
  const threads: ReturnType<typeof play>[] = [];
  const errors: string[] = [];

  function play(events: Events) {
    const state = { ready: false, holds: [] as Run[], givenUp: [] as number[], ended: 0 };
    const thread: Thread = {
      isReady: () => state.ready,
      isFree: () => state.ready && state.holds.length === 0,
      begin: (run) => {
        run.starts += 1;
        state.holds.push(run);
      },
      giveUp: ({ id }) => {
        state.givenUp.push(id);
      },
      end: () => {
        state.ended += 1;
        events.onEnd({ orphans: state.holds, how: 'idle' });
        return Promise.resolve();
      },
    };
    return {
      state,
      thread,
      ready: () => {
        state.ready = true;
        events.onRoom();
      },
      finish: (value: unknown) => {
        state.holds.shift()?.succeed(value);
        events.onRoom();
      },
      die: (how: End, orphans: readonly Run[] = state.holds) => {
        state.ready = false;
        events.onEnd({ orphans, how });
      },
    };
  }

  const log = { ...silentLog, error: (_fields: object, text: string) => errors.push(text) };
  const pool = createPool({ ...defaultLimits, ...limits }, log, (_, events) => {
    const played = play(events);
    threads.push(played);
    return played.thread;
  });
  pools.push(pool);
  const perform = (input = 'x') => {
    const ended: unknown[] = [];
    const work = pool.perform('credential', input, outside).then(
      (result) => ended.push(result),
      (error: unknown) => ended.push(error),
    );
    return { ended, work };
  };
  const thread = (at: number) => {
    const found = threads[at];
    if (found === undefined) throw new Error(`There is no thread ${at}.`);
    return found;
  };
  return { pool, perform, threads, thread, errors };
}

const busy = { kind: 'unavailable', code: 'verify.busy' };

describe('a pool of threads', () => {
  it('starts a thread when there is work, and hands it over once it is ready', async () => {
    const { perform, threads, thread } = open();
    expect(threads).toHaveLength(0);
    const one = perform('a');
    expect(threads).toHaveLength(1);
    expect(thread(0).state.holds).toEqual([]);
    thread(0).ready();
    expect(thread(0).state.holds).toMatchObject([{ id: 1, task: 'credential', input: 'a' }]);
    thread(0).finish('found');
    await one.work;
    expect(one.ended).toEqual(['found']);
    expect(threads).toHaveLength(1);
  });

  it('starts the next one when those that there are have no room, and not before', () => {
    const { perform, threads, thread } = open({ threads: 2 });
    for (const input of ['a', 'b', 'c']) perform(input);
    // One at a time: the first may be ready soon.
    expect(threads).toHaveLength(1);
    thread(0).ready();
    expect(threads).toHaveLength(2);
    expect(thread(0).state.holds.map(({ input }) => input)).toEqual(['a']);
    thread(1).ready();
    expect(thread(1).state.holds.map(({ input }) => input)).toEqual(['b']);
    expect(threads).toHaveLength(2);
    thread(0).finish('x');
    expect(thread(0).state.holds.map(({ input }) => input)).toEqual(['c']);
    thread(0).finish('x');
    expect(threads).toHaveLength(2);
  });

  it('sends away whom it has no room for', async () => {
    const { perform } = open({ queue: 2 });
    perform();
    perform();
    const third = perform();
    await third.work;
    expect(third.ended).toMatchObject([busy]);
  });

  it('begins again what others brought down, first and three times in all', async () => {
    const { perform, threads, thread } = open({ threads: 1 });
    const [one, two] = [perform('a'), perform('b')];
    for (const at of [0, 1, 2]) {
      thread(at).ready();
      expect(thread(at).state.holds.map(({ input }) => input)).toEqual(['a']);
      thread(at).die('in the middle of a run');
    }
    await one.work;
    expect(one.ended).toMatchObject([{ code: 'CHECK_FAILED' }]);
    expect(threads).toHaveLength(4);
    thread(3).ready();
    expect(thread(3).state.holds.map(({ input }) => input)).toEqual(['b']);
    expect(two.ended).toEqual([]);
  });

  it('has another thread ready for whoever comes after one that died at work', () => {
    const { threads, thread, perform } = open();
    perform();
    thread(0).ready();
    thread(0).finish('x');
    thread(0).die('idle', []);
    expect(threads).toHaveLength(1);
    perform();
    expect(threads).toHaveLength(2);
    thread(1).ready();
    thread(1).finish('x');
    thread(1).die('in the middle of a run', []);
    expect(threads).toHaveLength(3);
  });

  it('sends away who waits when no thread starts, and says so', async () => {
    const { perform, thread, errors, threads } = open();
    const [one, two] = [perform(), perform()];
    thread(0).die('never ready', []);
    await Promise.all([one.work, two.work]);
    expect([...one.ended, ...two.ended]).toMatchObject([busy, busy]);
    expect(errors).toHaveLength(1);
    expect(threads).toHaveLength(1);
    perform();
    expect(threads).toHaveLength(2);
  });

  it('gives up after the deadline: who waits is sent away, who runs is put aside', async () => {
    const { perform, thread, threads } = open({ deadlineMs: 5, threads: 2 });
    const [one, two] = [perform(), perform()];
    thread(0).ready();
    await Promise.all([one.work, two.work]);
    expect(one.ended).toMatchObject([{ code: 'VERIFY_TIMEOUT' }]);
    expect(two.ended).toMatchObject([busy]);
    expect(threads.map(({ state }) => state.givenUp)).toEqual([[1], [1]]);
    thread(0).finish('late');
    expect(thread(0).state.holds).toEqual([]);
  });

  it('is done with what ended in time', async () => {
    const { perform, thread } = open({ deadlineMs: 5 });
    const [one, two] = [perform('a'), perform('b')];
    thread(0).ready();
    thread(0).finish('x');
    thread(0).state.holds.shift()?.fail(new Error('No.'));
    await Promise.all([one.work, two.work]);
    await perform('c').work;
    expect([one.ended, two.ended]).toEqual([['x'], [new Error('No.')]]);
    expect(thread(0).state.givenUp).not.toContain(1);
    expect(thread(0).state.givenUp).not.toContain(2);
  });

  it('ends with all of its threads, and takes nothing more', async () => {
    const { pool, perform, thread, threads } = open({ threads: 2 });
    const [one, two, three] = [perform(), perform(), perform()];
    thread(0).ready();
    thread(1).ready();
    await pool[Symbol.asyncDispose]();
    await Promise.all([one.work, two.work, three.work]);
    expect([...one.ended, ...two.ended, ...three.ended]).toMatchObject([busy, busy, busy]);
    expect(threads.map(({ state }) => state.ended)).toEqual([1, 1]);
    const late = perform();
    await late.work;
    expect(late.ended).toMatchObject([busy]);
    expect(threads).toHaveLength(2);
  });
});
