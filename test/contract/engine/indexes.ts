import type { Models } from './models.ts';

const duplicate = { code: 11000 };

export function describeIndexes(models: () => Models): void {
  describe('indexes', () => {
    beforeEach(async () => {
      await models().Job.deleteMany({});
    });

    it('keeps a partial index unique only among the documents it covers', async () => {
      const { Job } = models();
      await Job.create({ key: 'k', status: 'open' });
      await expect(Job.create({ key: 'k', status: 'open' })).rejects.toMatchObject(duplicate);
      await Job.create({ key: 'k', status: 'done' });
      await Job.create({ key: 'k', status: 'done' });
      await expect(
        Job.updateOne({ key: 'k', status: 'done' }, { status: 'open' }),
      ).rejects.toMatchObject(duplicate);
      await Job.updateOne({ key: 'k', status: 'open' }, { status: 'done' });
      await Job.updateOne({ key: 'k', status: 'done' }, { status: 'open' });
      expect(await Job.countDocuments({ key: 'k', status: 'open' })).toBe(1);
    });

    it('leaves documents without the field out of a sparse unique index', async () => {
      const { Job } = models();
      await Job.create({ email: 'a@example.org' });
      await expect(Job.create({ email: 'a@example.org' })).rejects.toMatchObject(duplicate);
      await Job.create({});
      await Job.create({});
      expect(await Job.countDocuments({ email: { $exists: false } })).toBe(2);
    });

    it('finds by a partial index only what the filter promises to be in it', async () => {
      const { Job } = models();
      await Job.create([{ key: 'a', status: 'open' }, { key: 'a', status: 'done' }, { key: 'a' }]);
      expect(await Job.countDocuments({ key: 'a' })).toBe(3);
      expect(await Job.countDocuments({ key: 'a', status: 'open' })).toBe(1);
      expect(await Job.countDocuments({ key: 'a', status: null })).toBe(1);
    });

    it('keeps every element of an array unique, also against arrays added later', async () => {
      const { Job } = models();
      const links = Job.db.collection('links');
      await links.createIndex({ urls: 1 }, { unique: true }, {});
      await links.insertOne({ urls: ['a', 'b', 'a'] });
      await expect(links.insertOne({ urls: 'b' })).rejects.toMatchObject({
        ...duplicate,
        keyValue: { urls: 'b' },
      });
      await links.updateOne({ urls: 'a' }, { $pull: { urls: 'b' } as never });
      await links.insertOne({ urls: 'b' });
      await expect(
        links.updateOne({ urls: 'a' }, { $push: { urls: 'b' } as never }),
      ).rejects.toMatchObject(duplicate);
      await links.drop();
    });

    it('refuses a unique index over documents that break it, and leaves none behind', async () => {
      const { Job } = models();
      const things = Job.db.collection('things');
      await things.insertMany([{ a: 1 }, { a: 1 }]);
      await expect(things.createIndex({ a: 1 }, { unique: true }, {})).rejects.toMatchObject(
        duplicate,
      );
      expect(await things.indexes()).toHaveLength(1);
      await things.drop();
    });

    it('lists, compares and drops indexes as Mongoose asks for them', async () => {
      const { Job } = models();
      const names = (await Job.listIndexes()).map(({ name }) => name as string);
      expect(names).toEqual(
        expect.arrayContaining(['_id_', 'status_1_due_1', 'key_1', 'email_1', 'lease_1']),
      );
      expect(await Job.syncIndexes()).toEqual([]);
      await Job.collection.createIndex({ tries: 1 }, {}, {});
      expect(await Job.syncIndexes()).toEqual(['tries_1']);
    });

    it('refuses to make an index twice in different ways', async () => {
      const { Job } = models();
      await expect(
        Job.collection.createIndex({ due: 1 }, { name: 'status_1_due_1' }, {}),
      ).rejects.toMatchObject({ code: 86 });
      await expect(
        Job.collection.createIndex({ status: 1, due: 1 }, { name: 'other' }, {}),
      ).rejects.toMatchObject({ code: 85 });
      await expect(
        Job.collection.createIndex({ lease: 1 }, { expireAfterSeconds: 5 }, {}),
      ).rejects.toMatchObject({ code: 85 });
    });
  });
}
