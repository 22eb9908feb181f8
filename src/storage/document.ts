import { mongo } from 'mongoose';
import type { Model, QueryFilter, SchemaOptions } from 'mongoose';
import type { ServiceError } from '../shared/errors.ts';

/** How a record lies in the store: its `id` is the document's `_id`. */
export type Stored<T extends { readonly id: string }> = Omit<T, 'id'> & { _id: string };

/** Every collection's schema options: unknown fields are errors, empty objects are kept. */
export const schemaOptions = {
  strict: 'throw',
  versionKey: false,
  minimize: false,
  id: false,
} as const satisfies SchemaOptions;

export function toStored<T extends { readonly id: string }>(record: T): Stored<T> {
  const { id, ...rest } = record;
  return { _id: id, ...rest };
}

export function fromStored<T extends { readonly id: string }>(stored: Stored<T>): T {
  const { _id, ...rest } = stored;
  return { id: _id, ...rest } as unknown as T;
}

/** Whether a unique index refused the write: somebody else was first. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11000;
}

/**
 * Adds documents in one command, each by itself and past Mongoose, which would take longer than the store: for
 * documents that are made in one place. Answers the places of those that a unique index refused.
 */
export async function insertEach<T extends mongo.Document>(
  collection: Pick<mongo.Collection<T>, 'insertMany'>,
  documents: readonly mongo.OptionalUnlessRequiredId<T>[],
): Promise<ReadonlySet<number>> {
  if (documents.length === 0) return new Set();
  try {
    await collection.insertMany(documents, { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
    const faults = [error.writeErrors].flat();
    const isRefusal = faults.length > 0 && faults.every(({ code }) => code === 11000);
    if (!isRefusal || error.result.getWriteConcernError() !== undefined) throw error;
    return new Set(faults.map(({ index }) => index));
  }
}

/** Runs a write; when a unique index refuses it, throws `refusal` instead. */
export async function orConflict<T>(write: Promise<T>, refusal: ServiceError): Promise<T> {
  try {
    return await write;
  } catch (error) {
    throw isDuplicate(error) ? refusal : error;
  }
}

export interface PageRequest {
  readonly limit: number;
  /** The `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/**
 * One page in descending order of `_id` (newest first, because ids sort by time). The index that serves `filter`
 * must end in `_id: -1`.
 */
export async function listNewest<T extends { readonly id: string }>(
  model: Model<Stored<T>>,
  filter: QueryFilter<Stored<T>>,
  { limit, cursor }: PageRequest,
): Promise<Page<T>> {
  const after = cursor === undefined ? {} : { _id: { $lt: cursor } };
  const found = await model
    .find({ ...filter, ...after } as QueryFilter<Stored<T>>)
    .sort({ _id: -1 })
    .limit(limit + 1)
    .lean<Stored<T>[]>();
  const items = found.slice(0, limit).map((stored) => fromStored<T>(stored));
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: last.id } : { items };
}

export const batchSize = 500;

/** What comes one by one, so many at a time that one question can be about all of them. */
export async function* inBatches<T, R>(all: AsyncIterable<T>, pick: (one: T) => R) {
  let batch: R[] = [];
  for await (const one of all) {
    batch.push(pick(one));
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
