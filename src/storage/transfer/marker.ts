import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection, mongo } from 'mongoose';
import { ServiceError } from '../../shared/errors.ts';
import { newRandomId } from '../../shared/ids.ts';

/** In the data folder from the first change of a restore to the last: what lies there is not one whole. */
export const halfSwitchedFile = (dataDir: string) => join(dataDir, 'restore-unfinished');

export const isHalfSwitched = (dataDir: string) => existsSync(halfSwitchedFile(dataDir));

/** Has a document for as long as a database is being filled: what it holds so far is not a store. */
const markerCollection = 'transfers';

/** What processes tell each other of the moment is nobody's data: it is neither backed up nor copied. */
export const ofTheMoment: ReadonlySet<string> = new Set([markerCollection, 'locks']);

const marker = { _id: 'unfinished' as unknown as never };

export async function markUnfinished(connection: Connection): Promise<void> {
  await connection
    .collection(markerCollection)
    .updateOne(marker, { $set: { at: new Date() } }, { upsert: true });
}

export async function isUnfinished(
  connection: Connection,
  moment: mongo.FindOptions = {},
): Promise<boolean> {
  return (await connection.collection(markerCollection).findOne(marker, moment)) !== null;
}

export async function markFinished(connection: Connection): Promise<void> {
  await connection.collection(markerCollection).deleteOne(marker);
}

/** Leaves a sign in a database for as long as `look` looks for it elsewhere: one database may have many addresses. */
export async function withSign<T>(
  connection: Connection,
  look: (sign: string) => Promise<T>,
): Promise<T> {
  const sign = { _id: newRandomId() as unknown as never };
  await connection.collection(markerCollection).insertOne({ ...sign, at: new Date() });
  try {
    return await look(sign._id);
  } finally {
    await connection.collection(markerCollection).deleteOne(sign);
  }
}

export async function hasSign(connection: Connection, sign: string): Promise<boolean> {
  const _id = sign as unknown as never;
  return (await connection.collection(markerCollection).findOne({ _id })) !== null;
}

export function unfinished(): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.restore_unfinished',
    'A restore or copy into this store was interrupted, so it is not complete. Run the same command again.',
  );
}
