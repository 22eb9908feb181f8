import { createHostBudget } from '../../../src/shared/host-budget.ts';
import { createSafeFetch } from '../../../src/shared/safe-fetch.ts';

const signal = new AbortController().signal;

describe('how often one host is asked', () => {
  it('is limited for each minute', async () => {
    let time = 0;
    const { enter } = createHostBudget({ perMinute: 2, elapsed: () => time });
    for (const second of [0, 30]) {
      time = second * 1_000;
      (await enter('a.example', signal))?.();
    }
    expect(await enter('a.example', signal)).toBeUndefined();
    expect(await enter('b.example', signal)).toBeDefined();
    time = 60_000;
    expect(await enter('a.example', signal)).toBeDefined();
    expect(await enter('a.example', signal)).toBeUndefined();
  });

  it('is limited at any moment; others wait, and go on in order', async () => {
    const { enter } = createHostBudget({ atOnce: 1, waiting: 2 });
    const order: number[] = [];
    const leave = await enter('a.example', signal);
    const waiting = [1, 2].map(async (name) => {
      const leaveThen = await enter('a.example', signal);
      order.push(name);
      leaveThen?.();
    });
    expect(await enter('a.example', signal)).toBeUndefined();
    expect(order).toEqual([]);
    leave?.();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2]);
    expect(await enter('a.example', signal)).toBeDefined();
  });

  it('is waited for no longer than the request may take', async () => {
    const { enter } = createHostBudget({ atOnce: 1 });
    const leave = await enter('a.example', signal);
    const impatient = new AbortController();
    const waiting = enter('a.example', impatient.signal);
    impatient.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    leave?.();
    expect(await enter('a.example', signal)).toBeDefined();
  });

  it('holds for every request that goes out', async () => {
    const fetch = createSafeFetch({
      allow: [],
      budget: createHostBudget({ perMinute: 2 }),
      lookup: (_name, _options, callback) => {
        callback(null, [{ address: '10.0.0.1', family: 4 }]);
      },
    });
    const codes = [];
    for (const path of ['1', '2', '3']) {
      const error = await fetch(`https://victim.example/${path}`).catch(
        (reason: unknown) => reason,
      );
      codes.push((error as { code: string }).code);
    }
    expect(codes).toEqual(['fetch.blocked', 'fetch.blocked', 'fetch.busy']);
  });
});
