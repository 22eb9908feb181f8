import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { explainDisk, noFile, notAJournal } from '../storage/archive/errors.ts';
import { parseErasures } from '../domain/erasures.ts';
import { noSink, readBackup } from '../storage/archive/backup-reader.ts';
import type { Manifest } from '../storage/archive/manifest.ts';
import {
  assertEmpty,
  assertNotInUse,
  finishTarget,
  openTarget,
} from '../storage/transfer/open-target.ts';
import { systemClock, type Clock } from '../shared/clock.ts';
import { createErasureLog } from '../storage/erasure-log.ts';
import { isHalfSwitched } from '../storage/transfer/marker.ts';
import type { Place } from '../storage/transfer/place.ts';
import { assertNoFiles, openStaging, type Staging } from '../storage/transfer/staging.ts';
import { placeOf } from './backup.ts';
import { compose, type Cairn } from './compose.ts';
import { keepSecrets, tryKeysOf, wrongKey } from './restore-keys.ts';

export interface RestoreOptions {
  readonly file: string;
  readonly passphrase: string;
  /** Replaces what is there. */
  readonly force: boolean;
  /** Goes on when the private keys cannot be opened. */
  readonly withoutKeys: boolean;
  /** Journals of erasures, beside the one of this data folder. */
  readonly erasures: readonly string[];
}

export interface RestoreReport {
  readonly manifest: Manifest;
  readonly credentials: number;
  readonly statusLists: number;
  /** Letters that were on their way by mail when the backup was made; they are kept and not sent. */
  readonly lettersWaiting: number;
  /** Whether the private keys open with the key encryption key. */
  readonly keysOpen: boolean;
  /** How many people were erased again, because a journal says that they were. */
  readonly erased: number;
  /** Lines of the journals that could not be read. */
  readonly unreadable: number;
  /** What was wrong with the installation that the backup is of; none when all is well. */
  readonly problems: readonly string[];
}

/** Hears how many bytes of how many were read. */
export type TellBytes = (done: number, total: number) => void;

/**
 * Makes everything that is in a backup the installation that the settings name. Whatever is wrong shows before the
 * first change; from there on an interruption leaves something on which no Cairn starts, and the same command again
 * completes it.
 */
export async function restoreBackup(
  given: Settings,
  options: RestoreOptions,
  tell: TellBytes,
  now: Clock = systemClock,
): Promise<RestoreReport> {
  const settings = keepSecrets(given);
  const { dataDir } = settings;
  const place = placeOf(settings);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if (place.engine === 'embedded') await assertNotInUse(dataDir);
  if (!options.force && !isHalfSwitched(dataDir)) {
    await assertNoFiles(dataDir);
    await assertEmpty(place);
  }
  const journals = await readJournals(settings, options.erasures);
  const onBytes = await meter(options.file, place, tell);
  const staging = await openStaging(dataDir, { files: true });
  const staged = { ...settings, dataDir: staging.directory };
  try {
    // A database has no staging area, so the whole file is looked at and its keys are tried before the first write.
    if (place.engine === 'mongodb') {
      await examine(staged, staging, { ...options, onBytes: onBytes(0) });
    }
    const to = place.engine === 'mongodb' ? place : { ...place, directory: staging.directory };
    const manifest = await fill(to, staging, { ...options, onBytes: onBytes(1) });
    const { withoutKeys } = options;
    const report = await settle(staged, { manifest, journals, withoutKeys, now });
    await staging.switchIn(() => finishTarget(to));
    return report;
  } catch (error) {
    await staging.discard();
    throw explainDisk(error);
  }
}

/** Who was erased after the backup is known outside of it only. */
async function readJournals(
  { dataDir, erasureLog }: Settings,
  named: readonly string[],
): Promise<readonly string[]> {
  // One that is there and cannot be read stops the restore: who stands in it would come back.
  const own = await createErasureLog(erasureLog ?? join(dataDir, 'erasures.jsonl')).read();
  const others = named.map(async (path) => {
    const text = await readFile(path, 'utf8').catch(() => {
      throw noFile(path);
    });
    const { entries, unreadable } = parseErasures(text);
    if (entries.length === 0 && unreadable > 0) throw notAJournal(path);
    return text;
  });
  return [own, ...(await Promise.all(others))].filter((text) => text !== '');
}

async function meter(file: string, { engine }: Place, tell: TellBytes) {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  const passes = engine === 'mongodb' ? 2 : 1;
  return (pass: number) => (done: number) => {
    tell((passes === 1 ? 0 : pass * size) + done, passes * size);
  };
}

type Reading = RestoreOptions & { readonly onBytes: (done: number) => void };

/** Reads the backup to its end into nothing but the staging area: its key, where it has one. */
async function examine(
  staged: Settings,
  staging: Staging,
  { file, passphrase, withoutKeys, onBytes }: Reading,
): Promise<void> {
  const keys: Uint8Array[] = [];
  const documents = (collection: string, some: readonly Uint8Array[]) => {
    if (collection === 'signingKeys') keys.push(...some);
    return Promise.resolve();
  };
  await staging.setKey();
  await readBackup(file, { passphrase, onBytes }, { ...noSink, documents, key: staging.setKey });
  await tryKeysOf(staged, keys, { withoutKeys });
}

async function fill(
  to: Place,
  staging: Staging,
  { file, passphrase, force, onBytes }: Reading,
): Promise<Manifest> {
  const target = await openTarget(to);
  try {
    if (to.engine === 'mongodb') await target.begin(force);
    await staging.setKey();
    const manifest = await readBackup(
      file,
      { passphrase, onBytes },
      { documents: target.write, file: staging.addFile, key: staging.setKey },
    );
    await target.check(new Map(Object.entries(manifest.collections)));
    return manifest;
  } finally {
    await target.close();
  }
}

/** Whatever a restored installation needs before anybody uses it, and a look whether it works. */
async function settle(
  settings: Settings,
  {
    manifest,
    journals,
    withoutKeys,
    now,
  }: { manifest: Manifest; journals: readonly string[]; withoutKeys: boolean; now: Clock },
): Promise<RestoreReport> {
  const cairn = await compose(settings, { unfinished: true });
  try {
    const keyFault = await findKeyFault(cairn);
    if (keyFault !== undefined && !withoutKeys) throw wrongKey(keyFault);
    const replayed = { erased: 0, unreadable: 0 };
    for (const text of journals) {
      const { erased, unreadable } = await cairn.services.erasures.replayLog(text);
      replayed.erased += erased;
      replayed.unreadable += unreadable;
    }
    const { organizations, statusLists } = cairn.storage.stores;
    const { waiting } = await cairn.services.letterSender.count();
    await organizations.markRestored(now());
    return {
      manifest,
      ...replayed,
      lettersWaiting: waiting,
      statusLists: await statusLists.renew(now()),
      credentials: manifest.collections.credentials?.documents ?? 0,
      keysOpen: keyFault === undefined,
      problems: await findProblems(cairn),
    };
  } finally {
    await cairn[Symbol.asyncDispose]();
  }
}

async function findKeyFault({ services }: Cairn): Promise<unknown> {
  try {
    await services.signingKeys.selfTest();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function findProblems({ services, storage }: Cairn): Promise<readonly string[]> {
  const chains = [...(await services.audit.verify()), ...(await services.issuanceLog.verify())];
  return [...(await storage.verify()), ...chains.flatMap(({ fault }) => fault ?? [])];
}
