import { settle, unsettle } from '../../../../src/credentials/verify/engine/messages.ts';
import {
  broken,
  createRun,
  outOfBounds,
  outOfTime,
} from '../../../../src/credentials/verify/engine/run.ts';
import { createTurns, type Begun } from '../../../../src/credentials/verify/engine/turns.ts';
import { Problem } from '../../../../src/credentials/verify/problem.ts';
import { ServiceError } from '../../../../src/shared/errors.ts';
import { FetchError } from '../../../../src/shared/safe-fetch.ts';

const now = new Date('2026-12-01T00:00:00Z');
const fetch = () => Promise.reject(new Error('none'));
const settlers = { succeed: () => undefined, fail: () => undefined };

function begin(id: number, busyMs = 0): Begun {
  const run = createRun({ id, task: 'credential', input: {} }, { now: () => now, fetch }, settlers);
  return { run: Object.assign(run, { busyMs }), open: 0, messages: [] };
}

describe('a run', () => {
  it('takes along what can be copied, and names what can be asked', () => {
    const outside = { now: () => now, fetch, more: { a: 1 } };
    const run = createRun({ id: 3, task: 'presentation', input: 'x' }, outside, settlers);
    expect(run).toMatchObject({
      id: 3,
      task: 'presentation',
      input: 'x',
      now,
      busyMs: 0,
      starts: 0,
    });
    expect([...run.functions]).toEqual([['fetch', fetch]]);
    expect(run.given).toEqual({ more: { a: 1 } });
    expect(run).toMatchObject(settlers);
  });

  it('shares no memory', () => {
    const memory = new Uint8Array([1, 2, 3, 4]);
    const { input } = createRun(
      { id: 1, task: 'credential', input: memory.subarray(1, 3) },
      { now: () => now, fetch },
      settlers,
    );
    expect(input).toEqual(new Uint8Array([2, 3]));
    expect((input as Uint8Array).buffer.byteLength).toBe(2);
  });

  it.each([
    ['TOO_COMPLEX', outOfBounds],
    ['VERIFY_TIMEOUT', outOfTime],
    ['CHECK_FAILED', broken],
  ])('that ends early decides nothing: %s', (code, problem) => {
    expect(problem()).toMatchObject({ check: 'format', verdict: 'unverifiable', code });
  });
});

describe('what crosses between threads', () => {
  const cross = async (work: () => unknown) => unsettle(structuredClone(await settle(work)));

  it.each<[unknown]>([[{ a: [1] }], [undefined], [null]])('is the answer %j', async (value) => {
    expect(await cross(() => value)).toEqual(value);
    expect(await cross(() => Promise.resolve(value))).toEqual(value);
  });

  it.each<[new (...values: never[]) => Error, Error]>([
    [FetchError, new FetchError('fetch.blocked', 'No.')],
    [ServiceError, new ServiceError('unavailable', 'a.b', 'No.')],
    [Problem, new Problem('status', 'revoked', 'REVOKED', 'No.')],
    [Error, new TypeError('No.')],
  ])('is an error that stays what it is: %p', async (kind, error) => {
    const found = await cross(() => Promise.reject(error)).catch((reason: unknown) => reason);
    expect(found).toBeInstanceOf(kind);
    expect(found).toMatchObject({ message: 'No.' });
    const { kind: what, code, check, verdict } = error as unknown as Record<string, unknown>;
    for (const [name, value] of Object.entries({ kind: what, code, check, verdict })) {
      expect((found as Record<string, unknown>)[name]).toBe(value);
    }
    const thrown = cross(() => {
      throw error;
    });
    await expect(thrown).rejects.toThrow('No.');
  });

  it('is a message where something was thrown that is no error, as libraries do', async () => {
    const thrown = {
      then: (_done: unknown, fail: (reason: unknown) => void) => {
        fail('a text');
      },
    };
    await expect(cross(() => thrown)).rejects.toThrow('a text');
  });
});

describe('turns in a thread', () => {
  function open(busyMs = 60_000) {
    const events: string[] = [];
    const clock: { active: number; look?: () => void } = { active: 0 };
    let overrun: () => void = () => undefined;
    const overran = new Promise<void>((resolve) => (overrun = resolve));
    const turns = createTurns({
      busyMs,
      activeMs: () => {
        clock.look?.();
        return clock.active;
      },
      onTurn: ({ run }) => events.push(`turn ${run.id}`),
      onOverrun: () => {
        events.push('overrun');
        turns.stop();
        overrun();
      },
      onNobody: () => events.push('nobody'),
    });
    return { turns, events, clock, overran };
  }

  it('are given one at a time, in order', () => {
    const { turns, events } = open();
    const [a, b, c] = [begin(1), begin(2), begin(3)];
    expect(turns.isNobodys()).toBe(true);
    expect(turns.holder()).toBeUndefined();
    for (const each of [a, b, c]) turns.queue(each);
    expect(events).toEqual(['turn 1']);
    expect(turns.isNobodys()).toBe(false);
    expect(turns.holder()).toBe(a);
    expect([turns.isOf(a), turns.isOf(b), turns.isOf(undefined)]).toEqual([true, false, false]);
    turns.release(a);
    expect(events).toEqual(['turn 1', 'turn 2']);
    expect(turns.holder()).toBe(b);
    turns.release(b);
    turns.release(c);
    expect(events).toEqual(['turn 1', 'turn 2', 'turn 3', 'nobody']);
    expect(turns.isNobodys()).toBe(true);
    expect(turns.isOf(undefined)).toBe(false);
  });

  it('are lost by leaving the line, and kept while others leave it', () => {
    const { turns, events } = open();
    const [a, b, c] = [begin(1), begin(2), begin(3)];
    for (const each of [a, b, c]) turns.queue(each);
    turns.release(b);
    expect(turns.holder()).toBe(a);
    turns.release(begin(9));
    expect(turns.holder()).toBe(a);
    turns.release(a);
    expect(turns.holder()).toBe(c);
    turns.stop();
    expect(events).toEqual(['turn 1', 'turn 3']);
  });

  it('end for all at once', () => {
    const { turns, events } = open();
    turns.stop();
    const a = begin(1);
    turns.queue(a);
    turns.queue(begin(2));
    turns.stop();
    expect(turns.holder()).toBeUndefined();
    expect(turns.isNobodys()).toBe(false);
    expect(events).toEqual(['turn 1']);
  });

  it('cost what the thread was busy meanwhile', () => {
    const { turns, clock } = open();
    const [a, b] = [begin(1, 7), begin(2)];
    clock.active = 100;
    turns.queue(a);
    turns.queue(b);
    clock.active = 130;
    turns.release(a);
    clock.active = 135;
    turns.stop();
    expect([a.run.busyMs, b.run.busyMs]).toEqual([37, 5]);
  });

  it.each<[string, number, number]>([
    ['in one go', 0, 50],
    ['with what it cost before', 45, 5],
  ])('are over when they cost too much: %s', async (_what, before, active) => {
    const { turns, events, clock, overran } = open(50);
    const a = begin(1, before);
    turns.queue(a);
    clock.active = active;
    await overran;
    expect(events).toEqual(['turn 1', 'overrun']);
    expect(a.run.busyMs).toBe(50);
  });

  it('are looked at again as long as they cost less', async () => {
    const { turns, events, clock, overran } = open(20);
    let looks = 0;
    turns.queue(begin(1));
    clock.look = () => {
      looks += 1;
      clock.active = looks < 4 ? 19 : 20;
    };
    await overran;
    // The last one is for what it cost in the end.
    expect(looks).toBe(5);
    expect(events).toEqual(['turn 1', 'overrun']);
  });

  it('are not over when they are somebody else’s by now', async () => {
    const { turns, events, clock, overran } = open(5);
    const [a, b] = [begin(1), begin(2)];
    turns.queue(a);
    turns.queue(b);
    turns.release(a);
    clock.active = 5;
    await overran;
    expect(events).toEqual(['turn 1', 'turn 2', 'overrun']);
    expect([a.run.busyMs, b.run.busyMs]).toEqual([0, 5]);
  });
});
