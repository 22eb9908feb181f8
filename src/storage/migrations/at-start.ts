import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { mongo } from 'mongoose';
import { ServiceError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log.ts';
import type { Migrator, MigrationStep } from './migrator.ts';

interface Place {
  readonly db: mongo.Db;
  /** Of the embedded store. */
  readonly file?: string | undefined;
  readonly log: Log;
}

/**
 * Brings the store up to date before anything else reads it. On a server older processes may still be at work, so
 * there only what leaves them working is done without being asked.
 */
export async function migrateAtStart(migrator: Migrator, place: Place): Promise<void> {
  const steps = await migrator.plan();
  if (steps.length === 0) return;
  const isNew = await isEmpty(place.db);
  if (place.file === undefined) assertHarmless(steps, isNew);
  if (place.file === undefined || isNew) await migrator.migrate();
  else await migrateFile(migrator, { ...place, file: place.file });
  if (!isNew) {
    place.log.info({ event: 'store.migrated', count: steps.length }, 'the store is up to date');
  }
}

/**
 * Says what a start on a server would say.
 * @throws ServiceError `store.migration_pending`
 */
export async function assertStarts(steps: readonly MigrationStep[], db: mongo.Db): Promise<void> {
  assertHarmless(steps, await isEmpty(db));
}

async function isEmpty(db: mongo.Db): Promise<boolean> {
  return (await db.collection('organizations').findOne({})) === null;
}

function assertHarmless(steps: readonly MigrationStep[], isNew: boolean): void {
  if (!isNew && steps.some(breaksOlderCode)) throw pending();
}

/** With a copy beside it for as long as it takes; after a failure the copy stays, and is not written over. */
export async function migrateFile(
  migrator: Migrator,
  { db, file }: { readonly db: mongo.Db; readonly file: string },
  options: Parameters<Migrator['migrate']>[0] = {},
): Promise<readonly MigrationStep[]> {
  const copy = `${file}.before-migration`;
  if (!existsSync(copy)) {
    const part = `${copy}.part`;
    await rm(part, { force: true });
    // Filled while it is empty, it keeps its mode.
    await writeFile(part, '', { mode: 0o600 });
    await db.command({ cairnBackupStore: 1, file: part });
    await rename(part, copy);
  }
  const done = await migrator.migrate(options);
  await rm(copy, { force: true });
  return done;
}

/** Processes of the version before, still running, know every migration but these. */
function breaksOlderCode({ migration }: MigrationStep): boolean {
  return migration.oldestCode >= migration.number;
}

function pending(): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.migration_pending',
    'The database was written by an older Cairn, which cannot go on once it is brought up to date: stop every older process, then run cairn migrate.',
  );
}
