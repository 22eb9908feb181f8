import { deserialize } from 'bson';
import type { Connection } from 'mongoose';
import { conflict, ServiceError } from '../../shared/errors.ts';
import { isUnfinished, markUnfinished, ofTheMoment, withSign } from './marker.ts';
import { isAnybodyPresent, presenceMs } from './presence.ts';
import { databaseOf, tallyOf, type DocumentSource } from './source.ts';
import { isSame, type Tally } from './tally.ts';

export type DocumentTarget = ReturnType<typeof createTarget>;

/** A database that is filled from nothing. Until it is finished, no Cairn starts on it. */
export function createTarget(connection: Connection) {
  const db = databaseOf(connection);

  return { begin, isSameAs, write, check };

  /**
   * Takes an empty database, one that an earlier run left unfinished, or with `force` any, but none that is in use.
   * @throws ServiceError `store.not_empty`, `store.in_use`
   */
  async function begin(force: boolean): Promise<void> {
    if (await isAnybodyPresent(db)) throw inUse();
    if (!force && !(await isUnfinished(connection)) && !(await isEmpty())) throw notEmpty();
    await markUnfinished(connection);
    for (const name of await listNames()) await db.collection(name).deleteMany({});
  }

  /** Whether filling this one would be at the cost of `source`. */
  async function isSameAs(source: DocumentSource): Promise<boolean> {
    return withSign(connection, (sign) => source.hasSign(sign));
  }

  async function isEmpty(): Promise<boolean> {
    for (const name of await listNames()) {
      if ((await db.collection(name).findOne({})) !== null) return false;
    }
    return true;
  }

  async function listNames(): Promise<readonly string[]> {
    const found = await db.listCollections({}, { nameOnly: true }).toArray();
    return found
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('system.') && !ofTheMoment.has(name));
  }

  /** Every document as the same bytes. */
  async function write(name: string, documents: readonly Uint8Array[]): Promise<void> {
    await db.collection(name).insertMany(documents.map(readExactly));
  }

  /** Reads everything back. What expires by itself may be gone already and is left out. */
  async function check(expected: ReadonlyMap<string, Tally>): Promise<void> {
    for (const [name, tally] of expected) {
      if (tally.documents > 0 && (await expires(name))) continue;
      const documents = db.collection(name).find({}, { raw: true, sort: { _id: 1 } });
      const found = await tallyOf(documents.map((document) => document as unknown as Uint8Array));
      if (!isSame(found, tally)) throw different(name, found, tally);
    }
  }

  async function expires(name: string): Promise<boolean> {
    const indexes: readonly object[] = await db.collection(name).listIndexes().toArray();
    return indexes.some((index) => 'expireAfterSeconds' in index);
  }
}

/** Numbers keep the type that they have: 1 and 1.0 are other bytes. */
function readExactly(document: Uint8Array): object {
  return deserialize(document, {
    promoteValues: false,
    promoteLongs: false,
    promoteBuffers: false,
    bsonRegExp: true,
  });
}

export function notEmpty(): ServiceError {
  return conflict(
    'store.not_empty',
    'The store that this would go into is not empty. Choose another one, or replace what is there with --force.',
  );
}

function inUse(): ServiceError {
  return conflict(
    'store.in_use',
    `Cairn is running on this database. Stop every process of it first (one that was killed counts for ${presenceMs / 1_000} seconds more).`,
  );
}

function different(name: string, found: Tally, expected: Tally): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.copy_differs',
    `What was written of ${name} is not what was read (${found.documents} of ${expected.documents} documents, or other bytes). Nothing was put in use; run the command again.`,
  );
}
