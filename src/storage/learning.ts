import { type Connection } from 'mongoose';
import type { Achievement } from '../domain/achievements.ts';
import type { KnownSubmission } from '../domain/observations.ts';
import type { HeldAward } from '../domain/progress.ts';
import type { Scope } from '../domain/roles.ts';
import type { Framework } from '../domain/standards.ts';
import { awardModel } from './awards.ts';
import type { Listed } from './achievements.ts';
import { fromStored, type Stored } from './document.ts';

/** An achievement that was published, without its content. */
export type AchievementHead = Pick<Achievement, 'id' | 'state' | 'version' | 'createdAt'> & {
  readonly listed: Listed;
};

export type FrameworkHead = Pick<Framework, 'id' | 'title' | 'levels'>;

const awardFields = {
  learner: 1,
  achievement: 1,
  version: 1,
  source: 1,
  awardedAt: 1,
  state: 1,
  revokedAt: 1,
  results: 1,
  'issuance.credential': 1,
  'issuance.state': 1,
} as const;

const submissionFields = {
  learner: 1,
  state: 1,
  round: 1,
  submittedAt: 1,
  handedIn: 1,
  createdAt: 1,
  updatedAt: 1,
  'decisions.achievement': 1,
  'decisions.version': 1,
  'decisions.state': 1,
  'decisions.review': 1,
  'decisions.award': 1,
  'reviews.id': 1,
  'reviews.achievement': 1,
  'reviews.version': 1,
  'reviews.decision': 1,
  'reviews.results': 1,
  'reviews.at': 1,
  'reviews.round': 1,
} as const;

export type LearningStore = ReturnType<typeof createLearningStore>;

/** What progress is made of, read through the models of others: few fields of many records at once. */
export function createLearningStore(connection: Connection) {
  const awards = awardModel(connection);
  const submissions = connection.model<Stored<KnownSubmission> & { organization: string }>(
    'Submission',
  );
  const achievements = connection.model<Stored<AchievementHead> & { organization: string }>(
    'Achievement',
  );
  const frameworks = connection.model<Stored<FrameworkHead> & { organization: string }>(
    'Framework',
  );

  return {
    listAwards,
    listHeld,
    listSubmissions,
    listUnfinished,
    listAchievements,
    listFrameworks,
  };

  /** Live ones only, and not what was judged: for many learners at once. */
  async function listHeld(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly HeldAward[]> {
    const { results: _results, source: _source, revokedAt: _revokedAt, ...fields } = awardFields;
    const found = await awards
      .find({ organization, learner: { $in: [...learners] }, state: 'live' })
      .select(fields)
      .lean<Stored<HeldAward>[]>();
    return found.map((stored) => fromStored<HeldAward>(stored));
  }

  /** Those in which something is still to be decided, or to be handed in again. */
  async function listUnfinished(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly KnownSubmission[]> {
    const found = await submissions
      .find({
        organization,
        learner: { $in: [...learners] },
        'decisions.state': { $in: ['pending', 'revise'] },
      })
      .select(submissionFields)
      .lean<Stored<KnownSubmission>[]>();
    return found.map((stored) => fromStored<KnownSubmission>(stored));
  }

  /** Revoked ones too. */
  async function listAwards(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly HeldAward[]> {
    const found = await awards
      .find({ organization, learner: { $in: [...learners] } })
      .select(awardFields)
      .lean<Stored<HeldAward>[]>();
    return found.map((stored) => fromStored<HeldAward>(stored));
  }

  async function listSubmissions(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly KnownSubmission[]> {
    const found = await submissions
      .find({ organization, learner: { $in: [...learners] } })
      .select(submissionFields)
      .lean<Stored<KnownSubmission>[]>();
    return found.map((stored) => fromStored<KnownSubmission>(stored));
  }

  /** Everything that was ever published, in the order of its making. */
  async function listAchievements({ organization }: Scope): Promise<readonly AchievementHead[]> {
    const found = await achievements
      .find({ organization, version: { $gte: 1 } })
      .sort({ _id: 1 })
      .select({ state: 1, version: 1, createdAt: 1, listed: 1 })
      .lean<Stored<AchievementHead>[]>();
    return found.map((stored) => fromStored<AchievementHead>(stored));
  }

  async function listFrameworks({ organization }: Scope): Promise<readonly FrameworkHead[]> {
    const found = await frameworks
      .find({ organization })
      .sort({ _id: 1 })
      .select({ title: 1, levels: 1 })
      .lean<Stored<FrameworkHead>[]>();
    return found.map((stored) => fromStored<FrameworkHead>(stored));
  }
}
