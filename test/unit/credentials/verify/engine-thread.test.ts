import { defaultLimits } from '../../../../src/credentials/verify/engine/limits.ts';
import { createRun } from '../../../../src/credentials/verify/engine/run.ts';
import { startThread, type Thread } from '../../../../src/credentials/verify/engine/thread.ts';
import { ask, done, openWorker } from '../../../support/played-worker.ts';

const now = new Date('2026-12-01T00:00:00Z');
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const threads: Thread[] = [];
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.end())));

function open(limits: Partial<typeof defaultLimits> = {}) {
  const fake = openWorker();
  const events: string[] = [];
  const heaps: number[] = [];
  const thread = startThread(
    { ...defaultLimits, busyMs: 60_000, ...limits },
    {
      onRoom: () => events.push('room'),
      onEnd: ({ how, orphans }) => {
        events.push(`end ${how}: ${orphans.map(({ id }) => id).join()}`);
      },
    },
    (heap) => {
      heaps.push(heap);
      return fake.worker;
    },
  );
  threads.push(thread);

  /** A run, and what became of it. */
  function run(id: number, ask: (...values: readonly unknown[]) => unknown = () => 'nothing') {
    const ended: unknown[] = [];
    const made = createRun(
      { id, task: 'credential', input: `input ${id}` },
      { now: () => now, fetch: ask as never },
      { succeed: (value) => ended.push(value), fail: (error) => ended.push(error) },
    );
    return { ...made, ended };
  }
  return { ...fake, thread, events, heaps, run };
}

describe('a thread', () => {
  it('has room once it is ready, and as long as nobody computes', () => {
    const { thread, events, say, run, log, heaps } = open({ heapMegabytes: 77 });
    expect(heaps).toEqual([77]);
    expect([thread.isReady(), thread.isFree()]).toEqual([false, false]);
    say({ type: 'ready' });
    expect([thread.isReady(), thread.isFree()]).toEqual([true, true]);
    expect(events).toEqual(['room']);
    expect(log).toEqual(['unref']);
    thread.begin(run(1));
    expect([thread.isReady(), thread.isFree()]).toEqual([true, false]);
    expect(log).toEqual(['unref', 'ref']);
  });

  it('is told what to look at, and tells what it found', () => {
    const { thread, say, run, heard, events, log } = open();
    say({ type: 'ready' });
    const one = run(1);
    thread.begin(one);
    expect(one.starts).toBe(1);
    expect(heard).toEqual([
      {
        type: 'run',
        run: 1,
        task: 'credential',
        input: 'input 1',
        now,
        asked: ['fetch'],
        given: {},
      },
    ]);
    say(done(1, { found: true }));
    expect(one.ended).toEqual([{ found: true }]);
    expect(thread.isFree()).toBe(true);
    expect(events).toEqual(['room', 'room']);
    expect(log).toEqual(['unref', 'ref', 'unref']);
    say(done(1, 'again'));
    expect(one.ended).toHaveLength(1);
  });

  it('tells what went wrong', () => {
    const { thread, say, run } = open();
    say({ type: 'ready' });
    const one = run(1);
    thread.begin(one);
    say({ type: 'done', run: 1, settled: { error: { name: 'Error', message: 'Wrong.' } } });
    expect(one.ended).toEqual([new Error('Wrong.')]);
  });

  it('lets others compute while one waits for all of its answers', async () => {
    const { thread, say, run, heard } = open();
    say({ type: 'ready' });
    const answers: ((value: unknown) => void)[] = [];
    const asked: (readonly unknown[])[] = [];
    const one = run(1, (...values) => {
      asked.push(values);
      return new Promise((resolve) => answers.push(resolve));
    });
    thread.begin(one);
    say(ask(1, 5, 'a', 'b'));
    expect(asked).toEqual([['a', 'b']]);
    expect(thread.isFree()).toBe(true);
    thread.begin(run(2));
    say(ask(1, 6, 'c'));
    expect(heard).toHaveLength(2);
    answers[0]?.('first');
    await turn();
    expect(heard).toHaveLength(2);
    answers[1]?.('second');
    await turn();
    // It is the other one's turn still.
    expect(heard).toHaveLength(2);
    say(done(2, 'x'));
    expect(heard.slice(2)).toEqual([
      { type: 'answer', run: 1, question: 5, settled: { value: 'first' } },
      { type: 'answer', run: 1, question: 6, settled: { value: 'second' } },
    ]);
    say(done(1, 'y'));
    expect(one.ended).toEqual(['y']);
  });

  it('answers what cannot be asked, and hears of what fails', async () => {
    const { thread, say, run, heard } = open();
    say({ type: 'ready' });
    thread.begin(run(1, () => Promise.reject(new Error('No.'))));
    say(ask(1, 1));
    await turn();
    expect(heard[1]).toEqual({
      type: 'answer',
      run: 1,
      question: 1,
      settled: { error: { name: 'Error', message: 'No.' } },
    });
    say({ type: 'ask', run: 1, question: 2, name: 'unknown', values: [] });
    await turn();
    expect(heard[2]).toMatchObject({ question: 2, settled: { value: undefined } });
  });

  it('forgets who is done before the answer comes', async () => {
    const { thread, say, run, heard } = open();
    say({ type: 'ready' });
    let answer: (value: unknown) => void = () => undefined;
    thread.begin(run(1, () => new Promise((resolve) => (answer = resolve))));
    say(ask(1, 1));
    say(done(1, 'x'));
    answer('late');
    await turn();
    expect(heard).toHaveLength(1);
    expect(thread.isFree()).toBe(true);
  });

  it('holds as many as it may, those that wait included', () => {
    const { thread, say, run } = open({ runsPerThread: 2 });
    say({ type: 'ready' });
    const never = () => new Promise(() => undefined);
    thread.begin(run(1, never));
    say(ask(1, 1));
    expect(thread.isFree()).toBe(true);
    thread.begin(run(2, never));
    say(ask(2, 2));
    expect(thread.isFree()).toBe(false);
  });

  it('puts aside what cannot be handed over', () => {
    const { thread, say, run, played } = open();
    say({ type: 'ready' });
    played.refusing = true;
    const one = run(1);
    thread.begin(one);
    expect(one.ended).toMatchObject([{ code: 'TOO_COMPLEX' }]);
    expect(thread.isFree()).toBe(true);
  });
});

describe('the end of a thread', () => {
  it.each<[string, unknown, string]>([
    ['error', Object.assign(new Error('x'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }), 'TOO_COMPLEX'],
    ['error', new Error('x'), 'CHECK_FAILED'],
    ['messageerror', undefined, 'TOO_COMPLEX'],
    ['exit', 1, 'CHECK_FAILED'],
  ])('by %s %p is the end of whoever computed: %s', (name, value, code) => {
    const { thread, say, run, events, happen, log } = open();
    say({ type: 'ready' });
    const [one, two] = [run(1, () => new Promise(() => undefined)), run(2)];
    thread.begin(one);
    say(ask(1, 1));
    thread.begin(two);
    happen(name, value);
    expect(two.ended).toMatchObject([{ code }]);
    expect(one.ended).toEqual([]);
    expect(events).toEqual(['room', 'room', 'end in the middle of a run: 1']);
    expect(log.at(-1)).toBe('terminate');
    expect([thread.isReady(), thread.isFree()]).toEqual([false, false]);
    happen('exit', 1);
    expect(events).toHaveLength(3);
    expect(two.ended).toHaveLength(1);
  });

  it('is told apart by when it comes', () => {
    const early = open();
    early.happen('exit', 1);
    expect(early.events).toEqual(['end never ready: ']);
    const idle = open();
    idle.say({ type: 'ready' });
    idle.happen('exit', 0);
    expect(idle.events).toEqual(['room', 'end idle: ']);
  });

  it('comes when one computes for too long', async () => {
    const { thread, say, run, played, events } = open({ busyMs: 5 });
    say({ type: 'ready' });
    const ended = new Promise((resolve) => {
      const one = run(1);
      thread.begin({ ...one, fail: resolve });
    });
    played.active = 5;
    expect(await ended).toMatchObject({ code: 'TOO_COMPLEX' });
    expect(events.at(-1)).toBe('end in the middle of a run: ');
  });

  it('comes when nobody needs it, after a while', async () => {
    let over: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (over = resolve));
    const { worker, say } = openWorker();
    const hows: string[] = [];
    startThread(
      { ...defaultLimits, idleMs: 1 },
      {
        onRoom: () => undefined,
        onEnd: ({ how }) => {
          hows.push(how);
          over();
        },
      },
      () => worker,
    );
    say({ type: 'ready' });
    const alive = setInterval(() => undefined, 1_000);
    await ended;
    clearInterval(alive);
    expect(hows).toEqual(['idle']);
  });

  it('does not come while it has work', async () => {
    const { thread, say, run, events } = open({ idleMs: 1 });
    say({ type: 'ready' });
    thread.begin(run(1, () => new Promise(() => undefined)));
    say(ask(1, 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(events.filter((each) => each.startsWith('end'))).toEqual([]);
  });

  it('can be asked for', async () => {
    const { thread, say, run, events, log } = open();
    say({ type: 'ready' });
    const one = run(1);
    thread.begin(one);
    await thread.end();
    expect(one.ended).toMatchObject([{ code: 'CHECK_FAILED' }]);
    expect(events.at(-1)).toMatch(/^end in the middle/);
    expect(log.filter((each) => each === 'terminate')).toHaveLength(2);
  });
});

describe('a run that took too long in all', () => {
  it('ends its thread when it computes', () => {
    const { thread, say, run, events } = open();
    say({ type: 'ready' });
    const one = run(1);
    thread.begin(one);
    thread.giveUp(one);
    expect(one.ended).toMatchObject([{ code: 'CHECK_FAILED' }]);
    expect(events.at(-1)).toBe('end in the middle of a run: ');
  });

  it('is forgotten when it waits', async () => {
    const { thread, say, run, heard, events, log } = open();
    say({ type: 'ready' });
    let answer: (value: unknown) => void = () => undefined;
    const one = run(1, () => new Promise((resolve) => (answer = resolve)));
    thread.begin(one);
    say(ask(1, 1));
    thread.giveUp(one);
    expect(heard.at(-1)).toEqual({ type: 'forget', run: 1 });
    expect(log.at(-1)).toBe('unref');
    answer('late');
    await turn();
    expect(heard).toHaveLength(2);
    expect(events.some((each) => each.startsWith('end'))).toBe(false);
    thread.giveUp(one);
    thread.giveUp(run(9));
    expect(heard).toHaveLength(2);
  });
});
