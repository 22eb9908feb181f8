import { type Connection } from 'mongoose';
import type { Scope } from '../domain/roles.ts';
import { awardModel } from './award-model.ts';

export interface Period {
  readonly from: Date;
  /** Not of the period any more. */
  readonly to: Date;
}

/** One review that decided something in the period. */
export interface ReviewFact {
  readonly achievement: string;
  readonly reviewer: string;
  readonly decision: 'approve' | 'revise' | 'decline';
  readonly round: number;
  /** From handing in; null for what is older than these dates. */
  readonly ms: number | null;
}

export type ReportStore = ReturnType<typeof createReportStore>;

/** What a school improves by, counted in the store. */
export function createReportStore(connection: Connection) {
  const awards = awardModel(connection);
  const submissions = connection.model('Submission');
  const standards = connection.model<{ _id: string; code?: string; statement: string }>('Standard');

  return { listEarned, listReviews, listLeaves };

  /** Achievements that somebody was awarded in the period. */
  async function listEarned(
    { organization }: Scope,
    { from, to }: Period,
  ): Promise<readonly string[]> {
    const found = await awards.aggregate<{ _id: string }>([
      { $match: { organization, awardedAt: { $gte: from, $lt: to } } },
      { $group: { _id: '$achievement' } },
    ]);
    return found.map(({ _id }) => _id);
  }

  /** A first reader's approval decides nothing and is left out. */
  async function listReviews(
    { organization }: Scope,
    { from, to }: Period,
  ): Promise<readonly ReviewFact[]> {
    const within = { $gte: from, $lt: to };
    return submissions.aggregate<ReviewFact>([
      { $match: { organization, 'reviews.at': within } },
      { $project: { handedIn: 1, deciding: '$decisions.review', reviews: 1 } },
      { $unwind: '$reviews' },
      { $match: { 'reviews.at': within } },
      {
        $project: {
          _id: 0,
          achievement: '$reviews.achievement',
          reviewer: '$reviews.reviewer',
          decision: '$reviews.decision',
          round: '$reviews.round',
          decides: {
            $or: [
              { $ne: ['$reviews.decision', 'approve'] },
              { $in: ['$reviews.id', { $ifNull: ['$deciding', []] }] },
            ],
          },
          ms: {
            $subtract: [
              '$reviews.at',
              {
                $arrayElemAt: [
                  { $ifNull: ['$handedIn', []] },
                  { $subtract: ['$reviews.round', 1] },
                ],
              },
            ],
          },
        },
      },
      { $match: { decides: true } },
    ]);
  }

  /** Standards of a framework that are in force and have none below them, in reading order. */
  async function listLeaves({ organization }: Scope, framework: string) {
    const found = await standards
      .find({ organization, framework, state: 'current' })
      .sort({ order: 1 })
      .select({ identifier: 1, code: 1, statement: 1, parents: 1 })
      .lean<
        { _id: string; identifier: string; code?: string; statement: string; parents: string[] }[]
      >();
    const parents = new Set(found.flatMap((standard) => standard.parents));
    return found
      .filter(({ identifier }) => !parents.has(identifier))
      .map(({ _id: id, code, statement }) =>
        code === undefined ? { id, statement } : { id, code, statement },
      );
  }
}
