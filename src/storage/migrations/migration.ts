import type { mongo } from 'mongoose';

export interface MigrationTools {
  readonly db: mongo.Db;
  readonly now: () => Date;
  /**
   * To be called before every write: so many of so many are done.
   * @throws when another process has taken over
   */
  readonly tick: (done: number, total: number) => void;
}

/**
 * One change of what is stored. `up` and `down` are each safe to repeat and to take up where they were interrupted: they
 * look at each record and change what is not yet as it should be.
 */
export interface Migration {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly name: string;
  /** The oldest code that can work with what `up` leaves, named by the newest migration that it knows. */
  readonly oldestCode: number;
  readonly up: (tools: MigrationTools) => Promise<void>;
  readonly down: (tools: MigrationTools) => Promise<void>;
}

/** A document of any version of the schema. */
export interface Raw {
  readonly _id: string;
  readonly [field: string]: unknown;
}

export function collectionOf(db: mongo.Db, name: string): mongo.Collection<Raw> {
  return db.collection<Raw>(name);
}

/** Every document in the order of its id, without holding them all, and with how many there are. */
export async function eachDocument(
  { db }: MigrationTools,
  name: string,
  fields: readonly string[],
  work: (document: Raw, done: number, total: number) => Promise<void>,
): Promise<void> {
  const collection = collectionOf(db, name);
  const total = await collection.estimatedDocumentCount();
  const projection = Object.fromEntries(fields.map((field) => [field, 1]));
  let done = 0;
  for await (const document of collection.find({}, { projection }).sort({ _id: 1 })) {
    await work(document, done, total);
    done += 1;
  }
}
