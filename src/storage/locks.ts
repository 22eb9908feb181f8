import type { Connection, mongo } from 'mongoose';
import { newRandomId } from '../shared/ids.ts';
import { isDuplicate } from './document.ts';
import { databaseOf } from './transfer/source.ts';

const leaseMs = 20_000;
const renewMs = 5_000;

interface Lock {
  readonly _id: string;
  readonly holder: string;
  readonly until: Date;
}

export interface HeldLock {
  /** As far as it is known: somebody who was silent for long learns it with the next renewal. */
  readonly isHeld: () => boolean;
  readonly release: () => Promise<void>;
}

export type LockStore = ReturnType<typeof createLockStore>;

export function createLockStore(connection: Connection) {
  return { take: (name: string) => takeLock(databaseOf(connection), name) };
}

/** Undefined when somebody else has it. It passes on when its holder is silent for 20 seconds, by the store's clock. */
export async function takeLock(db: mongo.Db, _id: string): Promise<HeldLock | undefined> {
  const locks = db.collection<Lock>('locks');
  const holder = newRandomId();
  if (!(await take())) return undefined;
  let isHeld = true;
  const renewal = setInterval(() => void renew(), renewMs);
  renewal.unref();

  return {
    isHeld: () => isHeld,
    release: async () => {
      clearInterval(renewal);
      await locks.deleteOne({ _id, holder });
    },
  };

  async function take(): Promise<boolean> {
    const at = await readStoreTime(db);
    const until = new Date(at.getTime() + leaseMs);
    try {
      const { modifiedCount, upsertedCount } = await locks.updateOne(
        { _id, until: { $lte: at } },
        { $set: { holder, until } },
        { upsert: true },
      );
      return modifiedCount + upsertedCount === 1;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** A renewal that fails is tried again; the lock is lost when somebody else has it. */
  async function renew(): Promise<void> {
    try {
      const until = new Date((await readStoreTime(db)).getTime() + leaseMs);
      const { matchedCount } = await locks.updateOne({ _id, holder }, { $set: { until } });
      if (matchedCount === 0) isHeld = false;
    } catch {
      return;
    }
  }
}

/** What time it is for the store: one clock for all processes. */
export async function readStoreTime(db: mongo.Db): Promise<Date> {
  const { localTime } = await db.command({ hello: 1 });
  return localTime instanceof Date ? localTime : new Date();
}
