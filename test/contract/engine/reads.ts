import mongoose from 'mongoose';
import type { Models } from './models.ts';
import { fillBooks } from './models.ts';

const { Types } = mongoose;

export function describeReads(models: () => Models): void {
  describe('reading', () => {
    beforeAll(async () => {
      const { Author } = models();
      await Author.deleteMany({});
      const ann = await Author.create({ name: 'Ann', age: 40 });
      await fillBooks(models(), ann._id);
    });

    it('gives back every type as it was stored, also after an update of another field', async () => {
      const { Book } = models();
      const source = {
        title: 'types',
        n: -1,
        bin: Buffer.from([0, 255, 128, 1]),
        dec: Types.Decimal128.fromString('12345678901234567890.123'),
        when: new Date(1234567890123),
        big: 9007199254740993n,
        mixed: { list: [1, 'x', null, { y: new Date(5) }], long: 2 ** 40 },
        uid: new Types.UUID('6f1b5a6e-2f57-4d4e-9a65-0b9f0d2a7c11'),
        scores: new Map([['x', 1]]),
      };
      const { _id } = await Book.create(source);
      await Book.updateOne({ _id }, { $set: { title: 'changed' } });
      const found = await Book.findById(_id).orFail();
      expect([...(found.bin ?? [])]).toEqual([0, 255, 128, 1]);
      expect(found.dec?.toString()).toBe('12345678901234567890.123');
      expect(found.when?.getTime()).toBe(1234567890123);
      expect(found.big).toBe(9007199254740993n);
      expect(found.mixed).toEqual(source.mixed);
      expect(found.uid?.toString()).toBe('6f1b5a6e-2f57-4d4e-9a65-0b9f0d2a7c11');
      expect(found.scores?.get('x')).toBe(1);
      expect(found.title).toBe('changed');
      await Book.deleteOne({ _id });
    });

    it('finds by equality, $in, ranges, arrays, embedded documents and patterns', async () => {
      const { Book } = models();
      const numbers = async (filter: object): Promise<number[]> =>
        (await Book.find(filter).sort('n').lean()).map(({ n }) => n);
      expect(await numbers({ n: 7 })).toEqual([7]);
      expect(await numbers({ n: { $in: [3, 1, 99] } })).toEqual([1, 3]);
      expect(await numbers({ n: { $gte: 10, $lt: 13 } })).toEqual([10, 11, 12]);
      expect(await numbers({ when: { $gt: new Date(47_000) } })).toEqual([48, 49]);
      expect(await numbers({ tags: { $all: ['odd', 'm1'] } })).toEqual([1, 11, 21, 31, 41]);
      expect(await numbers({ parts: { $elemMatch: { k: 'b', v: { $lt: -47 } } } })).toEqual([
        48, 49,
      ]);
      expect(await numbers({ $or: [{ n: 1 }, { title: /^b4[01]/ }] })).toEqual([1, 40, 41]);
      expect(await numbers({ n: { $exists: false } })).toEqual([]);
      expect(await numbers({ dec: null, n: { $lt: 2 } })).toEqual([0, 1]);
      expect(await numbers({ n: { $not: { $lt: 48 } } })).toEqual([48, 49]);
      expect(await numbers({ tags: { $size: 1 }, n: { $lt: 3 } })).toEqual([0, 2]);
    });

    it('sorts up and down, skips, limits and projects', async () => {
      const { Book } = models();
      const found = await Book.find({ n: { $gte: 10, $lt: 20 } })
        .sort('-n')
        .skip(2)
        .limit(3)
        .lean();
      expect(found.map(({ n }) => n)).toEqual([17, 16, 15]);
      const byTitle = await Book.find({}).sort({ n: 1, title: -1 }).limit(2).lean();
      expect(byTitle.map(({ title }) => title)).toEqual(['b00', 'b01']);
      expect(await Book.findOne({ n: 5 }).select('title -_id').lean()).toEqual({ title: 'b05' });
      expect(await Book.findOne({ n: 5 }).select('-parts -tags -mixed').lean()).not.toHaveProperty(
        'tags',
      );
    });

    it('counts, tells the distinct values and whether there is one', async () => {
      const { Book } = models();
      expect(await Book.countDocuments({ when: { $gt: new Date(40_000) } })).toBe(9);
      expect(await Book.countDocuments({ tags: 'odd' }).skip(20).limit(3)).toBe(3);
      expect(await Book.estimatedDocumentCount()).toBe(50);
      expect((await Book.distinct('tags', { n: { $lt: 4 } })).sort()).toEqual([
        'even',
        'm1',
        'm3',
        'odd',
      ]);
      expect(await Book.exists({ n: 1 })).not.toBeNull();
      expect(await Book.exists({ n: 1000 })).toBeNull();
    });

    it('hands out long results batch by batch', async () => {
      const { Book } = models();
      let seen = 0;
      for await (const { n } of Book.find({}).sort('n').lean().cursor({ batchSize: 7 })) {
        expect(n).toBe(seen);
        seen++;
      }
      expect(seen).toBe(50);
      const cursor = Book.aggregate<{ n: number }>([{ $match: { tags: 'odd' } }]).cursor({
        batchSize: 4,
      });
      let odd = 0;
      for await (const { n } of cursor) odd += n % 2;
      expect(odd).toBe(25);
    });

    it('forgets a cursor that is closed before its end', async () => {
      const { Book } = models();
      const cursor = Book.collection.find({}, { batchSize: 2 });
      await cursor.next();
      await cursor.close();
      await expect(
        Book.db.db?.command({ getMore: cursor.id ?? 0n, collection: Book.collection.name }),
      ).rejects.toThrow();
    });

    it('aggregates', async () => {
      const { Book } = models();
      const groups = await Book.aggregate<unknown>([
        { $match: { n: { $gte: 0, $lt: 10 }, title: /^b/ } },
        { $unwind: '$tags' },
        { $group: { _id: '$tags', count: { $sum: 1 }, most: { $max: '$n' } } },
        { $sort: { count: -1, _id: 1 } },
        { $limit: 2 },
      ]);
      expect(groups).toEqual([
        { _id: 'even', count: 5, most: 8 },
        { _id: 'odd', count: 5, most: 9 },
      ]);
      const joined = await Book.aggregate<unknown>([
        { $match: { n: 1 } },
        {
          $lookup: { from: 'authors', localField: 'author', foreignField: '_id', as: 'authors' },
        },
        { $project: { _id: 0, name: { $arrayElemAt: ['$authors.name', 0] } } },
      ]);
      expect(joined).toEqual([{ name: 'Ann' }]);
    });

    it('populates', async () => {
      const { Book } = models();
      const book = await Book.findOne({ n: 10 }).populate<{ author: { name: string } }>(
        'author',
        'name',
      );
      expect(book?.author.name).toBe('Ann');
    });
  });
}
