// Until then each entry said of itself whether its bit was set. Now the list holds its set bits, its version and its
// time in one record (ADR 13). Code from between the two looked into the record only, and lost what was revoked before.
import { conflict } from '../../shared/errors.ts';
import {
  collectionOf,
  eachDocument,
  type Migration,
  type MigrationTools,
  type Raw,
} from './migration.ts';

const fields = ['bits', 'changes', 'epoch', 'updatedAt', 'version'];

export const statusListRecords: Migration = {
  number: 1,
  name: 'status-list-records',
  oldestCode: 3,
  up: (tools) =>
    eachDocument(tools, 'statusLists', fields, async (list, done, total) => {
      tools.tick(done, total);
      await gather(tools, list);
      tools.tick(done, total);
      await collectionOf(tools.db, 'statusEntries').updateMany(
        { list: list._id, set: { $exists: true } },
        { $unset: { set: 1 } },
      );
    }),
  down: async (tools) => {
    await eachDocument(tools, 'statusLists', fields, (list) => {
      if (listOf(list.changes).length > 0) throw stillTelling();
      return Promise.resolve();
    });
    await eachDocument(tools, 'statusLists', fields, async (list, done, total) => {
      if (list.bits === undefined) return;
      tools.tick(done, total);
      await scatter(tools, list);
    });
  },
};

/** Puts on the list what its entries say. A list that gains bits is a new version of it, with a later time. */
async function gather({ db, now }: MigrationTools, list: Raw): Promise<void> {
  const known = new Set(listOf(list.bits));
  const missing: unknown[] = [];
  for await (const { index } of collectionOf(db, 'statusEntries').find(
    { list: list._id, set: true },
    { projection: { index: 1 } },
  )) {
    if (!known.has(index)) missing.push(index);
  }
  const version = Number(list.version);
  const epoch = epochOf(list);
  const later = Math.max(epoch, now().getTime() - version);
  const { matchedCount } = await collectionOf(db, 'statusLists').updateOne(
    { _id: list._id, version },
    {
      $set: {
        bits: [...known, ...missing],
        changes: listOf(list.changes),
        epoch: missing.length > 0 ? later : epoch,
        version: missing.length > 0 ? version + 1 : version,
      },
      $unset: { updatedAt: 1 },
    },
  );
  if (matchedCount === 0) throw changedMeanwhile();
}

/** The list goes last: as long as it has its bits, the entries are written again. */
async function scatter({ db }: MigrationTools, list: Raw): Promise<void> {
  const entries = collectionOf(db, 'statusEntries');
  await entries.updateMany({ list: list._id }, { $set: { set: false } });
  for (const index of listOf(list.bits)) {
    await entries.updateOne({ list: list._id, index }, { $set: { set: true } });
  }
  await collectionOf(db, 'statusLists').updateOne(
    { _id: list._id },
    {
      $set: { updatedAt: new Date(epochOf(list) + Number(list.version)) },
      $unset: { bits: 1, changes: 1, epoch: 1, due: 1 },
    },
  );
}

function epochOf({ epoch, updatedAt, version }: Raw): number {
  if (typeof epoch === 'number') return epoch;
  return (updatedAt instanceof Date ? updatedAt.getTime() : 0) - Number(version);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function changedMeanwhile() {
  return conflict(
    'store.migration_blocked',
    'Another Cairn is changing the store meanwhile. Stop it, and try again.',
  );
}

function stillTelling() {
  return conflict(
    'store.migration_blocked',
    'A revocation or suspension is still being passed on. Let Cairn run for some seconds, stop it, and try again.',
  );
}
