import type { mongo } from 'mongoose';
import { invalid, ServiceError } from '../../shared/errors.ts';
import { takeLock, type HeldLock } from '../locks.ts';
import type { Migration } from './migration.ts';

/** What the store says of a migration: the record is gone when it was taken back. */
interface MigrationRecord {
  readonly _id: number;
  readonly name: string;
  readonly oldestCode: number;
  /** `up` or `down`: begun, and not through. */
  readonly state: 'up' | 'done' | 'down';
  readonly at: Date;
}

export interface MigrationState {
  readonly number: number;
  readonly name: string;
  readonly state: 'pending' | 'interrupted' | 'done' | 'newer';
  readonly at?: Date;
}

export interface MigrationStep {
  readonly migration: Migration;
  readonly direction: 'up' | 'down';
}

export interface MigrateOptions {
  /** The last one that is to be in force; all of them, unless it is given. */
  readonly to?: number | undefined;
  readonly onProgress?: ((step: MigrationStep, done: number, total: number) => void) | undefined;
}

export type Migrator = ReturnType<typeof createMigrator>;

const waitMs = 500;
const longestWaitMs = 600_000;

export function createMigrator({
  db,
  migrations,
  now,
}: {
  db: mongo.Db;
  migrations: readonly Migration[];
  now: () => Date;
}) {
  const records = db.collection<MigrationRecord>('migrations');
  const newest = migrations.at(-1)?.number ?? 0;

  return { list, plan, migrate };

  async function list(): Promise<readonly MigrationState[]> {
    const found = await readAll();
    const known = migrations.map(({ number, name }) => {
      const record = found.get(number);
      if (record === undefined) return { number, name, state: 'pending' as const };
      const state = record.state === 'done' ? ('done' as const) : ('interrupted' as const);
      return { number, name, state, at: record.at };
    });
    const newer = [...found.values()]
      .filter(({ _id }) => _id > newest)
      .map(({ _id, name, at }) => ({ number: _id, name, state: 'newer' as const, at }));
    return [...known, ...newer];
  }

  /**
   * What has to be done so that `to` is the last one in force.
   * @throws ServiceError `store.newer`, `store.no_such_migration`
   */
  async function plan(to = newest): Promise<readonly MigrationStep[]> {
    if (to !== 0 && !migrations.some(({ number }) => number === to)) throw unknown(to, newest);
    const found = await readAll();
    if ([...found.values()].some(isTooNew)) throw newerStore();
    const ups = migrations
      .filter(({ number }) => number <= to && found.get(number)?.state !== 'done')
      .map((migration) => ({ migration, direction: 'up' as const }));
    const downs = migrations
      .filter(({ number }) => number > to && found.has(number))
      .map((migration) => ({ migration, direction: 'down' as const }))
      .reverse();
    return [...downs, ...ups];
  }

  /** Whoever comes second waits until the first is through; then there is nothing left to do. */
  async function migrate({ to, onProgress }: MigrateOptions = {}): Promise<
    readonly MigrationStep[]
  > {
    const end = Date.now() + longestWaitMs;
    while ((await plan(to)).length > 0) {
      const lock = await takeLock(db, 'migrations');
      if (lock !== undefined) return runAll(lock, { to, onProgress });
      if (Date.now() > end) throw stillRunning();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    return [];
  }

  async function runAll(lock: HeldLock, { to, onProgress }: MigrateOptions) {
    try {
      const steps = await plan(to);
      for (const step of steps) {
        await run(step, (done, total) => {
          if (!lock.isHeld()) throw takenOver();
          onProgress?.(step, done, total);
        });
      }
      return steps;
    } finally {
      await lock.release();
    }
  }

  async function run(
    { migration, direction }: MigrationStep,
    tick: (done: number, total: number) => void,
  ): Promise<void> {
    const { number, name, oldestCode } = migration;
    tick(0, 0);
    await records.updateOne(
      { _id: number },
      { $set: { name, oldestCode, state: direction, at: now() } },
      { upsert: true },
    );
    await migration[direction]({ db, now, tick });
    tick(1, 1);
    if (direction === 'down') await records.deleteOne({ _id: number });
    else await records.updateOne({ _id: number }, { $set: { state: 'done', at: now() } });
  }

  async function readAll(): Promise<ReadonlyMap<number, MigrationRecord>> {
    const found = await records.find({}).sort({ _id: 1 }).toArray();
    return new Map(found.map((record) => [record._id, record]));
  }

  /** A newer version said that code like this one can go on working; half-way through one it cannot. */
  function isTooNew({ _id, oldestCode, state }: MigrationRecord): boolean {
    return _id > newest && (state !== 'done' || oldestCode > newest);
  }
}

function newerStore(): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.newer',
    'The store was changed by a newer Cairn than this one: start that version again, or let it take its changes back (cairn migrate --to) first.',
  );
}

function unknown(to: number, newest: number): ServiceError {
  return invalid(
    'store.no_such_migration',
    `There is no migration ${to}; they are numbered from 1 to ${newest}, and 0 takes all of them back.`,
  );
}

function stillRunning(): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.migration_running',
    'Another process has been bringing the store up to date for ten minutes; wait for it, then start this one again.',
  );
}

function takenOver(): ServiceError {
  return new ServiceError(
    'unavailable',
    'store.migration_taken_over',
    'Another process has taken over bringing the store up to date, because this one was silent for too long.',
  );
}
