import type { Connection } from 'mongoose';
import {
  arrivalMs,
  decidePriority,
  queuedMs,
  signingMs,
  type Award,
  type Issuance,
  type Priority,
} from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import { newId } from '../shared/ids.ts';
import { awardModel, presentAward, type AwardDocument } from './award-model.ts';

/** An award to ring for. */
export interface DueAward {
  readonly id: string;
  readonly priority: Priority;
}

/** What a signer needs: the award and the exact text to sign. */
export interface ClaimedAward {
  readonly award: Award;
  readonly unsigned: string;
}

export type IssuanceStore = ReturnType<typeof createIssuanceStore>;

/** The outbox inside the awards: every step is one update that carries the state it expects. */
export function createIssuanceStore(connection: Connection) {
  const model = awardModel(connection);

  return {
    ...createOutbox(model),
    ...createCounts(model),
    claim,
    exchangeKeys,
    finish,
    giveBack,
    fail,
    restart,
  };

  /** Takes the award for signing; undefined when it is done, failed, or another signer has it. */
  async function claim(id: string, now: Date): Promise<ClaimedAward | undefined> {
    const found = await model
      .findOneAndUpdate(
        {
          _id: id,
          $or: [
            { 'issuance.state': 'queued' },
            { 'issuance.state': 'requested', 'issuance.error': { $exists: false } },
            // Not before its time: one that failed waits, however often it rings.
            { 'issuance.state': { $in: ['requested', 'signing'] }, due: { $lte: now } },
          ],
        },
        {
          $set: { 'issuance.state': 'signing', due: new Date(now.getTime() + signingMs) },
          $inc: { 'issuance.attempts': 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<AwardDocument>();
    if (found?.unsigned === undefined) return undefined;
    return { award: presentAward(found), unsigned: found.unsigned };
  }

  /** Other keys for what is being signed and was not issued yet; false when somebody else did it first. */
  async function exchangeKeys(
    id: string,
    { from, to }: { from: Issuance['keys']; to: Issuance['keys'] },
  ): Promise<boolean> {
    const { modifiedCount } = await model.updateOne(
      {
        _id: id,
        'issuance.state': 'signing',
        'issuance.keys.dataIntegrity': from.dataIntegrity,
        'issuance.keys.jwt': from.jwt,
      },
      { $set: { 'issuance.keys': to } },
    );
    return modifiedCount === 1;
  }

  async function finish(id: string, issuedAt: Date): Promise<void> {
    await model.updateOne(
      { _id: id, 'issuance.state': 'signing' },
      {
        $set: {
          'issuance.state': 'issued',
          'issuance.issuedAt': issuedAt,
          undecided: newId(),
        },
        $unset: { due: 1, unsigned: 1, 'issuance.error': 1 },
      },
    );
  }

  /** This attempt failed; the next one may start at `due`. */
  async function giveBack(
    id: string,
    error: { code: string; message: string },
    { due, attempts }: { due: Date; attempts: number },
  ): Promise<void> {
    await model.updateOne(
      { _id: id, 'issuance.state': 'signing' },
      {
        $set: {
          'issuance.state': 'requested',
          'issuance.attempts': attempts,
          'issuance.error': error,
          due,
        },
      },
    );
  }

  /** The last attempt failed: a person has to look. */
  async function fail(id: string, error: { code: string; message: string }): Promise<void> {
    await model.updateOne(
      { _id: id, 'issuance.state': 'signing' },
      { $set: { 'issuance.state': 'failed', 'issuance.error': error }, $unset: { due: 1 } },
    );
  }

  /** A person says: try again. Undefined when it had not failed. */
  async function restart(
    { organization }: Scope,
    id: string,
    now: Date,
  ): Promise<Award | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, 'issuance.state': 'failed' },
        { $set: { 'issuance.state': 'requested', 'issuance.attempts': 0, due: now } },
        { returnDocument: 'after' },
      )
      .lean<AwardDocument>();
    return found === null ? undefined : presentAward(found);
  }
}

/** Of all organizations. */
function createCounts(model: ReturnType<typeof awardModel>) {
  return { countFailed, measure };

  async function countFailed(): Promise<number> {
    return model.countDocuments({ 'issuance.state': 'failed' });
  }

  /** How many are on their way, and since when the first of them. */
  async function measure(): Promise<{ readonly size: number; readonly oldest?: Date }> {
    const [found] = await model.aggregate<{ size: number; oldest: Date }>([
      { $match: { due: { $exists: true, $gt: new Date(0) } } },
      { $group: { _id: null, size: { $sum: 1 }, oldest: { $min: '$issuance.requestedAt' } } },
    ]);
    return found === undefined ? { size: 0 } : { size: found.size, oldest: found.oldest };
  }
}

/** What has to be rung for. */
function createOutbox(model: ReturnType<typeof awardModel>) {
  return { listDue, listLost, markQueued };

  /** Awards of all organizations that somebody should look at now, longest waiting first. */
  async function listDue(now: Date, limit: number): Promise<readonly DueAward[]> {
    return listForQueue({ due: { $exists: true, $lte: now } }, limit);
  }

  /** Those that have been in the queue for a moment: should it be empty, it has lost them. */
  async function listLost(now: Date, limit: number): Promise<readonly DueAward[]> {
    const due = { $exists: true, $lte: new Date(now.getTime() + queuedMs - arrivalMs) };
    return listForQueue({ due, 'issuance.state': 'queued' }, limit);
  }

  async function listForQueue(filter: object, limit: number): Promise<readonly DueAward[]> {
    const found = await model
      .find(filter)
      .sort({ due: 1 })
      .limit(limit)
      .select({ source: 1 })
      .lean<Pick<AwardDocument, '_id' | 'source'>[]>();
    return found.map(({ _id, source }) => ({ id: _id, priority: decidePriority(source) }));
  }

  /**
   * In the queue now; looked at again when the queue has lost them. How many there were: those that are being signed,
   * or are done, are none.
   */
  async function markQueued(ids: readonly string[], now: Date): Promise<number> {
    if (ids.length === 0) return 0;
    const { modifiedCount } = await model.updateMany(
      {
        _id: { $in: [...ids] },
        // Not those that were tried meanwhile and wait for their next attempt.
        $or: [
          { 'issuance.state': 'queued' },
          { 'issuance.state': 'requested', due: { $lte: now } },
        ],
      },
      { $set: { 'issuance.state': 'queued', due: new Date(now.getTime() + queuedMs) } },
    );
    return modifiedCount;
  }
}
