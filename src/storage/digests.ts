import { Schema, type Connection } from 'mongoose';
import type { Digest, DigestMail } from '../domain/digests.ts';
import type { Scope } from '../domain/roles.ts';
import {
  fromStored,
  insertEach,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

const schema = new Schema<Stored<Digest>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    person: { type: String, required: true },
    week: { type: String, required: true },
    language: { type: String, required: true },
    learners: { type: [Object], required: true },
    text: { type: String, required: true },
    mail: { type: Object, default: undefined },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, person: 1, week: 1 }, { unique: true });
schema.index({ organization: 1, person: 1, _id: -1 });
schema.index({ organization: 1, 'learners.learner': 1 });
schema.index({ 'mail.due': 1 }, { partialFilterExpression: { 'mail.due': { $exists: true } } });
schema.index(
  { 'mail.state': 1, week: 1 },
  { partialFilterExpression: { 'mail.state': 'failed' }, name: 'failed_letters' },
);
schema.index(
  { organization: 1, 'mail.state': 1, _id: -1 },
  { partialFilterExpression: { 'mail.state': 'failed' }, name: 'failed_letters_of_school' },
);

/** A letter that somebody is about to send. */
export type ClaimedDigest = Digest & { readonly mail: DigestMail };

export type DigestStore = ReturnType<typeof createDigestStore>;

export function createDigestStore(connection: Connection) {
  const model = connection.model<Stored<Digest>>('Digest', schema, 'digests');

  return { addMany, list, listFailed, removeOf, enlist, claim, settle, giveBack, count };

  /** One letter per person and week: the first stays. */
  async function addMany(digests: readonly Digest[]): Promise<void> {
    await insertEach(connection.collection<Stored<Digest>>('digests'), digests.map(toStored));
  }

  async function list(
    { organization }: Scope,
    person: string,
    page: PageRequest,
  ): Promise<Page<Digest>> {
    return listNewest<Digest>(model, { organization, person }, page);
  }

  /** Those of a school that could not be delivered, newest first. */
  async function listFailed({ organization }: Scope, page: PageRequest): Promise<Page<Digest>> {
    return listNewest<Digest>(model, { organization, 'mail.state': 'failed' }, page);
  }

  /** Their own letters, and every letter that says something of them. */
  async function removeOf({ organization }: Scope, person: string): Promise<void> {
    await model.deleteMany({ organization, person });
    await model.deleteMany({ organization, 'learners.learner': person });
  }

  /** From now on these people's letters about the week are to be mailed. Safe to repeat: each is enlisted once. */
  async function enlist(
    { organization }: Scope,
    people: readonly string[],
    week: string,
    now: Date,
  ): Promise<void> {
    const mail: DigestMail = { state: 'waiting', attempts: 0, at: now, due: now };
    await model.updateMany(
      { organization, person: { $in: [...people] }, week, mail: { $exists: false } },
      { $set: { mail } },
    );
  }

  /** Takes the letter that waits longest, of any school; nobody else gets it before the lease is over. */
  async function claim(now: Date, lease: Date): Promise<ClaimedDigest | undefined> {
    const found = await model
      .findOneAndUpdate(
        { 'mail.due': { $exists: true, $lte: now } },
        {
          $set: { 'mail.state': 'sending', 'mail.at': now, 'mail.due': lease },
          $inc: { 'mail.attempts': 1 },
        },
        { sort: { 'mail.due': 1 }, returnDocument: 'after' },
      )
      .lean<Stored<ClaimedDigest>>();
    return found === null ? undefined : fromStored<ClaimedDigest>(found);
  }

  /** What became of it, for good. That it was sent counts also when somebody else has it by now. */
  async function settle(
    { id, mail: { attempts } }: ClaimedDigest,
    { state, at, reason }: Pick<DigestMail, 'state' | 'at' | 'reason'>,
  ): Promise<void> {
    const mail = { state, attempts, at, ...(reason === undefined ? {} : { reason }) };
    const own = state === 'sent' ? {} : { 'mail.attempts': attempts };
    await model.updateOne({ _id: id, ...own }, { $set: { mail } });
  }

  /** This attempt failed; the next one may start at `due`. Nothing happens when somebody else has it by now. */
  async function giveBack(
    { id, mail: { attempts } }: ClaimedDigest,
    again: { readonly at: Date; readonly due: Date; readonly reason: string },
  ): Promise<void> {
    const mail: DigestMail = { state: 'waiting', attempts, ...again };
    await model.updateOne(
      { _id: id, 'mail.state': 'sending', 'mail.attempts': attempts },
      { $set: { mail } },
    );
  }

  /** Of all schools: how many are on their way, and how many of this week could not be delivered. */
  async function count(week: string): Promise<{ waiting: number; failed: number }> {
    const [waiting, failed] = await Promise.all([
      model.countDocuments({ 'mail.due': { $exists: true, $gt: new Date(0) } }),
      model.countDocuments({ 'mail.state': 'failed', week }),
    ]);
    return { waiting, failed };
  }
}
