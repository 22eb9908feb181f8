import { conflict, forbidden, invalid, ServiceError } from '../shared/errors.ts';
import type { AchievementVersion } from './achievements.ts';
import type { OrganizationPolicy } from './organizations.ts';
import { assertCan, can, type Actor } from './roles.ts';
import { checkResults, decideRubric, type Result } from './rubrics.ts';
import type { Evidence } from './evidence.ts';
import { next, type Decision, type Review, type Submission } from './submissions.ts';

/** What a reviewer says about one achievement of a submission. */
export interface ReviewInput {
  readonly achievement: string;
  readonly decision: Review['decision'];
  readonly results: readonly Pick<Result, 'criterion' | 'level'>[];
  readonly feedback?: string | undefined;
  readonly overrideReason?: string | undefined;
}

export interface ReviewContext {
  readonly reviewer: Actor;
  /** The version of the achievement that the submission was handed in for. */
  readonly version: AchievementVersion;
  readonly secondReader: OrganizationPolicy['secondReader'];
  readonly makeIds: { readonly record: () => string; readonly random: () => string };
  readonly now: Date;
}

/** How many people have to approve before it counts. */
export function countReaders(
  policy: OrganizationPolicy['secondReader'],
  { kind }: Pick<AchievementVersion, 'kind'>,
): 1 | 2 {
  return policy === 'always' || (policy === 'boss' && kind === 'boss') ? 2 : 1;
}

/** Reviewing takes a role that allows it, and nobody reviews their own work. */
export function assertMayReview(reviewer: Actor, { learner }: Pick<Submission, 'learner'>): void {
  assertCan(reviewer, 'submissions.review');
  if (reviewer.id !== learner) return;
  throw forbidden('review.own_submission', 'Nobody reviews their own work. Ask somebody else to.');
}

/** The decision on `achievement` that is open for a review. */
export function getOpenDecision(submission: Submission, achievement: string): Decision {
  const decision = submission.decisions.find((one) => one.achievement === achievement);
  if (decision === undefined) {
    throw invalid(
      'review.other_achievement',
      'This submission was not handed in for that achievement.',
    );
  }
  if (decision.state !== 'pending') {
    throw conflict('review.already_decided', 'This is decided already.');
  }
  if (submission.state !== 'submitted') {
    throw conflict('review.not_submitted', 'This is not handed in, so it cannot be reviewed.');
  }
  return decision;
}

/**
 * Adds a review and draws its consequence for the one achievement that it is about. An approval that counts fixes
 * the ids of the award and of its credential, so that whatever comes after it can be repeated.
 */
export function reviewSubmission(
  submission: Submission,
  input: ReviewInput,
  context: ReviewContext,
): Submission {
  const { reviewer, now } = context;
  assertMayReview(reviewer, submission);
  const decision = getOpenDecision(submission, input.achievement);
  const review = buildReview(submission, input, context);
  const approvals = findApprovals(submission, decision);
  if (review.decision === 'approve' && approvals.some((one) => isSameReader(one, reviewer))) {
    throw conflict(
      'review.second_reader_needed',
      'You have approved this already. Somebody else has to approve it too.',
    );
  }
  const decided = decide(decision, review, approvals.length + 1, context);
  const decisions = submission.decisions.map((one) => (one === decision ? decided : one));
  const open = decisions.some(({ state }) => state === 'pending');
  const reviews = [...submission.reviews, review];
  return next(submission, { reviews, decisions, state: open ? 'submitted' : 'decided' }, now);
}

/** Nobody knows who is behind a key without a person, so all of those together count as one reader. */
function isSameReader({ reviewer, reviewerKind }: Review, { id, kind }: Actor): boolean {
  return reviewer === id || (reviewerKind === 'api-key' && kind === 'api-key');
}

/** The approvals of this round that wait for a second reader, or that decided it. */
export function findApprovals(
  { reviews, round }: Submission,
  { achievement }: Pick<Decision, 'achievement'>,
): readonly Review[] {
  return reviews.filter(
    (review) =>
      review.achievement === achievement && review.round === round && review.decision === 'approve',
  );
}

/** What the audit log and the awards have not been told yet. */
export function isDue({ reviews, audited, decisions }: Submission): boolean {
  return audited < reviews.length || decisions.some(isUnsettled);
}

/** An approval that has not been handed on to the awards. */
export function isUnsettled({ state, settled }: Decision): boolean {
  return state === 'approved' && settled === undefined;
}

/** Notes what the audit log and the awards have been told, whatever else has happened since. */
export function settleSubmission(
  submission: Submission,
  audited: number,
  outcomes: ReadonlyMap<string, NonNullable<Decision['settled']>>,
): Submission {
  const decisions = submission.decisions.map((decision) => {
    const settled = outcomes.get(decision.award ?? '');
    return settled === undefined ? decision : { ...decision, settled };
  });
  return next(
    submission,
    { decisions, audited: Math.max(audited, submission.audited) },
    submission.updatedAt,
  );
}

/** What the reviewers of that round had before them. */
export function getEvidenceOf(submission: Submission, round: number): readonly Evidence[] {
  const earlier = submission.earlierEvidence.find((one) => one.round === round);
  return earlier?.evidence ?? submission.evidence;
}

function decide(
  decision: Decision,
  review: Review,
  approvals: number,
  { secondReader, version, makeIds }: ReviewContext,
): Decision {
  if (review.decision === 'revise') return { ...decision, state: 'revise' };
  if (review.decision === 'decline') return { ...decision, state: 'declined' };
  if (approvals < countReaders(secondReader, version)) return decision;
  return {
    ...decision,
    state: 'approved',
    review: review.id,
    award: makeIds.record(),
    credential: makeIds.random(),
  };
}

function buildReview(submission: Submission, input: ReviewInput, context: ReviewContext): Review {
  const { reviewer, version, makeIds, now } = context;
  const issues = checkResults(version.rubric, input.results);
  if (issues.length > 0) {
    throw invalid('review.bad_results', 'Some results do not belong to this rubric.', issues);
  }
  if (input.decision !== 'approve' && input.feedback === undefined) {
    throw invalid('review.feedback_missing', 'Say what is missing: the learner needs feedback.', [
      { path: 'feedback', message: 'must not be empty' },
    ]);
  }
  const overrideReason = input.decision === 'approve' ? findOverride(input, context) : undefined;
  return {
    id: makeIds.record(),
    achievement: version.achievement,
    version: version.number,
    reviewer: reviewer.id,
    reviewerKind: reviewer.kind,
    decision: input.decision,
    results: input.results.map((result) => ({ id: makeIds.random(), ...result })),
    ...(input.feedback === undefined ? {} : { feedback: input.feedback }),
    ...(overrideReason === undefined ? {} : { overrideReason }),
    at: now,
    round: submission.round,
  };
}

/** The reason for approving below the required levels; undefined when every criterion is met. */
function findOverride(
  { results, overrideReason }: ReviewInput,
  { reviewer, version }: ReviewContext,
): string | undefined {
  const { met, below, missing } = decideRubric(version.rubric, results);
  if (met) return undefined;
  if (overrideReason === undefined) {
    const message = 'Not every criterion is at its required level yet, so this cannot be approved.';
    throw new ServiceError('unprocessable', 'review.below_required', message, {
      issues: [
        ...below.map(({ name }) => ({ path: name, message: 'is below its required level' })),
        ...missing.map(({ name }) => ({ path: name, message: 'was not judged' })),
      ],
    });
  }
  if (can(reviewer, 'submissions.override')) return overrideReason;
  throw forbidden(
    'review.override_not_allowed',
    'Your role does not allow you to approve below the required level.',
  );
}
