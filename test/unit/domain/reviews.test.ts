import fc from 'fast-check';
import {
  countReaders,
  getEvidenceOf,
  isDue,
  reviewSubmission,
  settleSubmission,
  type ReviewInput,
} from '../../../src/domain/reviews.ts';
import {
  editSubmission,
  submitSubmission,
  withdrawSubmission,
  type Submission,
} from '../../../src/domain/submissions.ts';
import { ServiceError } from '../../../src/shared/errors.ts';
import { refusal } from '../../support/refusal.ts';
import {
  buildActor,
  buildDraft,
  buildEvidence,
  buildVersion,
  makeIds,
  resultsAt,
  someTime,
} from '../../support/submissions.ts';

const version = buildVersion();
const teacher = buildActor('teacher');
const colleague = buildActor('teacher');
const submitted = submitSubmission(buildDraft([version]), [version], someTime);

function review(submission: Submission, input: Partial<ReviewInput> = {}, context: object = {}) {
  return reviewSubmission(
    submission,
    {
      achievement: version.achievement,
      decision: 'approve',
      results: resultsAt(version, 1),
      ...input,
    },
    { reviewer: teacher, version, secondReader: 'boss', makeIds, now: someTime, ...context },
  );
}

describe('an approval', () => {
  it('fixes the award and the credential, and is due', () => {
    const approved = review(submitted);
    const [decision] = approved.decisions;
    expect(decision).toMatchObject({ state: 'approved', review: approved.reviews[0]?.id });
    expect(decision?.award).toMatch(/^[0-9a-f-]{36}$/);
    expect(decision?.credential).toMatch(/^[0-9a-f-]{36}$/);
    expect(isDue(approved)).toBe(true);
    expect(isDue(submitted)).toBe(false);
  });

  it.each([
    ['a level below the required one', resultsAt(version, 0)],
    ['a criterion that nobody judged', resultsAt(version, 2).slice(1)],
    ['no results at all', []],
  ])('is refused with %s', (_what, results) => {
    expect(() => review(submitted, { results })).toThrow(
      refusal({ kind: 'unprocessable', code: 'review.below_required' }),
    );
  });

  it('below the required level takes a reason and a role that may override', () => {
    const input = { results: resultsAt(version, 0), overrideReason: 'Seen in class.' };
    expect(() => review(submitted, input)).toThrow(
      refusal({ kind: 'forbidden', code: 'review.override_not_allowed' }),
    );
    const approved = review(submitted, input, { reviewer: buildActor('lead') });
    expect(approved.reviews[0]?.overrideReason).toBe('Seen in class.');
    expect(approved.decisions[0]?.state).toBe('approved');
  });

  it('keeps no override reason where none was needed', () => {
    const approved = review(submitted, { overrideReason: 'Just in case.' });
    expect(approved.reviews[0]).not.toHaveProperty('overrideReason');
  });
});

describe('a review', () => {
  it.each(['revise', 'decline'] as const)('that says %s needs feedback', (decision) => {
    expect(() => review(submitted, { decision, results: [] })).toThrow(
      refusal({ kind: 'invalid', code: 'review.feedback_missing' }),
    );
  });

  it('points at this rubric only', () => {
    const foreign = resultsAt(buildVersion(), 1);
    expect(() => review(submitted, { results: foreign })).toThrow(
      refusal({ kind: 'invalid', code: 'review.bad_results' }),
    );
  });

  it('is about an achievement that was handed in for', () => {
    expect(() => review(submitted, { achievement: 'other' })).toThrow(
      refusal({ kind: 'invalid', code: 'review.other_achievement' }),
    );
  });

  it.each([
    ['the learner, who teaches too', buildActor('teacher', { id: 'learner' })],
    ['another learner', buildActor('learner')],
    ['a guardian', buildActor('guardian')],
    ['a mentor', buildActor('mentor')],
  ])('is not made by %s', (_who, reviewer) => {
    expect(() => review(submitted, {}, { reviewer })).toThrow(refusal({ kind: 'forbidden' }));
  });
});

describe('a second reader', () => {
  it.each([
    ['never', 'boss', 1],
    ['boss', 'microcredential', 1],
    ['boss', 'boss', 2],
    ['always', 'microcredential', 2],
  ] as const)('policy %s, %s: %d', (policy, kind, readers) => {
    expect(countReaders(policy, { kind })).toBe(readers);
  });

  it('has to be somebody else', () => {
    const once = review(submitted, {}, { secondReader: 'always' });
    expect(once).toMatchObject({ state: 'submitted', decisions: [{ state: 'pending' }] });
    expect(() => review(once, {}, { secondReader: 'always' })).toThrow(
      refusal({ kind: 'conflict', code: 'review.second_reader_needed' }),
    );
    const twice = review(once, {}, { secondReader: 'always', reviewer: colleague });
    expect(twice.decisions[0]).toMatchObject({ state: 'approved', review: twice.reviews[1]?.id });
  });

  it('may send it back; then both read again', () => {
    const strict = { secondReader: 'always' };
    const once = review(submitted, {}, strict);
    const back = review(
      once,
      { decision: 'revise', feedback: 'Not yet.' },
      { ...strict, reviewer: colleague },
    );
    const again = submitSubmission(back, [version], someTime);
    expect(review(again, {}, strict).decisions[0]?.state).toBe('pending');
  });
});

describe('settling', () => {
  it('is due until the log and the awards know, even when something happens between', () => {
    const approved = review(submitted);
    const outcomes = new Map([[approved.decisions[0]?.award ?? '', 'requested' as const]]);
    expect(isDue(settleSubmission(approved, 1, new Map()))).toBe(true);
    expect(isDue(settleSubmission(approved, 0, outcomes))).toBe(true);
    const settled = settleSubmission(approved, 1, outcomes);
    expect(isDue(settled)).toBe(false);
    expect(settleSubmission(settled, 0, new Map()).audited).toBe(1);
  });

  it('takes the evidence that the reviewer saw', () => {
    const back = review(submitted, { decision: 'revise', feedback: 'Not yet.' });
    const edited = editSubmission(back, { evidence: [buildEvidence('other')] }, someTime);
    expect(getEvidenceOf(edited, 1)).toEqual(submitted.evidence);
    const again = submitSubmission(edited, [version], someTime);
    expect(getEvidenceOf(again, 2)[0]?.narrative).toBe('other');
  });
});

describe('any sequence of moves', () => {
  const versions = [buildVersion(), buildVersion({ kind: 'boss' })];
  const reviewers = [teacher, colleague, buildActor('lead')];
  const anyMove = fc.oneof(
    fc.constant({ move: 'edit' as const }),
    fc.constant({ move: 'submit' as const }),
    fc.record({ move: fc.constant('withdraw' as const) }),
    fc.record({
      move: fc.constant('review' as const),
      version: fc.constantFrom(...versions),
      reviewer: fc.constantFrom(...reviewers),
      decision: fc.constantFrom('approve' as const, 'revise' as const, 'decline' as const),
      level: fc.constantFrom(0 as const, 1 as const, 2 as const),
    }),
  );
  type Move = typeof anyMove extends fc.Arbitrary<infer T> ? T : never;

  function apply(submission: Submission, move: Move): Submission {
    if (move.move === 'edit') {
      return editSubmission(submission, { evidence: [buildEvidence('again')] }, someTime);
    }
    if (move.move === 'submit') return submitSubmission(submission, versions, someTime);
    if (move.move === 'withdraw') return withdrawSubmission(submission, someTime);
    const { version: judged, decision, level, reviewer } = move;
    return reviewSubmission(
      submission,
      {
        achievement: judged.achievement,
        decision,
        results: resultsAt(judged, level),
        feedback: 'So it is.',
      },
      { reviewer, version: judged, secondReader: 'boss', makeIds, now: someTime },
    );
  }

  function attempt(submission: Submission, move: Move): Submission {
    try {
      return apply(submission, move);
    } catch (error) {
      if (error instanceof ServiceError) return submission;
      throw error;
    }
  }

  function assertKept(before: Submission, after: Submission): void {
    expect(after.reviews.slice(0, before.reviews.length)).toEqual(before.reviews);
    expect(after.earlierEvidence.slice(0, before.earlierEvidence.length)).toEqual(
      before.earlierEvidence,
    );
    for (const [index, decision] of before.decisions.entries()) {
      if (decision.state === 'approved' || decision.state === 'declined') {
        expect(after.decisions[index]).toEqual(decision);
      }
    }
    if (before.submittedAt !== undefined && after.evidence !== before.evidence) {
      expect(getEvidenceOf(after, before.round)).toEqual(getEvidenceOf(before, before.round));
    }
  }

  it('loses no review and no evidence, and approves only what enough people approved', () => {
    fc.assert(
      fc.property(fc.array(anyMove, { maxLength: 40 }), (moves) => {
        let submission = buildDraft(versions);
        for (const move of moves) {
          const after = attempt(submission, move);
          assertKept(submission, after);
          submission = after;
        }
        for (const [index, decision] of submission.decisions.entries()) {
          const approvers = submission.reviews
            .filter((one) => one.achievement === decision.achievement)
            .filter((one) => one.decision === 'approve')
            .map((one) => one.reviewer);
          const readers = countReaders('boss', versions[index] ?? version);
          if (decision.state === 'approved') {
            expect(new Set(approvers).size).toBeGreaterThanOrEqual(readers);
            expect(decision.award).toBeDefined();
          } else {
            expect(decision.award).toBeUndefined();
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
