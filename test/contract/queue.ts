import type { IssuanceQueue } from '../../src/issuance/queue.ts';

/** What every queue driver must do; `open` gives a fresh one. */
export function describeQueue(
  name: string,
  open: (options: { concurrency: number }) => Promise<IssuanceQueue>,
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

    it('works on no more than its concurrency at once', async () => {
      await using queue = await open({ concurrency: 3 });
      let running = 0;
      let most = 0;
      queue.process(async () => {
        running += 1;
        most = Math.max(most, running);
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
