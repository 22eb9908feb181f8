import { conflict, forbidden, type ServiceError } from '../shared/errors.ts';
import type { AchievementVersion } from './achievements.ts';
import { assertEnoughEvidence, assertEvidence, type Evidence } from './evidence.ts';
import { can, type Actor } from './roles.ts';
import type { Result } from './rubrics.ts';
import { assertAssessed, type SelfAssessment } from './self-assessments.ts';

export type SubmissionState = 'draft' | 'submitted' | 'decided' | 'withdrawn';
export type DecisionState = 'pending' | 'approved' | 'revise' | 'declined';

export interface Review {
  readonly id: string;
  readonly achievement: string;
  readonly version: number;
  readonly reviewer: string;
  readonly reviewerKind: Actor['kind'];
  readonly decision: 'approve' | 'revise' | 'decline';
  readonly results: readonly Result[];
  readonly feedback?: string;
  /** Why a level below the required one was accepted; audited. */
  readonly overrideReason?: string;
  readonly at: Date;
  /** Which round of the submission was judged: 1 the first time, 2 after the first "not yet" … */
  readonly round: number;
}

/** One achievement that the submission is handed in for; each is decided by itself. */
export interface Decision {
  readonly achievement: string;
  readonly version: number;
  readonly state: DecisionState;
  /** Fixed with the approval: the review that decided it, the award and the credential that it will become. */
  readonly review?: string;
  readonly award?: string;
  readonly credential?: string;
  /** What became of the approval; absent until it is handed on to the awards. */
  readonly settled?: 'requested' | 'already-awarded';
}

export interface Submission {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  /** The course that it was handed in for. */
  readonly course?: string;
  readonly state: SubmissionState;
  readonly round: number;
  readonly decisions: readonly Decision[];
  readonly evidence: readonly Evidence[];
  /** Evidence of earlier rounds: history is never overwritten. */
  readonly earlierEvidence: readonly {
    readonly round: number;
    readonly evidence: readonly Evidence[];
  }[];
  readonly reviews: readonly Review[];
  /** Of all rounds. */
  readonly selfAssessments?: readonly SelfAssessment[];
  /** How many of the reviews, from the first on, stand in the audit log. */
  readonly audited: number;
  /** Counts the changes: a change is only written over the revision that it was decided on. */
  readonly revision: number;
  readonly submittedAt?: Date;
  /** When each round was handed in, the first one first; absent in what is older than this. */
  readonly handedIn?: readonly Date[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const submissionLimits = {
  achievements: 20,
  rounds: 20,
} as const;

/** An achievement that a submission is handed in for, in the version of that moment. */
export type Target = Pick<Decision, 'achievement' | 'version'>;

/** Learners hand in for themselves; staff may do it for them. */
export function assertMayHandInFor(actor: Actor, learner: string): void {
  const isFor = actor.id === learner || can(actor, 'submissions.read-all');
  if (isFor && can(actor, 'submissions.create')) return;
  throw forbidden('submission.not_yours', 'You can only hand in your own work.');
}

export function buildSubmission({
  targets,
  evidence,
  now,
  ...names
}: Pick<Submission, 'id' | 'organization' | 'learner' | 'course' | 'selfAssessments'> & {
  targets: readonly Target[];
  evidence: readonly Evidence[];
  now: Date;
}): Submission {
  assertEvidence(evidence);
  return {
    ...names,
    state: 'draft',
    round: 1,
    decisions: targets.map(toPending),
    evidence,
    earlierEvidence: [],
    reviews: [],
    audited: 0,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * What the learner writes before handing in: everything in a draft, new evidence after a `revise`. Evidence that was
 * handed in before is kept.
 */
export function editSubmission(
  submission: Submission,
  changes: {
    readonly targets?: readonly Target[] | undefined;
    readonly evidence?: readonly Evidence[] | undefined;
    readonly assessments?: readonly SelfAssessment[] | undefined;
  },
  now: Date,
): Submission {
  const { evidence = submission.evidence, targets } = changes;
  assertEvidence(evidence);
  if (submission.state === 'draft') {
    const decisions = targets?.map(toPending) ?? submission.decisions;
    const selfAssessments = keepAssessments(submission, changes.assessments).filter((one) =>
      decisions.some(
        ({ achievement, version }) => achievement === one.achievement && version === one.version,
      ),
    );
    return next(submission, { decisions, evidence, selfAssessments }, now);
  }
  if (!isReturned(submission)) throw refuse(submission);
  if (targets !== undefined) {
    throw conflict(
      'submission.fixed_achievements',
      'What this was handed in for cannot be changed any more. Start a new submission instead.',
    );
  }
  const selfAssessments = keepAssessments(submission, changes.assessments);
  const earlierEvidence = keepEvidence(submission);
  return next(submission, { evidence, earlierEvidence, selfAssessments }, now);
}

/** The round that is being written: the next one, once the last was sent back. */
export function roundOf({ state, round }: Pick<Submission, 'state' | 'round'>): number {
  return state === 'decided' ? round + 1 : round;
}

/** Those of earlier rounds stay as they were handed in; those of this round are what was written last. */
function keepAssessments(
  submission: Submission,
  written: readonly SelfAssessment[] | undefined,
): readonly SelfAssessment[] {
  const before = submission.selfAssessments ?? [];
  if (written === undefined) return before;
  const round = roundOf(submission);
  return [...before.filter((one) => one.round !== round), ...written];
}

/** Hands in: for the first time, or again after a `revise`, which opens only what was sent back. */
export function submitSubmission(
  submission: Submission,
  versions: readonly AchievementVersion[],
  now: Date,
): Submission {
  const again = isReturned(submission);
  if (submission.state !== 'draft' && !again) throw refuse(submission);
  assertEnoughEvidence(submission.evidence, versions);
  const open = submission.decisions.filter(
    ({ state }) => state === 'pending' || state === 'revise',
  );
  const judged = versions.filter((one) => open.some((to) => to.achievement === one.achievement));
  assertAssessed(submission.selfAssessments ?? [], judged, roundOf(submission));
  const handedIn = {
    state: 'submitted',
    submittedAt: now,
    handedIn: [...listHandedIn(submission), now],
  } as const;
  if (!again) return next(submission, handedIn, now);
  if (submission.round >= submissionLimits.rounds) {
    throw conflict(
      'submission.too_many_rounds',
      'This was handed in too often. Start a new submission instead.',
    );
  }
  const decisions = submission.decisions.map((decision) =>
    decision.state === 'revise' ? toPending(decision) : decision,
  );
  const earlierEvidence = keepEvidence(submission);
  const round = submission.round + 1;
  return next(submission, { ...handedIn, round, decisions, earlierEvidence }, now);
}

/** Of what is older than these dates only the last is known, which stands for those before it. */
export function listHandedIn({
  handedIn,
  submittedAt,
  round,
}: Pick<Submission, 'handedIn' | 'submittedAt' | 'round'>): readonly Date[] {
  if (handedIn !== undefined) return handedIn;
  return submittedAt === undefined ? [] : Array.from({ length: round }, () => submittedAt);
}

/** Takes back what is not decided; what was approved stays approved. */
export function withdrawSubmission(submission: Submission, now: Date): Submission {
  const open = submission.state === 'draft' || submission.state === 'submitted';
  if (!open && !isReturned(submission)) throw refuse(submission);
  return next(submission, { state: 'withdrawn' }, now);
}

/** Everything is decided and something was sent back: it is the learner's turn. */
function isReturned({ state, decisions }: Submission): boolean {
  return state === 'decided' && decisions.some((decision) => decision.state === 'revise');
}

/** The submission after a change. */
export function next(submission: Submission, changes: Partial<Submission>, now: Date): Submission {
  return { ...submission, ...changes, updatedAt: now, revision: submission.revision + 1 };
}

function toPending({ achievement, version }: Target): Decision {
  return { achievement, version, state: 'pending' };
}

/** The earlier rounds, and this one: its evidence was handed in, so it stays even when the learner replaces it. */
function keepEvidence({ earlierEvidence, round, evidence }: Submission) {
  if (earlierEvidence.some((earlier) => earlier.round === round)) return earlierEvidence;
  return [...earlierEvidence, { round, evidence }];
}

/** Why the learner cannot change or hand in this submission now. */
function refuse({ state }: Submission): ServiceError {
  if (state === 'submitted') {
    return conflict('submission.in_review', 'This was handed in and is being read.');
  }
  if (state === 'withdrawn') {
    return conflict('submission.withdrawn', 'This was withdrawn. Start a new submission instead.');
  }
  return conflict('submission.decided', 'Everything in this submission is decided.');
}
