import { reviewSubmission } from '../../../src/domain/reviews.ts';
import {
  assertMayHandInFor,
  editSubmission,
  submissionLimits,
  submitSubmission,
  withdrawSubmission,
  type Submission,
} from '../../../src/domain/submissions.ts';
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

const one = buildVersion({ name: 'One' });
const two = buildVersion({ name: 'Two', evidencePolicy: { minItems: 2 } });
const reviewer = buildActor('teacher');

function review(submission: Submission, decision: 'approve' | 'revise' | 'decline', version = one) {
  const input = {
    achievement: version.achievement,
    decision,
    results: decision === 'approve' ? resultsAt(version, 1) : [],
    feedback: 'Look at the plan again.',
  };
  const context = { reviewer, version, secondReader: 'never', makeIds, now: someTime } as const;
  return reviewSubmission(submission, input, context);
}

const draft = buildDraft([one]);
const submitted = submitSubmission(draft, [one], someTime);
const submissions = {
  draft,
  submitted,
  returned: review(submitted, 'revise'),
  approved: review(submitted, 'approve'),
  declined: review(submitted, 'decline'),
  withdrawn: withdrawSubmission(draft, someTime),
};

const moves = {
  edit: (submission: Submission) =>
    editSubmission(submission, { evidence: [buildEvidence('New.')] }, someTime),
  submit: (submission: Submission) => submitSubmission(submission, [one], someTime),
  withdraw: (submission: Submission) => withdrawSubmission(submission, someTime),
  approve: (submission: Submission) => review(submission, 'approve'),
  revise: (submission: Submission) => review(submission, 'revise'),
  decline: (submission: Submission) => review(submission, 'decline'),
};

/** The state after the move, or the code of its refusal. */
function outcome(move: keyof typeof moves, from: keyof typeof submissions): string {
  try {
    const { state, decisions } = moves[move](submissions[from]);
    return `${state}/${decisions.map((decision) => decision.state).join()}`;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('every move from every state', () => {
  it.each([
    ['edit', 'draft', 'draft/pending'],
    ['edit', 'submitted', 'submission.in_review'],
    ['edit', 'returned', 'decided/revise'],
    ['edit', 'approved', 'submission.decided'],
    ['edit', 'declined', 'submission.decided'],
    ['edit', 'withdrawn', 'submission.withdrawn'],
    ['submit', 'draft', 'submitted/pending'],
    ['submit', 'submitted', 'submission.in_review'],
    ['submit', 'returned', 'submitted/pending'],
    ['submit', 'approved', 'submission.decided'],
    ['submit', 'declined', 'submission.decided'],
    ['submit', 'withdrawn', 'submission.withdrawn'],
    ['withdraw', 'draft', 'withdrawn/pending'],
    ['withdraw', 'submitted', 'withdrawn/pending'],
    ['withdraw', 'returned', 'withdrawn/revise'],
    ['withdraw', 'approved', 'submission.decided'],
    ['withdraw', 'declined', 'submission.decided'],
    ['withdraw', 'withdrawn', 'submission.withdrawn'],
    ['approve', 'draft', 'review.not_submitted'],
    ['approve', 'submitted', 'decided/approved'],
    ['approve', 'returned', 'review.already_decided'],
    ['approve', 'approved', 'review.already_decided'],
    ['approve', 'declined', 'review.already_decided'],
    ['approve', 'withdrawn', 'review.not_submitted'],
    ['revise', 'draft', 'review.not_submitted'],
    ['revise', 'submitted', 'decided/revise'],
    ['revise', 'returned', 'review.already_decided'],
    ['revise', 'approved', 'review.already_decided'],
    ['revise', 'declined', 'review.already_decided'],
    ['revise', 'withdrawn', 'review.not_submitted'],
    ['decline', 'draft', 'review.not_submitted'],
    ['decline', 'submitted', 'decided/declined'],
    ['decline', 'returned', 'review.already_decided'],
    ['decline', 'approved', 'review.already_decided'],
    ['decline', 'declined', 'review.already_decided'],
    ['decline', 'withdrawn', 'review.not_submitted'],
  ] as const)('%s in %s: %s', (move, from, expected) => {
    expect(outcome(move, from)).toBe(expected);
  });
});

describe('handing in again', () => {
  const both = submitSubmission(
    buildDraft([one, two], { evidence: [buildEvidence('a'), buildEvidence('b')] }),
    [one, two],
    someTime,
  );

  it('waits until everything is read, and then opens only what was sent back', () => {
    const half = review(both, 'revise', two);
    expect(half.state).toBe('submitted');
    expect(() => submitSubmission(half, [one, two], someTime)).toThrow(/being read/);
    const decided = review(half, 'approve', one);
    const again = submitSubmission(decided, [one, two], someTime);
    expect(again.round).toBe(2);
    expect(again.decisions.map(({ state }) => state)).toEqual(['approved', 'pending']);
    expect(again.decisions[0]).toEqual(decided.decisions[0]);
  });

  it('keeps the evidence of the rounds before, however often it is replaced', () => {
    const returned = submissions.returned;
    const first = editSubmission(returned, { evidence: [buildEvidence('first try')] }, someTime);
    const last = editSubmission(first, { evidence: [buildEvidence('second try')] }, someTime);
    const again = submitSubmission(last, [one], someTime);
    expect(again.earlierEvidence).toEqual([{ round: 1, evidence: submitted.evidence }]);
    expect(again.evidence[0]?.narrative).toBe('second try');
    expect(again.reviews).toEqual(returned.reviews);
  });

  it('keeps the evidence when it is handed in again as it is', () => {
    const again = submitSubmission(submissions.returned, [one], someTime);
    expect(again.earlierEvidence).toEqual([{ round: 1, evidence: submitted.evidence }]);
    expect(again.evidence).toEqual(submitted.evidence);
  });

  it('refuses other achievements after the first time, and too many rounds', () => {
    const targets = [{ achievement: two.achievement, version: 1 }];
    expect(() => editSubmission(submissions.returned, { targets }, someTime)).toThrow(
      refusal({ code: 'submission.fixed_achievements' }),
    );
    const last = { ...submissions.returned, round: submissionLimits.rounds };
    expect(() => submitSubmission(last, [one], someTime)).toThrow(
      refusal({ code: 'submission.too_many_rounds' }),
    );
  });
});

describe('evidence', () => {
  it('is asked for by every achievement when handing in', () => {
    const expected = refusal({
      kind: 'unprocessable',
      code: 'submission.too_little_evidence',
      issues: [{ path: 'evidence', message: 'must have at least 2 items for Two' }],
    });
    expect(() => submitSubmission(draft, [one, two], someTime)).toThrow(expected);
  });

  it.each([
    ['too many items', Array.from({ length: 21 }, () => buildEvidence()), 'evidence'],
    ['a narrative over 16 kB in UTF-8', [buildEvidence('é'.repeat(8_193))], 'evidence.0.narrative'],
    ['nothing but a name', [{ id: 'x', name: 'Empty' }], 'evidence.0'],
  ])('is refused with %s', (_what, evidence, path) => {
    expect(() => buildDraft([one], {})).not.toThrow();
    expect(() => editSubmission(draft, { evidence }, someTime)).toThrow(
      refusal({
        code: 'submission.bad_evidence',
        issues: [{ path, message: expect.any(String) as string }],
      }),
    );
  });

  it('may have exactly 16 kB and 20 items', () => {
    const evidence = Array.from({ length: 20 }, () => buildEvidence('é'.repeat(8_192)));
    expect(editSubmission(draft, { evidence }, someTime).evidence).toHaveLength(20);
  });
});

describe('who', () => {
  const learner = buildActor('learner', { id: 'learner' });
  it.each([
    ['the learner', learner, true],
    ['another learner', buildActor('learner'), false],
    ['a guardian', buildActor('guardian'), false],
    ['a mentor', buildActor('mentor'), false],
    ['a teacher', buildActor('teacher'), true],
    ['a former learner', buildActor('mentor', { id: 'learner' }), false],
  ])('hands in: %s', (_who, actor, handsIn) => {
    const attempt = () => {
      assertMayHandInFor(actor, 'learner');
    };
    if (handsIn) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(refusal({ kind: 'forbidden' }));
  });
});
