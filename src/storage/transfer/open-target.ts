import { existsSync } from 'node:fs';
import { buildIndexes, connectStore } from '../connect.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { isInUse } from '../embedded/snapshot.ts';
import { databaseName } from '../mongodb/address.ts';
import { createStores } from '../open.ts';
import { markFinished } from './marker.ts';
import { inUse, storeFile, type Place } from './place.ts';
import { openSource } from './source.ts';
import { createTarget, notEmpty, type DocumentTarget } from './target.ts';

/** A store with every index, to be filled. */
export async function openTarget(
  place: Place,
): Promise<DocumentTarget & { close: () => Promise<void> }> {
  const embedded =
    place.engine === 'embedded'
      ? // Not the power cut: the file is synced when it is closed, and used after that only.
        await startEmbedded({
          file: storeFile(place.directory),
          database: databaseName,
          durability: 'normal',
          expireEveryMs: 3_600_000,
        })
      : undefined;
  const connection = await connectStore(
    place.engine === 'mongodb' ? place.uri : (embedded?.uri ?? ''),
  );
  createStores(connection);
  await buildIndexes(connection);
  return {
    ...createTarget(connection),
    close: async () => {
      await connection.close();
      await embedded?.close();
    },
  };
}

/** @throws ServiceError `store.in_use` */
export async function assertNotInUse(directory: string): Promise<void> {
  if (await isInUse(storeFile(directory))) throw inUse(directory);
}

/**
 * A database is looked at when it is filled.
 * @throws ServiceError `store.not_empty`
 */
export async function assertEmpty(place: Place): Promise<void> {
  if (place.engine === 'mongodb' || !existsSync(storeFile(place.directory))) return;
  const source = await openSource(place);
  await source.close();
  if (source.collections.some(({ documents }) => documents > 0)) throw notEmpty();
}

/** From here on Cairn starts on it. */
export async function finishTarget(place: Place): Promise<void> {
  if (place.engine === 'embedded') return;
  const connection = await connectStore(place.uri);
  await markFinished(connection);
  await connection.close();
}
