import type { Award } from './awards.ts';
import type { Observation } from './roll-ups.ts';
import type { Criterion, Result } from './rubrics.ts';
import type { Decision, Review, Submission } from './submissions.ts';

/** The level that one criterion was found at. */
type KnownResult = Pick<Result, 'criterion' | 'level'>;

/** What is known of an award where only learning is looked at. */
export type KnownAward = Pick<
  Award,
  'id' | 'learner' | 'achievement' | 'version' | 'awardedAt' | 'state' | 'revokedAt'
> & {
  /** Of a direct award; what was found by a review stands there. */
  readonly results: readonly KnownResult[];
};

/** The same of a submission. */
export type KnownSubmission = Pick<
  Submission,
  'id' | 'learner' | 'state' | 'round' | 'submittedAt' | 'handedIn' | 'createdAt' | 'updatedAt'
> & {
  readonly decisions: readonly Pick<
    Decision,
    'achievement' | 'version' | 'state' | 'review' | 'award'
  >[];
  readonly reviews: readonly (Pick<
    Review,
    'id' | 'achievement' | 'version' | 'decision' | 'at' | 'round'
  > & { readonly results: readonly KnownResult[] })[];
};

type KnownReview = KnownSubmission['reviews'][number];

/** Whether an award counted at a moment. One that was revoked before the date of that was kept never did. */
export function countsAt(
  { awardedAt, state, revokedAt }: Pick<KnownAward, 'awardedAt' | 'state' | 'revokedAt'>,
  at: Date,
): boolean {
  if (awardedAt > at) return false;
  return state === 'live' || (revokedAt !== undefined && revokedAt > at);
}

/** A first reader's approval says nothing yet; everything else decides, and so does the approval that counted. */
export function isDeciding(
  { decisions }: Pick<KnownSubmission, 'decisions'>,
  { id, decision }: Pick<KnownReview, 'id' | 'decision'>,
): boolean {
  return decision !== 'approve' || decisions.some(({ review }) => review === id);
}

/**
 * What a set of results says as one: the lowest level found, because every criterion has to be met. The first in the
 * rubric's order gives the name where scales differ.
 */
function judge(
  rubric: readonly Criterion[],
  results: readonly KnownResult[],
): Pick<Observation, 'value' | 'level' | 'scale'> | undefined {
  let lowest: Pick<Observation, 'value' | 'level' | 'scale'> | undefined;
  for (const { id, levels } of rubric) {
    const result = results.find(({ criterion }) => criterion === id);
    const rank = levels.findIndex((level) => level.id === result?.level);
    const level = levels[rank];
    if (level === undefined) continue;
    const value = rank / Math.max(1, levels.length - 1);
    if (lowest !== undefined && value > lowest.value - 1e-9) continue;
    lowest = { value, level: level.name, scale: levels.map(({ name }) => name) };
  }
  return lowest;
}

export interface Judged {
  readonly submissions: readonly KnownSubmission[];
  readonly awards: readonly KnownAward[];
}

/** What a version's standards and rubric were. */
export interface KnownVersion {
  readonly standards: readonly string[];
  readonly rubric: readonly Criterion[];
}

/** Everything that was found of one learner until a moment, by standard. */
export function observe(
  { submissions, awards }: Judged,
  findVersion: (achievement: string, version: number) => KnownVersion | undefined,
  at: Date,
): ReadonlyMap<string, readonly Observation[]> {
  const byStandard = new Map<string, Observation[]>();
  const add = (
    judged: Pick<KnownReview, 'id' | 'achievement' | 'version' | 'results' | 'at'>,
    source: Observation['source'],
  ) => {
    const { id, achievement, version: number, results, at: then } = judged;
    const version = findVersion(achievement, number);
    const found = version && judge(version.rubric, results);
    if (found === undefined) return;
    for (const standard of version?.standards ?? []) {
      const observations = byStandard.get(standard) ?? [];
      observations.push({ id, source, achievement, at: then, ...found });
      byStandard.set(standard, observations);
    }
  };
  for (const review of listReviews({ submissions, awards }, at)) add(review, 'review');
  for (const award of awards) {
    if (countsAt(award, at)) add({ ...award, at: award.awardedAt }, 'award');
  }
  return byStandard;
}

/** What was decided until then; an approval as long as what was awarded for it counts. */
function listReviews({ submissions, awards }: Judged, at: Date): readonly KnownReview[] {
  const byId = new Map(awards.map((award) => [award.id, award]));
  return submissions.flatMap((submission) =>
    submission.reviews.filter((review) => {
      if (review.at > at || !isDeciding(submission, review)) return false;
      const decision = submission.decisions.find((one) => one.review === review.id);
      const award = byId.get(decision?.award ?? '');
      return award === undefined || award.awardedAt > at || countsAt(award, at);
    }),
  );
}
