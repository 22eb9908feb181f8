import type { Connection } from 'mongoose';
import { conflict, invalid } from '../../shared/errors.ts';
import { connectStore } from '../connect.ts';
import { openSnapshot } from '../embedded/snapshot.ts';
import { databaseName } from '../mongodb/address.ts';
import { hasSign, isHalfSwitched, isUnfinished, ofTheMoment, unfinished } from './marker.ts';
import { storeFile, type Place } from './place.ts';
import { createTally, isSame, type Tally } from './tally.ts';

/** Every document of a store, all of them from one moment. */
export interface DocumentSource {
  readonly collections: readonly { readonly name: string; readonly documents: number }[];
  /** BSON in order of `_id`. */
  read(name: string): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /**
   * Given what was read, says whether it was all from one moment.
   * @throws ServiceError `store.changed`
   */
  confirm(tallies: ReadonlyMap<string, Tally>): Promise<void>;
  /** Whether a sign that was left in a database is here. */
  hasSign(sign: string): Promise<boolean>;
  close(): Promise<void>;
}

/** @throws ServiceError `store.restore_unfinished`, `store.unreadable` */
export async function openSource(place: Place): Promise<DocumentSource> {
  return place.engine === 'embedded' ? openFile(place.directory) : openServer(place.uri);
}

async function openFile(directory: string): Promise<DocumentSource> {
  if (isHalfSwitched(directory)) throw unfinished();
  const file = storeFile(directory);
  const { close, collections, read } = await openSnapshot(file, databaseName).catch(
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw invalid('store.unreadable', `The store cannot be read: ${reason}`);
    },
  );
  return {
    collections: collections.filter(({ name }) => !ofTheMoment.has(name)),
    read,
    confirm: () => Promise.resolve(),
    // A file is no server's database; who has it open as one is refused by the lock on it.
    hasSign: () => Promise.resolve(false),
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}

/**
 * A replica set reads everything as of one time of the cluster. A server on its own cannot; there everything is read
 * twice, and what differs means that somebody was writing.
 */
async function openServer(uri: string): Promise<DocumentSource> {
  const connection = await connectStore(uri);
  const session = (await hasSnapshots(connection))
    ? connection.getClient().startSession({ snapshot: true })
    : undefined;
  const close = async () => {
    await session?.endSession();
    await connection.close();
  };
  // Named beside the session: the read concern of the connection would take its place.
  const moment = session && { session, readConcern: { level: 'snapshot' as const } };
  if (await isUnfinished(connection, moment)) {
    await close();
    throw unfinished();
  }
  const names = await listCollections(connection);

  const read = (name: string): AsyncIterable<Uint8Array> =>
    databaseOf(connection)
      .collection(name)
      .find({}, { raw: true, sort: { _id: 1 }, ...moment })
      // With `raw` documents are bytes; the driver's types do not say so.
      .map((document) => document as unknown as Uint8Array);

  return {
    collections: await Promise.all(
      names.map(async (name) => ({
        name,
        documents: await databaseOf(connection).collection(name).estimatedDocumentCount(),
      })),
    ),
    read,
    confirm: async (tallies) => {
      if (session !== undefined) return;
      for (const [name, tally] of tallies) {
        if (!isSame(await tallyOf(read(name)), tally)) throw changed();
      }
    },
    hasSign: (sign) => hasSign(connection, sign),
    close,
  };
}

export async function tallyOf(
  documents: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Tally> {
  const tally = createTally();
  for await (const document of documents) tally.add(document);
  return tally.result();
}

/** What Cairn keeps; not what a server keeps for itself, nor what says that a restore is under way. */
async function listCollections(connection: Connection): Promise<readonly string[]> {
  const found = await databaseOf(connection).listCollections({}, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.') && !ofTheMoment.has(name))
    .sort();
}

/** Members of a replica set, and routers of a sharded cluster. */
async function hasSnapshots(connection: Connection): Promise<boolean> {
  const hello = await databaseOf(connection).command({ hello: 1 });
  return typeof hello.setName === 'string' || hello.msg === 'isdbgrid';
}

export function databaseOf({ db }: Connection) {
  if (db === undefined) throw new Error('the connection is closed');
  return db;
}

function changed() {
  return conflict(
    'store.changed',
    'Somebody wrote to the database meanwhile, and this server cannot show one moment of it. Stop Cairn for as long as it takes, or make the server a replica set (one member is enough).',
  );
}
