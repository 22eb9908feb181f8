import type { Models } from './models.ts';

export function describeRefusals(models: () => Models): void {
  describe('refusals', () => {
    it('knows no operator by guessing', async () => {
      const { Book } = models();
      const { collection } = Book;
      await expect(collection.find({ n: { $guess: 1 } } as never).toArray()).rejects.toMatchObject({
        code: 2,
      });
      await expect(collection.updateOne({}, { $guess: { n: 1 } })).rejects.toMatchObject({
        code: 9,
      });
      await expect(collection.aggregate([{ $guess: 1 }]).toArray()).rejects.toMatchObject({
        code: 40324,
      });
      await expect(Book.db.db?.command({ guess: 1 })).rejects.toMatchObject({
        code: 59,
        codeName: 'CommandNotFound',
      });
    });

    it("refuses an update that cannot be done, with MongoDB's codes", async () => {
      const { Book } = models();
      const { collection } = Book;
      await Book.deleteMany({});
      const { _id } = await Book.create({ title: 'one', n: 1 });
      await expect(collection.updateOne({ _id }, { $inc: { title: 1 } })).rejects.toMatchObject({
        code: 14,
      });
      await expect(
        collection.updateOne({ _id }, { $set: { n: 1 }, $inc: { n: 1 } }),
      ).rejects.toMatchObject({ code: 40 });
      await expect(collection.updateOne({ _id }, { $set: { _id: 1 } })).rejects.toMatchObject({
        code: 66,
      });
    });

    it('has no such collection before something is in it', async () => {
      const { Book } = models();
      const nothing = Book.db.collection('nothing');
      expect(await nothing.find({}).toArray()).toEqual([]);
      expect(await nothing.countDocuments({})).toBe(0);
      await expect(nothing.indexes()).rejects.toMatchObject({ code: 26 });
      await expect(nothing.dropIndexes()).resolves.toBeDefined();
    });
  });
}
