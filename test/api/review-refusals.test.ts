import { newRandomId } from '../../src/shared/ids.ts';
import { openReviewDesk, type ReviewDesk, type ShownSubmission } from '../support/review-desk.ts';
import { resultsAt } from '../support/submissions.ts';

let desk: ReviewDesk;
let learner: { readonly id: string; readonly key: string };

beforeAll(async () => {
  desk = await openReviewDesk();
});

beforeEach(async () => {
  learner = await desk.cairn.as('learner');
});

afterAll(async () => {
  await desk.cairn.close();
});

const outcome = ({ status, body }: { status: number; body: unknown }) => ({ status, body });
const bodyOf = ({ body }: { body: unknown }) => body as ShownSubmission;
const handIn = (achievements?: readonly string[], who = learner) => desk.handIn(who, achievements);

describe('who may not decide', () => {
  it('a learner, on their own submission or another', async () => {
    const id = await handIn();
    const other = await desk.cairn.as('learner');
    for (const { key } of [learner, other]) {
      const answer = await desk.review(id, {}, key);
      expect(outcome(answer)).toMatchObject({ status: 403, body: { code: 'role.not_allowed' } });
    }
    expect(await desk.submissionOf(id)).toMatchObject({ state: 'submitted', reviews: [] });
    expect(await desk.auditOf(id)).toMatchObject([
      { action: 'review.denied' },
      { action: 'review.denied' },
    ]);
  });

  it('somebody who learns and teaches, on their own', async () => {
    const both = bodyOf(
      await desk.school
        .call('post', '/people')
        .send({ name: 'Both', roles: ['learner', 'teacher'] }),
    );
    const made = await desk.school
      .call('post', '/api-keys')
      .send({ name: 'both', person: both.id });
    const { secret } = made.body as { secret: string };
    const id = await handIn([desk.fairTests.id], { id: both.id, key: secret });
    const answer = await desk.review(id, {}, secret);
    expect(outcome(answer)).toMatchObject({
      status: 403,
      body: { code: 'review.own_submission' },
    });
    expect((await desk.review(id)).status).toBe(201);
  });

  it.each(['guardian', 'mentor'] as const)('a %s', async (role) => {
    const { key } = await desk.cairn.as(role);
    const id = await handIn();
    expect((await desk.review(id, {}, key)).status).toBe(403);
    expect((await desk.school.call('get', '/review-queue', key)).status).toBe(403);
    expect((await desk.school.call('get', `/submissions/${id}`, key)).status).toBe(404);
  });
});

describe('bad input', () => {
  it('points at places that are not there', async () => {
    const id = await handIn();
    const [first] = resultsAt(desk.fairTests, 1);
    const [foreign] = resultsAt(desk.boss, 1);
    const cases = [
      [{ results: resultsAt(desk.boss, 1) }, 400, 'review.bad_results'],
      [{ results: [{ ...first, level: foreign?.level }] }, 400, 'review.bad_results'],
      [{ results: [first, first] }, 400, 'review.bad_results'],
      [{ results: [] }, 422, 'review.below_required'],
      [{ achievement: desk.boss.id }, 400, 'review.other_achievement'],
      [{ achievement: newRandomId() }, 400, 'review.other_achievement'],
      [{ decision: 'approved' }, 400, 'request.invalid'],
      [{ state: 'approved' }, 400, 'request.invalid'],
    ] as const;
    for (const [changes, status, code] of cases) {
      const answer = await desk.review(id, changes);
      expect(outcome(answer)).toMatchObject({ status, body: { code } });
    }
    expect(await desk.submissionOf(id)).toMatchObject({ state: 'submitted', reviews: [] });
  });

  it('is a submission that is not there, or not handed in', async () => {
    expect((await desk.review(newRandomId())).status).toBe(404);
    expect((await desk.review('x')).status).toBe(400);
    const created = await desk.school
      .call('post', '/submissions', learner.key)
      .send({ achievements: [desk.fairTests.id] });
    const draft = await desk.review(bodyOf(created).id);
    expect(outcome(draft)).toMatchObject({ status: 409, body: { code: 'review.not_submitted' } });
  });
});
