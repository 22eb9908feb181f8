import { access, readFile } from 'node:fs/promises';
import type { Settings } from '../config/settings.ts';
import { invalid } from '../shared/errors.ts';
import { version } from '../shared/version.ts';
import { createArchive } from '../storage/archive/archive-writer.ts';
import { noSink, readBackup } from '../storage/archive/backup-reader.ts';
import { writeBackup, type Tell } from '../storage/archive/backup-writer.ts';
import { backupFormat, type Manifest } from '../storage/archive/manifest.ts';
import { isHalfSwitched, unfinished } from '../storage/transfer/marker.ts';
import { storeFile, type Place } from '../storage/transfer/place.ts';
import { openSource } from '../storage/transfer/source.ts';
import { blobsOf, keyFileOf } from '../storage/transfer/staging.ts';

export interface BackupOptions {
  readonly file: string;
  readonly passphrase: string;
  /** Replaces a file that is there. */
  readonly force: boolean;
  /** Takes the key encryption key along, where it is one that Cairn made in the data folder. */
  readonly withKey: boolean;
}

/** Writes everything that this installation has into one encrypted file, while it runs. */
export async function makeBackup(
  settings: Settings,
  { file, passphrase, force, withKey }: BackupOptions,
  tell: Tell,
): Promise<Manifest> {
  const place = placeOf(settings);
  if (isHalfSwitched(settings.dataDir)) throw unfinished();
  if (place.engine === 'embedded') await assertStore(place.directory);
  const archive = await createArchive(file, { passphrase, force });
  try {
    const source = await openSource(place);
    const head = { format: backupFormat, cairn: version, madeAt: new Date().toISOString() };
    try {
      const key = withKey ? await readOwnKey(settings) : undefined;
      const blobs = blobsOf(settings.dataDir);
      const manifest = await writeBackup(archive, { head, source, blobs, key }, tell);
      await archive.finish();
      return manifest;
    } finally {
      await source.close();
    }
  } catch (error) {
    await archive.discard();
    throw error;
  }
}

/** Reads a backup to its end and changes nothing. */
export function checkBackup(
  file: string,
  passphrase: string,
  onBytes: (done: number) => void,
): Promise<Manifest> {
  return readBackup(file, { passphrase, onBytes }, noSink);
}

export function placeOf({ mongodbUri, dataDir }: Settings): Place {
  return mongodbUri === undefined
    ? { engine: 'embedded', directory: dataDir }
    : { engine: 'mongodb', uri: mongodbUri };
}

async function assertStore(directory: string): Promise<void> {
  await access(storeFile(directory)).catch(() => {
    throw invalid(
      'backup.nothing',
      `There is nothing to back up in ${directory} (CAIRN_DATA_DIR names the folder).`,
    );
  });
}

/** A key that the operator brought stays with the operator. */
async function readOwnKey({ keyEncryptionKey, dataDir }: Settings): Promise<string | undefined> {
  if (keyEncryptionKey !== undefined) return undefined;
  return readFile(keyFileOf(dataDir), 'utf8').catch(() => undefined);
}
