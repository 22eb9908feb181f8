import type { AchievementVersion } from '../../src/domain/achievements.ts';
import type { Submission } from '../../src/domain/submissions.ts';
import { newId } from '../../src/shared/ids.ts';
import { refusal } from '../support/refusal.ts';
import { approvalOf, startReviews } from '../support/reviews.ts';
import { buildActor, buildVersion, someTime } from '../support/submissions.ts';

let at: Awaited<ReturnType<typeof startReviews>>;

beforeAll(async () => {
  at = await startReviews();
});

afterAll(async () => {
  await at.close();
});

const teacher = buildActor('teacher');

describe('the review queue', () => {
  it('holds what waits, longest waiting first, page by page', async () => {
    const version = buildVersion({ kind: 'boss' });
    const world = at.createWorld([version]);
    const organization = newId();
    const readers = buildActor('teacher', { organization });
    const waiting: Submission[] = [];
    for (const seconds of [3, 1, 2, 2, 2]) {
      const learner = await at.addLearner(`Learner ${seconds}`);
      const submission = await handInAs(learner.id, organization, version, seconds);
      waiting.push(submission);
    }
    const inOrder = waiting.toSorted(
      (a, b) =>
        (a.submittedAt?.getTime() ?? 0) - (b.submittedAt?.getTime() ?? 0) || (a.id < b.id ? -1 : 1),
    );
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.queue.list(readers, { limit: 2, cursor });
      seen.push(...page.items.map(({ submission }) => submission.id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(inOrder.map(({ id }) => id));
  });

  it('shows what a reviewer needs', async () => {
    const version = buildVersion({ kind: 'boss' });
    const world = at.createWorld([version]);
    const submission = await at.handIn(world, [version]);
    await world.reviews.review(teacher, submission.id, approvalOf(version));
    const { items } = await world.queue.list(teacher, { limit: 200 });
    expect(items.find((entry) => entry.submission.id === submission.id)).toMatchObject({
      learnerName: 'Ada',
      open: [{ version: { name: version.name }, readers: 2, approvedBy: [teacher.id] }],
    });
    await expect(world.queue.list(teacher, { limit: 1, cursor: 'x' })).rejects.toThrow(
      refusal({ kind: 'invalid' }),
    );
  });

  async function handInAs(
    learner: string,
    organization: string,
    version: AchievementVersion,
    seconds: number,
  ) {
    const submission: Submission = {
      id: newId(),
      organization,
      learner,
      state: 'submitted',
      round: 1,
      decisions: [{ achievement: version.achievement, version: 1, state: 'pending' }],
      evidence: [],
      earlierEvidence: [],
      reviews: [],
      audited: 0,
      revision: 1,
      submittedAt: new Date(someTime.getTime() + seconds * 1_000),
      createdAt: someTime,
      updatedAt: someTime,
    };
    await at.stores.submissions.add(submission);
    return submission;
  }
});
