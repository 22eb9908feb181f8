import type { IssuanceQueue } from '../../src/issuance/queue.ts';
import { until } from '../support/store.ts';

/**
 * What every queue driver must do; `open` gives a fresh one. With `mayRepeat` it may hand out once more what a worker had
 * in hand that the machine kept from saying that it lives.
 */
export function describeQueue(
  name: string,
  open: (options: { concurrency: number }) => Promise<IssuanceQueue>,
  { mayRepeat = false } = {},
): void {
  describe(`issuance queue: ${name}`, () => {
    it('hands every added award to the processor', async () => {
      await using queue = await open({ concurrency: 2 });
      const seen: string[] = [];
      queue.process(async (award) => {
        await Promise.resolve();
        seen.push(award);
      });

      await queue.add('a');
      await queue.add('b');
      await queue.add('c');
      await queue.drained();

      expect(seen.sort()).toEqual(['a', 'b', 'c']);
    });

    it('keeps what was added before anybody worked', async () => {
      await using queue = await open({ concurrency: 1 });
      const seen: string[] = [];

      await queue.add('early');
      expect(await queue.depth()).toBe(1);
      queue.process((award) => {
        seen.push(award);
        return Promise.resolve();
      });
      await queue.drained();

      expect(seen).toEqual(['early']);
    });

    it('has one job for an award that is added many times while it waits', async () => {
      await using queue = await open({ concurrency: 1 });
      let runs = 0;

      await Promise.all(Array.from({ length: 100 }, () => queue.add('same')));
      queue.process(() => {
        runs += 1;
        return Promise.resolve();
      });
      await queue.drained();

      expect(runs).toBe(1);
    });

    it('works on as many at once as its concurrency says, and on no more', async () => {
      await using queue = await open({ concurrency: 3 });
      let running = 0;
      let most = 0;
      let letGo = (): void => undefined;
      const threeRun = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      queue.process(async () => {
        running += 1;
        most = Math.max(most, running);
        if (running === 3) letGo();
        await threeRun;
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      });

      for (let i = 0; i < 20; i += 1) await queue.add(`award-${i}`);
      await queue.drained();

      expect(most).toBe(3);
    });

    it('goes on after a processor failed', async () => {
      await using queue = await open({ concurrency: 1 });
      const seen: string[] = [];
      queue.process((award) => {
        seen.push(award);
        return award === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve();
      });

      await queue.add('bad');
      await queue.add('good');
      await queue.drained();

      expect(seen).toContain('good');
    });

    it('takes an urgent one before those that can wait', async () => {
      await using queue = await open({ concurrency: 1 });
      const seen: string[] = [];

      await queue.addMany(['row-1', 'row-2', 'row-3'], 'low');
      await queue.add('urgent');
      await queue.add('row-1');
      queue.process((award) => {
        seen.push(award);
        return Promise.resolve();
      });
      await queue.drained();

      expect(seen).toEqual(['urgent', 'row-1', 'row-2', 'row-3']);
    });

    it('takes 10,000 at once and hands each of them out once', async () => {
      await using queue = await open({ concurrency: 50 });
      const awards = Array.from({ length: 10_000 }, (_, row) => `award-${row}`);
      const seen: string[] = [];

      // Whoever is told that the queue does not answer rings again.
      await until(() =>
        queue.addMany(awards, 'low').then(
          () => true,
          () => false,
        ),
      );
      await until(async () => (await queue.depth().catch(() => 0)) === 10_000);
      queue.process((award) => {
        seen.push(award);
        return Promise.resolve();
      });
      await queue.drained();

      expect(new Set(seen).size).toBe(10_000);
      expect(seen.length).toBeLessThan(mayRepeat ? 10_500 : 10_001);
    }, 300_000);

    it('hears an award that rings while it is being worked on, and works on it once more after that', async () => {
      await using queue = await open({ concurrency: 4 });
      const ends: (() => void)[] = [];
      let running = 0;
      let most = 0;
      queue.process(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => ends.push(resolve));
        running -= 1;
      });

      await queue.add('again');
      await until(() => Promise.resolve(ends.length === 1));
      for (let ring = 0; ring < 5; ring += 1) await queue.add('again');
      ends[0]?.();
      await until(() => Promise.resolve(ends.length === 2));
      ends[1]?.();
      await queue.drained();

      expect({ runs: ends.length, most }).toEqual({ runs: 2, most: 1 });
    });

    it('hears an award again that was worked on before, whether well or not', async () => {
      await using queue = await open({ concurrency: 1 });
      let runs = 0;
      queue.process(() => {
        runs += 1;
        return runs % 2 === 0 ? Promise.reject(new Error('no')) : Promise.resolve();
      });

      for (let ring = 0; ring < 5; ring += 1) {
        await queue.add('same');
        await queue.drained();
      }

      expect(runs).toBe(5);
    });

    it('is idle when nothing is waiting or running', async () => {
      await using queue = await open({ concurrency: 1 });
      const ends: (() => void)[] = [];
      const states = [await queue.isIdle()];

      await queue.add('a');
      states.push(await queue.isIdle());
      queue.process(() => new Promise((resolve) => ends.push(resolve)));
      await until(() => Promise.resolve(ends.length === 1));
      states.push(await queue.isIdle());
      expect(await queue.depth()).toBe(0);
      ends[0]?.();
      await queue.drained();
      states.push(await queue.isIdle());

      expect(states).toEqual([true, false, false, true]);
    });

    it('does periodic work again and again until it is stopped, and then no more', async () => {
      await using queue = await open({ concurrency: 1 });
      let begun = 0;
      let ended = 0;
      const stop = queue.every(20, async () => {
        begun += 1;
        await new Promise((resolve) => setImmediate(resolve));
        ended += 1;
      });
      await until(() => Promise.resolve(ended >= 5));
      await stop();

      const atEnd = { begun, ended };
      await queue.isIdle();

      expect(atEnd.ended).toBe(atEnd.begun);
      expect({ begun, ended }).toEqual(atEnd);
    });

    it('goes on with periodic work that failed', async () => {
      await using queue = await open({ concurrency: 1 });
      let turns = 0;
      const stop = queue.every(20, () => {
        turns += 1;
        return Promise.reject(new Error('no'));
      });
      await until(() => Promise.resolve(turns >= 3));
      await stop();
    });

    it('lets the running ones finish when it is closed', async () => {
      const queue = await open({ concurrency: 1 });
      let finished = false;
      const started = new Promise<void>((resolve) => {
        queue.process(async () => {
          resolve();
          await new Promise((done) => setImmediate(done));
          finished = true;
        });
      });

      await queue.add('a');
      await started;
      await queue[Symbol.asyncDispose]();

      expect(finished).toBe(true);
    });
  });
}
