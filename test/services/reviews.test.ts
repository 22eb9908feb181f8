import { refusal } from '../support/refusal.ts';
import { approvalOf, startReviews } from '../support/reviews.ts';
import { buildActor, buildVersion, resultsAt } from '../support/submissions.ts';

let at: Awaited<ReturnType<typeof startReviews>>;

beforeAll(async () => {
  at = await startReviews();
});

afterAll(async () => {
  await at.close();
});

const teacher = buildActor('teacher');

describe('100 approvals at once', () => {
  it('make one approval, one award and one entry in the log', async () => {
    const version = buildVersion();
    const world = at.createWorld([version]);
    const { id } = await at.handIn(world, [version]);
    const approvals = Array.from({ length: 100 }, () =>
      world.reviews.review(teacher, id, approvalOf(version)).catch((error: unknown) => error),
    );
    const outcomes = await Promise.all(approvals);

    const [winner, ...others] = outcomes.filter((outcome) => !(outcome instanceof Error));
    expect(others).toEqual([]);
    expect(winner).toMatchObject({ state: 'decided', decisions: [{ settled: 'requested' }] });
    const refused = outcomes.filter((outcome) => outcome instanceof Error);
    expect(refused).toHaveLength(99);
    for (const error of refused) {
      expect(error).toMatchObject({ kind: 'conflict', code: 'review.already_decided' });
    }
    expect(world.requests).toHaveLength(1);
    const submission = await world.submissions.get(teacher, id);
    expect(submission.reviews).toHaveLength(1);
    expect(await at.auditOf(submission)).toHaveLength(1);
  });

  it('of different achievements decide every one of them', async () => {
    const versions = Array.from({ length: 5 }, () => buildVersion());
    const world = at.createWorld(versions);
    const { id } = await at.handIn(world, versions);
    await Promise.all(
      versions.map((version) => world.reviews.review(teacher, id, approvalOf(version))),
    );
    const { state, decisions, reviews } = await world.submissions.get(teacher, id);
    expect(state).toBe('decided');
    expect(new Set(decisions.map(({ settled }) => settled))).toEqual(new Set(['requested']));
    expect(reviews).toHaveLength(5);
    expect(new Set(world.requests.map((request) => request.id)).size).toBe(5);
  });
});

describe('an approval whose award could not be asked for', () => {
  it('stands, and the sweep asks with the very same ids', async () => {
    const version = buildVersion();
    const world = at.createWorld([version]);
    const { id, evidence, learner } = await at.handIn(world, [version]);
    world.awards.down = true;
    const approved = await world.reviews.review(teacher, id, approvalOf(version));
    expect(approved.decisions).toMatchObject([{ state: 'approved' }]);
    expect(approved.decisions[0]).not.toHaveProperty('settled');

    expect(await world.reviews.settleDue()).toBe(0);
    world.awards.down = false;
    expect(await world.reviews.settleDue()).toBe(1);
    expect(await world.reviews.settleDue()).toBe(0);

    const [decision] = approved.decisions;
    const [review] = approved.reviews;
    expect(world.requests).toEqual([
      {
        id: decision?.award,
        credential: decision?.credential,
        learner,
        achievement: version.achievement,
        version: 1,
        source: { kind: 'review', submission: id, review: review?.id },
        awardedBy: teacher.id,
        awardedAt: review?.at,
        evidence,
        results: review?.results,
      },
    ]);
    expect(await at.auditOf(approved)).toHaveLength(1);
  });

  it('is noted when the learner held the achievement already', async () => {
    const version = buildVersion();
    const world = at.createWorld([version]);
    world.awards.outcome = 'already-awarded';
    const { id } = await at.handIn(world, [version]);
    const { decisions } = await world.reviews.review(teacher, id, approvalOf(version));
    expect(decisions).toMatchObject([{ settled: 'already-awarded' }]);
  });
});

describe('the audit log', () => {
  it('says who decided what, and why a level was accepted', async () => {
    const version = buildVersion();
    const world = at.createWorld([version]);
    const submission = await at.handIn(world, [version]);
    const lead = buildActor('lead');
    await world.reviews.review(lead, submission.id, {
      ...approvalOf(version),
      results: resultsAt(version, 0),
      overrideReason: 'Seen in class.',
    });
    expect(await at.auditOf(submission)).toMatchObject([
      {
        action: 'review.approved',
        actor: { kind: 'person', id: lead.id },
        reason: 'Seen in class.',
        details: { achievement: version.achievement, round: 1, override: true },
      },
    ]);
  });

  it('keeps attempts without the right to decide', async () => {
    const version = buildVersion();
    const world = at.createWorld([version]);
    const submission = await at.handIn(world, [version]);
    const learner = buildActor('learner', { id: submission.learner });
    await expect(world.reviews.review(learner, submission.id, approvalOf(version))).rejects.toThrow(
      refusal({ kind: 'forbidden', code: 'role.not_allowed' }),
    );
    expect(await at.auditOf(submission)).toMatchObject([
      { action: 'review.denied', actor: { id: learner.id } },
    ]);
    expect((await world.submissions.get(teacher, submission.id)).reviews).toEqual([]);
  });
});
