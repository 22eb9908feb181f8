import {
  assertMayReview,
  getEvidenceOf,
  getOpenDecision,
  isUnsettled,
  reviewSubmission,
  settleSubmission,
  type ReviewInput,
} from '../../domain/reviews.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import { scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Decision, Review, Submission } from '../../domain/submissions.ts';
import type { Clock } from '../../shared/clock.ts';
import { notFound, ServiceError } from '../../shared/errors.ts';
import { newId, newRandomId } from '../../shared/ids.ts';
import type { Log } from '../../shared/log.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { SubmissionStore } from '../../storage/submissions.ts';
import type { AuditService } from '../audit.ts';
import type { AwardRequest } from '../awards/award-drafts.ts';
import type { AchievementVersions, AwardService } from '../awards/awards.ts';
import type { CalibrationService } from '../calibration/calibration.ts';
import { changeSubmission } from './submission-changes.ts';

interface Dependencies {
  readonly submissions: SubmissionStore;
  readonly organizations: OrganizationStore;
  readonly versions: AchievementVersions;
  readonly audit: AuditService;
  readonly requestAward: AwardService['request'];
  /** Takes some reviews into the sample that others judge again. */
  readonly sample: CalibrationService['sample'];
  readonly log: Log;
  readonly now: Clock;
}

export type ReviewService = ReturnType<typeof createReviewService>;

const makeIds = { record: () => newId(), random: newRandomId };
const pageSize = 100;

export function createReviewService(dependencies: Dependencies) {
  const { submissions, organizations, versions, audit, log, now } = dependencies;

  return { review, settleDue };

  /** Decides on one achievement of a submission. The credential follows by itself. */
  async function review(actor: Actor, id: string, input: ReviewInput): Promise<Submission> {
    const scope = scopeOf(actor);
    const reviewed = await noteDenial(actor, id, async () => {
      const organization = await organizations.find(scope.organization);
      const { secondReader } = organization?.policy ?? defaultPolicy;
      return changeSubmission(submissions, scope, id, async (submission) => {
        const version = await findVersion(actor, scope, submission, input.achievement);
        const context = { reviewer: actor, version, secondReader, makeIds, now: now() };
        return reviewSubmission(submission, input, context);
      });
    });
    return settleLater(reviewed);
  }

  /** Who may not review is told so before anything about the submission is. */
  async function findVersion(
    actor: Actor,
    scope: Scope,
    submission: Submission,
    achievement: string,
  ) {
    assertMayReview(actor, submission);
    const decision = getOpenDecision(submission, achievement);
    const version = await versions.findVersion(scope, achievement, decision.version);
    if (version === undefined) throw notFound('achievement');
    return version;
  }

  /** An attempt to decide without the right to is worth knowing about. */
  async function noteDenial<T>(actor: Actor, id: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ServiceError && error.kind === 'forbidden') {
        const details = { code: error.code };
        await audit.record(actor, {
          action: 'review.denied',
          subject: `submission:${id}`,
          details,
        });
      }
      throw error;
    }
  }

  /** The decision stands; should telling it on fail now, the next sweep does it. */
  async function settleLater(submission: Submission): Promise<Submission> {
    try {
      return await settle(dependencies, submission);
    } catch (error) {
      log.warn({ submission: submission.id, error }, 'a review was not told on; the sweep will');
      return submission;
    }
  }

  /** Finishes what a crash interrupted, in every organization. How many submissions it brought to rest. */
  async function settleDue(): Promise<number> {
    let settled = 0;
    let after: string | undefined;
    for (;;) {
      const due = await submissions.listDue(pageSize, after);
      for (const submission of due) {
        const rested = await settleLater(submission);
        if (rested.revision > submission.revision) settled += 1;
      }
      after = due.at(-1)?.id;
      if (due.length < pageSize) return settled;
    }
  }
}

/** Tells the audit log of the reviews and the awards of the approvals. Safe to repeat: the ids are in the decision. */
async function settle(dependencies: Dependencies, submission: Submission): Promise<Submission> {
  const { submissions, audit, requestAward, sample } = dependencies;
  for (const review of submission.reviews.slice(submission.audited)) {
    await audit.record(reviewerOf(submission, review), describe(submission, review));
    await sample(submission, review);
  }
  const outcomes = new Map<string, 'requested' | 'already-awarded'>();
  for (const decision of submission.decisions.filter(isUnsettled)) {
    const review = submission.reviews.find(({ id }) => id === decision.review);
    if (review === undefined) continue;
    const request = buildAwardRequest(submission, decision, review);
    outcomes.set(request.id, await requestAward(reviewerOf(submission, review), request));
  }
  return changeSubmission(submissions, scopeOf(submission), submission.id, (current) =>
    settleSubmission(current, submission.reviews.length, outcomes),
  );
}

function buildAwardRequest(
  submission: Submission,
  decision: Decision,
  review: Review,
): AwardRequest {
  const { award, credential, achievement, version } = decision;
  if (award === undefined || credential === undefined) {
    throw new Error('an approval without the ids of its award');
  }
  return {
    id: award,
    credential,
    learner: submission.learner,
    achievement,
    version,
    source: { kind: 'review', submission: submission.id, review: review.id },
    awardedBy: review.reviewer,
    awardedAt: review.at,
    evidence: getEvidenceOf(submission, review.round),
    results: review.results,
  };
}

/** The reviewer as an actor without rights: it only says who decided. */
function reviewerOf({ organization }: Submission, { reviewer, reviewerKind }: Review): Actor {
  return { kind: reviewerKind, id: reviewer, organization, roles: [] };
}

const actionOf = {
  approve: 'review.approved',
  revise: 'review.sent-back',
  decline: 'review.declined',
} as const;

function describe(submission: Submission, review: Review) {
  const { achievement, version, round, overrideReason } = review;
  return {
    action: actionOf[review.decision],
    subject: `submission:${submission.id}`,
    reason: overrideReason,
    details: {
      review: review.id,
      achievement,
      version,
      round,
      override: overrideReason !== undefined,
    },
    key: `review:${review.id}`,
  };
}
