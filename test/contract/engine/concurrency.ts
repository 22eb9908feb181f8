import type { Models } from './models.ts';

export function describeConcurrency(models: () => Models): void {
  describe('at the same time', () => {
    it('gives every job to one claimer only', async () => {
      const { Job } = models();
      await Job.deleteMany({});
      await Job.insertMany(
        Array.from({ length: 60 }, (_, n) => ({
          key: `j${n}`,
          status: 'ready',
          due: new Date(n),
          email: `j${n}@example.org`,
        })),
      );
      const claimed: (string | undefined)[] = [];
      const claim = async (): Promise<void> => {
        for (;;) {
          const job = await Job.findOneAndUpdate(
            { status: 'ready', due: { $lte: new Date() } },
            { $set: { status: 'taken' }, $inc: { tries: 1 } },
            { sort: { due: 1 }, returnDocument: 'after' },
          );
          if (!job) return;
          claimed.push(job.key);
        }
      };
      await Promise.all(Array.from({ length: 8 }, claim));
      expect(claimed).toHaveLength(60);
      expect(new Set(claimed).size).toBe(60);
      expect(await Job.countDocuments({ status: 'taken', tries: 1 })).toBe(60);
    });

    it('loses no increment', async () => {
      const { Author } = models();
      await Author.updateOne({ name: 'counter' }, { age: 0 }, { upsert: true });
      await Promise.all(
        Array.from({ length: 200 }, () =>
          Author.updateOne({ name: 'counter' }, { $inc: { age: 1 } }),
        ),
      );
      expect((await Author.findOne({ name: 'counter' }))?.age).toBe(200);
    });

    it('leaves one document after many upserts of one key', async () => {
      const { Author } = models();
      const upserts = Array.from({ length: 30 }, () =>
        Author.findOneAndUpdate({ name: 'race' }, { $inc: { age: 1 } }, { upsert: true }),
      );
      const refused = (await Promise.allSettled(upserts)).flatMap((outcome) =>
        outcome.status === 'rejected' ? [(outcome.reason as { code: number }).code] : [],
      );
      expect(refused.every((code) => code === 11000)).toBe(true);
      expect(await Author.countDocuments({ name: 'race' })).toBe(1);
    });
  });
}
