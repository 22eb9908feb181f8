import type { Models } from './models.ts';
import { fillBooks } from './models.ts';

const duplicate = { code: 11000 };

export function describeWrites(models: () => Models): void {
  describe('writing', () => {
    beforeEach(async () => {
      await Promise.all([models().Author.deleteMany({}), models().Job.deleteMany({})]);
    });

    it('tells of a duplicate key as the driver does, with pattern and value', async () => {
      const { Author } = models();
      await Author.create({ name: 'Ann' });
      await expect(Author.create({ name: 'Ann' })).rejects.toMatchObject({
        name: 'MongoServerError',
        code: 11000,
        keyPattern: { name: 1 },
        keyValue: { name: 'Ann' },
        message: expect.stringMatching(
          /E11000 duplicate key error collection: \S+\.authors index: name_1 dup key: \{ name: "Ann" \}/,
        ) as unknown,
      });
    });

    it('refuses a duplicate key in every kind of write and changes nothing', async () => {
      const { Author } = models();
      await Author.create({ name: 'Ann' });
      const bob = await Author.create({ name: 'Bob' });
      const { _id } = bob;
      await expect(Author.updateOne({ _id }, { name: 'Ann' })).rejects.toMatchObject(duplicate);
      await expect(Author.findOneAndUpdate({ _id }, { name: 'Ann' })).rejects.toMatchObject(
        duplicate,
      );
      await expect(Author.replaceOne({ _id }, { name: 'Ann' })).rejects.toMatchObject(duplicate);
      bob.name = 'Ann';
      await expect(bob.save()).rejects.toMatchObject(duplicate);
      expect((await Author.findById(_id))?.name).toBe('Bob');
      await expect(Author.create({ _id, name: 'Carl' })).rejects.toMatchObject({
        ...duplicate,
        keyPattern: { _id: 1 },
      });
    });

    it('stops an ordered batch at the first error and goes on in an unordered one', async () => {
      const { Author } = models();
      await Author.create({ name: 'Ann' });
      const names = ['c1', 'Ann', 'c2'].map((name) => ({ name }));
      await expect(Author.insertMany(names)).rejects.toMatchObject(duplicate);
      expect(await Author.countDocuments({ name: /^c/ })).toBe(1);
      await expect(Author.insertMany(names, { ordered: false })).rejects.toMatchObject(duplicate);
      expect(await Author.countDocuments({ name: /^c/ })).toBe(2);
    });

    it('runs a bulk of different writes and counts each kind', async () => {
      const { Book } = models();
      await fillBooks(models());
      const result = await Book.bulkWrite([
        { insertOne: { document: { title: 'bulk', n: 1000, tags: [], parts: [], __v: 0 } } },
        { updateOne: { filter: { title: 'bulk' }, update: { $inc: { n: 1 } } } },
        { updateMany: { filter: { n: { $lt: 3 } }, update: { $set: { mixed: 'bulk' } } } },
        { deleteOne: { filter: { title: 'bulk' } } },
      ]);
      expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 4, deletedCount: 1 });
    });

    it('updates one or many and counts what matched and what changed', async () => {
      const { Book } = models();
      await fillBooks(models());
      const mark = { $set: { mixed: 'marked' } };
      expect(await Book.collection.updateMany({ tags: 'odd' }, mark)).toMatchObject({
        matchedCount: 25,
        modifiedCount: 25,
      });
      expect(await Book.collection.updateMany({ tags: 'odd' }, mark)).toMatchObject({
        matchedCount: 25,
        modifiedCount: 0,
      });
      expect(await Book.updateOne({ n: 1000 }, mark)).toMatchObject({ matchedCount: 0 });
    });

    it('updates the element that matched, filtered elements, and sets and lists', async () => {
      const { Book } = models();
      await fillBooks(models());
      await Book.updateOne({ n: 3, 'parts.k': 'b' }, { $set: { 'parts.$.v': 100 } });
      await Book.updateOne(
        { n: 3 },
        { $inc: { 'parts.$[part].v': 1 } },
        { arrayFilters: [{ 'part.k': 'a' }] },
      );
      expect((await Book.findOne({ n: 3 }).lean())?.parts).toEqual([
        { k: 'a', v: 4 },
        { k: 'b', v: 100 },
      ]);
      await Book.updateOne(
        { n: 4 },
        { $addToSet: { tags: 'even' }, $unset: { when: 1 }, $pull: { parts: { k: 'a' } } },
      );
      const four = await Book.findOne({ n: 4 }).lean();
      expect(four).toMatchObject({ tags: ['even'], parts: [{ k: 'b', v: -4 }] });
      expect(four).not.toHaveProperty('when');
    });

    it('finds and updates: before, after, upsert, $setOnInsert, and what happened', async () => {
      const { Author } = models();
      const upsert = { upsert: true, setDefaultsOnInsert: false } as const;
      const change = { $inc: { age: 5 }, $setOnInsert: { createdAt: new Date(9) } };
      const filter = { name: 'up' };
      const first = await Author.findOneAndUpdate(filter, change, {
        ...upsert,
        timestamps: false,
        returnDocument: 'after',
      });
      expect(first).toMatchObject({ name: 'up', age: 5, createdAt: new Date(9) });
      const before = await Author.findOneAndUpdate(filter, change, {
        ...upsert,
        timestamps: false,
        returnDocument: 'before',
      });
      expect(before?.age).toBe(5);
      const told = await Author.findOneAndUpdate(
        filter,
        { $inc: { age: 1 } },
        { returnDocument: 'after', includeResultMetadata: true },
      );
      expect(told.value).toMatchObject({ age: 11, createdAt: new Date(9) });
      expect(told.lastErrorObject).toMatchObject({ updatedExisting: true, n: 1 });
      expect(await Author.findOneAndUpdate({ name: 'none' }, { age: 1 })).toBeNull();
    });

    it('upserts with an id of its own and replaces', async () => {
      const { Author } = models();
      const result = await Author.updateOne({ name: 'new' }, { age: 1 }, { upsert: true });
      expect(result.upsertedCount).toBe(1);
      expect(result.upsertedId).not.toBeNull();
      expect(await Author.replaceOne({ name: 'new' }, { name: 'newer' })).toMatchObject({
        modifiedCount: 1,
      });
      expect((await Author.findById(result.upsertedId).lean())?.age).toBeUndefined();
    });

    it('deletes one, many, and the one it hands back', async () => {
      const { Book } = models();
      await fillBooks(models());
      expect(await Book.deleteOne({ n: 49 })).toMatchObject({ deletedCount: 1 });
      expect((await Book.findOneAndDelete({ n: 48 }))?.n).toBe(48);
      expect(await Book.deleteMany({ n: { $gt: 45 } })).toMatchObject({ deletedCount: 2 });
      expect(await Book.deleteMany({ n: { $gt: 45 } })).toMatchObject({ deletedCount: 0 });
    });

    it('saves only over the version that was read', async () => {
      const { Book } = models();
      await fillBooks(models());
      const mine = await Book.findOne({ n: 20 }).orFail();
      const yours = await Book.findOne({ n: 20 }).orFail();
      mine.title = 'mine';
      await mine.save();
      yours.title = 'yours';
      await expect(yours.save()).rejects.toMatchObject({ name: 'VersionError' });
      expect(await Book.findOne({ n: 20 }).lean()).toMatchObject({ title: 'mine', __v: 1 });
    });
  });
}
