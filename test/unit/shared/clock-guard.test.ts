import { createClockGuard } from '../../../src/shared/clock-guard.ts';

describe('the clock guard', () => {
  const answer = (aheadMs: number) => () => Promise.resolve(new Date(Date.now() + aheadMs));

  it.each([0, 59_000, -59_000])('lets pass what is %d ms apart', async (ahead) => {
    await expect(createClockGuard(answer(ahead))()).resolves.toBeUndefined();
  });

  it.each([61_000, -61_000, 86_400_000])('stops what is %d ms apart', async (ahead) => {
    await expect(createClockGuard(answer(ahead))()).rejects.toMatchObject({
      code: 'clock.wrong',
      message: expect.stringContaining(`${Math.abs(ahead) / 1_000} seconds`) as string,
    });
  });

  it('asks once for many, and again after an answer that was wrong or did not come', async () => {
    let asked = 0;
    const answers = [
      () => Promise.reject(new Error('away')),
      answer(-120_000),
      answer(0),
      answer(-120_000),
    ];
    const guard = createClockGuard(() => {
      asked += 1;
      return (answers[asked - 1] ?? answer(0))();
    });

    await expect(guard()).rejects.toThrow('away');
    await expect(guard()).rejects.toMatchObject({ code: 'clock.wrong' });
    await Promise.all([guard(), guard(), guard()]);

    expect(asked).toBe(3);
  });
});
