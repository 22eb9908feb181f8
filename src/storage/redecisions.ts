import type { Connection, IndexOptions, Schema } from 'mongoose';
import type { Redecision } from '../domain/level-rules.ts';
import type { Scope } from '../domain/roles.ts';

/** What a re-decision needs beside its progress: where it is, and until when somebody is at it. */
interface Work {
  /** The learner that was decided last; nothing before the first. */
  after: string;
  until: Date;
}

/** Beside what the rule says. */
export interface Redecided {
  redecision?: Redecision;
  work?: Work;
}

/** A page of learners to be decided anew. */
export interface ClaimedRedecision {
  /** Of the rule, composition or pathway. */
  readonly id: string;
  readonly organization: string;
  readonly redecision: Redecision;
  readonly after: string;
}

export interface DecidedPage {
  readonly last: string;
  readonly done: number;
  readonly certified: number;
  readonly finishedAt?: Date | undefined;
}

export const redecisionFields = { redecision: Object, work: Object };

export function indexRedecisions(schema: Pick<Schema, 'index'>): void {
  const options: IndexOptions = {
    partialFilterExpression: { 'redecision.state': 'running' },
    name: 'running_redecisions',
  };
  schema.index({ 'redecision.state': 1, 'work.until': 1 }, options);
}

/** A re-decision that is written starts with the first learner, and anybody may begin. */
export function startWork(redecision: Redecision | undefined): Pick<Redecided, 'work'> {
  return redecision?.state === 'running' ? { work: { after: '', until: new Date(0) } } : {};
}

interface Document extends Redecided {
  _id: string;
  organization: string;
}

export type RedecisionStore = ReturnType<typeof createRedecisions>;

/** One worker at a time; what it has done is written after each page, and only over what it began with. */
export function createRedecisions(connection: Connection, name: string) {
  const collection = connection.collection<Document>(name);

  return { claimRedecision, advanceRedecision, startRedecision };

  /** Of these rules, with the first learner again. */
  async function startRedecision(
    { organization }: Scope,
    ids: readonly string[],
    redecision: Redecision,
  ): Promise<void> {
    if (ids.length === 0) return;
    await collection.updateMany(
      { _id: { $in: [...ids] }, organization },
      { $set: { redecision, ...startWork(redecision) } },
    );
  }

  /** Of any school: one that nobody is at, for as long as a page may take. */
  async function claimRedecision(now: Date, until: Date): Promise<ClaimedRedecision | undefined> {
    const found = await collection.findOneAndUpdate(
      { 'redecision.state': 'running', 'work.until': { $lte: now } },
      { $set: { 'work.until': until } },
      { returnDocument: 'after' },
    );
    if (found?.redecision === undefined || found.work === undefined) return undefined;
    const { _id: id, organization, redecision, work } = found;
    return { id, organization, redecision, after: work.after };
  }

  /** False when somebody else went on from there, or the rule was changed meanwhile. */
  async function advanceRedecision(
    { id, redecision, after }: ClaimedRedecision,
    page: DecidedPage,
  ): Promise<boolean> {
    const { modifiedCount } = await collection.updateOne(
      { _id: id, 'redecision.id': redecision.id, 'work.after': after },
      {
        $set: {
          'work.after': page.last,
          'work.until': new Date(0),
          ...(page.finishedAt === undefined
            ? {}
            : { 'redecision.state': 'done', 'redecision.finishedAt': page.finishedAt }),
        },
        $inc: { 'redecision.done': page.done, 'redecision.certified': page.certified },
      },
    );
    return modifiedCount === 1;
  }
}
