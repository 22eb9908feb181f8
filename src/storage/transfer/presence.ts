import type { mongo } from 'mongoose';
import { newRandomId } from '../../shared/ids.ts';
import { readStoreTime } from '../locks.ts';

/** A process that was killed is taken for running until then. */
export const presenceMs = 15_000;
const renewMs = 5_000;

interface Presence {
  readonly _id: string;
  readonly until: Date;
}

/** By the id, which needs no index of its own; other locks have other names. */
const anyProcess = { $gte: 'process:', $lt: 'process;' };

const presences = (db: mongo.Db) => db.collection<Presence>('locks');

/** Says in a database that a process works on it, until stopped: nobody shall fill it from a backup meanwhile. */
export async function announcePresence(db: mongo.Db): Promise<() => Promise<void>> {
  const _id = `process:${newRandomId()}`;
  const renew = async () => {
    const until = new Date((await readStoreTime(db)).getTime() + presenceMs);
    await presences(db).updateOne({ _id }, { $set: { until } }, { upsert: true });
  };
  await presences(db).deleteMany({ _id: anyProcess, until: { $lte: await readStoreTime(db) } });
  await renew();
  let renewed = Promise.resolve();
  const renewal = setInterval(() => {
    renewed = renew().catch(() => undefined);
  }, renewMs);
  renewal.unref();
  return async () => {
    clearInterval(renewal);
    await renewed;
    // A store that is away forgets by itself.
    await presences(db)
      .deleteOne({ _id })
      .catch(() => undefined);
  };
}

export async function isAnybodyPresent(db: mongo.Db): Promise<boolean> {
  const now = await readStoreTime(db);
  return (await presences(db).findOne({ _id: anyProcess, until: { $gt: now } })) !== null;
}
