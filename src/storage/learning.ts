import { type Connection } from 'mongoose';
import type { Achievement } from '../domain/achievements.ts';
import type { KnownSubmission } from '../domain/observations.ts';
import type { HeldAward } from '../domain/progress.ts';
import type { Scope } from '../domain/roles.ts';
import type { Framework } from '../domain/standards.ts';
import { awardModel } from './award-model.ts';
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
  awardedAt: 1,
  state: 1,
  revokedAt: 1,
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
  'reviews.results.criterion': 1,
  'reviews.results.level': 1,
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
    const { revokedAt: _revokedAt, ...fields } = awardFields;
    const found = await awards
      .find({ organization, learner: { $in: [...learners] }, state: 'live' })
      .select(fields)
      .lean<Omit<Stored<HeldAward>, 'results'>[]>();
    return found.map((stored) => fromStored<HeldAward>({ ...stored, results: [] }));
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

  /** Revoked ones too. Results are read where a review does not have them already. */
  async function listAwards(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly HeldAward[]> {
    const those = { organization, learner: { $in: [...learners] } };
    const [found, judged] = await Promise.all([
      awards.find(those).select(awardFields).lean<Omit<Stored<HeldAward>, 'results'>[]>(),
      awards
        .find({ ...those, 'source.kind': { $ne: 'review' } })
        .select({ 'results.criterion': 1, 'results.level': 1 })
        .lean<Pick<Stored<HeldAward>, '_id' | 'results'>[]>(),
    ]);
    const resultsOf = new Map(judged.map(({ _id, results }) => [_id, results]));
    return found.map((stored) =>
      fromStored<HeldAward>({ ...stored, results: resultsOf.get(stored._id) ?? [] }),
    );
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

  /** Everything that was ever published, of one framework or all, in the order of its making. */
  async function listAchievements(
    { organization }: Scope,
    framework?: string,
  ): Promise<readonly AchievementHead[]> {
    const within = framework === undefined ? {} : { 'listed.framework': framework };
    const found = await achievements
      .find({ organization, ...within, version: { $gte: 1 } })
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
