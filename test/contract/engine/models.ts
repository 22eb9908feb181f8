import type { Connection, Model } from 'mongoose';
import mongoose from 'mongoose';

const { Schema } = mongoose;

export interface Author {
  name: string;
  age?: number;
  createdAt: Date;
}

export interface Book {
  title: string;
  author?: mongoose.Types.ObjectId;
  tags: string[];
  n: number;
  bin?: Buffer;
  dec?: mongoose.Types.Decimal128;
  when?: Date;
  big?: bigint;
  mixed?: unknown;
  uid?: mongoose.Types.UUID;
  scores?: Map<string, number>;
  parts: { k: string; v: number }[];
  __v: number;
}

export interface Job {
  key?: string;
  status?: string;
  due?: Date;
  lease?: Date;
  tries?: number;
  email?: string;
}

export interface Models {
  readonly Author: Model<Author>;
  readonly Book: Model<Book>;
  readonly Job: Model<Job>;
}

/** Between them, every kind of field, index and option that an engine must know. */
export async function createModels(connection: Connection): Promise<Models> {
  const authors = new Schema<Author>({ name: String, age: Number }, { timestamps: true }).index(
    { name: 1 },
    { unique: true },
  );
  const books = new Schema<Book>(
    {
      title: String,
      author: { type: Schema.Types.ObjectId, ref: 'Author' },
      tags: [String],
      n: Number,
      bin: Buffer,
      dec: Schema.Types.Decimal128,
      when: Date,
      big: BigInt,
      mixed: Schema.Types.Mixed,
      uid: Schema.Types.UUID,
      scores: { type: Map, of: Number },
      parts: [{ _id: false, k: String, v: Number }],
    },
    { timestamps: true, optimisticConcurrency: true },
  )
    .index({ tags: 1 })
    .index({ n: 1, title: -1 })
    .index({ 'parts.k': 1, 'parts.v': 1 });
  const jobs = new Schema<Job>({
    key: String,
    status: String,
    due: Date,
    lease: Date,
    tries: Number,
    email: String,
  })
    .index({ status: 1, due: 1 })
    .index({ key: 1 }, { unique: true, partialFilterExpression: { status: { $eq: 'open' } } })
    .index({ email: 1 }, { unique: true, sparse: true })
    .index({ lease: 1 }, { expireAfterSeconds: 3600 });
  const models = {
    Author: connection.model<Author>('Author', authors),
    Book: connection.model<Book>('Book', books),
    Job: connection.model<Job>('Job', jobs),
  };
  await Promise.all([models.Author.init(), models.Book.init(), models.Job.init()]);
  return models;
}

/** Fifty books, b00 to b49: odd ones tagged `odd` and `m<n mod 5>`, even ones `even`. */
export async function fillBooks({ Book }: Models, author?: mongoose.Types.ObjectId): Promise<void> {
  await Book.deleteMany({});
  await Book.insertMany(
    Array.from({ length: 50 }, (_, n) => ({
      title: `b${String(n).padStart(2, '0')}`,
      n,
      tags: n % 2 ? ['odd', `m${n % 5}`] : ['even'],
      ...(author ? { author } : {}),
      when: new Date(n * 1000),
      parts: [
        { k: 'a', v: n },
        { k: 'b', v: -n },
      ],
    })),
  );
}
