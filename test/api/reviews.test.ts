import { newRandomId } from '../../src/shared/ids.ts';
import { openReviewDesk, type ReviewDesk, type ShownSubmission } from '../support/review-desk.ts';
import { resultsAt } from '../support/submissions.ts';

interface Listed {
  readonly items: readonly { readonly id: string }[];
}

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

describe('an approval', () => {
  it('leads to an issuance with the ids that it fixed', async () => {
    const id = await handIn();
    const answer = await desk.review(id, { feedback: 'Well done.' });
    expect(outcome(answer)).toMatchObject({
      status: 201,
      body: {
        state: 'decided',
        decisions: [{ state: 'approved' }],
        reviews: [
          { reviewer: desk.teacher.id, decision: 'approve', feedback: 'Well done.', round: 1 },
        ],
      },
    });
    const [decision] = bodyOf(answer).decisions;
    const issuance = await desk.school.call('get', `/issuances/${decision?.issuance ?? ''}`);
    expect(issuance.status).toBe(200);
    expect(issuance.body).toMatchObject({ id: decision?.issuance });
    expect(await desk.auditOf(id)).toMatchObject([{ action: 'review.approved' }]);
    const mine = await desk.school.call('get', `/submissions/${id}`, learner.key);
    expect(mine.body).toEqual(answer.body);
  });

  it('is made once by 100 at the same time', async () => {
    const id = await handIn();
    const answers = await Promise.all(Array.from({ length: 100 }, () => desk.review(id)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) {
      expect(outcome(answer)).toMatchObject({
        status: 409,
        body: { code: 'review.already_decided' },
      });
    }
    const { reviews } = await desk.submissionOf(id);
    expect(reviews).toHaveLength(1);
    const issuances = await desk.school.call('get', '/issuances?limit=200');
    const { decisions } = await desk.submissionOf(id);
    const ids = (issuances.body as Listed).items.map((item) => item.id);
    expect(ids.filter((one) => one === decisions[0]?.issuance)).toHaveLength(1);
    expect(await desk.auditOf(id)).toHaveLength(1);
  });

  it('with the same Idempotency-Key answers the same', async () => {
    const id = await handIn();
    const key = newRandomId();
    const first = await desk.review(id).set('Idempotency-Key', key);
    const second = await desk.review(id).set('Idempotency-Key', key);
    expect(outcome(second)).toEqual(outcome(first));
    expect(first.status).toBe(201);
  });

  it('of a boss takes a second reader', async () => {
    const id = await handIn([desk.boss.id]);
    const approval = { achievement: desk.boss.id, results: resultsAt(desk.boss, 2) };
    const first = await desk.review(id, approval);
    expect(outcome(first)).toMatchObject({
      status: 201,
      body: { state: 'submitted', decisions: [{ state: 'pending' }] },
    });
    expect(bodyOf(first).decisions[0]).not.toHaveProperty('issuance');
    const again = await desk.review(id, approval);
    expect(outcome(again)).toMatchObject({
      status: 409,
      body: { code: 'review.second_reader_needed' },
    });
    const second = await desk.review(id, approval, desk.lead.key);
    expect(outcome(second)).toMatchObject({
      status: 201,
      body: { state: 'decided', decisions: [{ state: 'approved' }] },
    });
    expect(bodyOf(second).decisions[0]?.issuance).toBeDefined();
  });

  it('below the required level takes a reason and a role', async () => {
    const id = await handIn();
    const below = { results: resultsAt(desk.fairTests, 0) };
    const refused = await desk.review(id, below);
    expect(outcome(refused)).toMatchObject({
      status: 422,
      body: {
        code: 'review.below_required',
        errors: [
          { path: 'Plan', message: 'is below its required level' },
          { path: 'Conclusion', message: 'is below its required level' },
        ],
      },
    });
    const reason = { ...below, overrideReason: 'Seen in class.' };
    const byTeacher = await desk.review(id, reason);
    expect(outcome(byTeacher)).toMatchObject({
      status: 403,
      body: { code: 'review.override_not_allowed' },
    });
    const byLead = await desk.review(id, reason, desk.lead.key);
    expect(byLead.status).toBe(201);
    expect(await desk.auditOf(id)).toMatchObject([
      { action: 'review.approved', reason: 'Seen in class.', details: { override: true } },
      { action: 'review.denied' },
    ]);
  });

  it('of what the learner got meanwhile promises no second credential', async () => {
    const id = await handIn();
    const direct = await desk.school
      .call('post', '/awards', desk.teacher.key)
      .send({ learner: learner.id, achievement: desk.fairTests.id, narrative: 'Seen in class.' });
    expect(direct.status).toBe(202);
    const answer = await desk.review(id);
    expect(bodyOf(answer).decisions).toEqual([
      { achievement: desk.fairTests.id, version: 1, state: 'approved', alreadyAwarded: true },
    ]);
  });
});

describe('not yet', () => {
  it('goes back with feedback, and opens again only what was sent back', async () => {
    const id = await handIn([desk.fairTests.id, desk.boss.id]);
    await desk.review(id);
    const back = await desk.review(id, {
      achievement: desk.boss.id,
      decision: 'revise',
      results: [],
      feedback: 'Tell more about the conclusion.',
    });
    expect(outcome(back)).toMatchObject({
      status: 201,
      body: { state: 'decided', decisions: [{ state: 'approved' }, { state: 'revise' }] },
    });
    const evidence = [{ name: 'Report', narrative: 'More about the conclusion.' }];
    await desk.school.call('patch', `/submissions/${id}`, learner.key).send({ evidence });
    const again = await desk.school.call('post', `/submissions/${id}/submit`, learner.key).send({});
    expect(outcome(again)).toMatchObject({
      status: 200,
      body: {
        state: 'submitted',
        round: 2,
        decisions: [{ state: 'approved' }, { state: 'pending' }],
        evidence,
        earlierEvidence: [{ round: 1, evidence: [{ narrative: 'What I did.' }] }],
      },
    });
    expect(bodyOf(again).reviews).toHaveLength(2);
  });

  it.each(['revise', 'decline'])('%s without feedback is refused', async (decision) => {
    const id = await handIn();
    for (const feedback of [undefined, '  ']) {
      const answer = await desk.review(id, { decision, results: [], feedback });
      expect(answer.status).toBe(400);
    }
    const { reviews } = await desk.submissionOf(id);
    expect(reviews).toEqual([]);
  });

  it('declined stays declined', async () => {
    const id = await handIn();
    const declined = await desk.review(id, {
      decision: 'decline',
      results: [],
      feedback: 'Not yours.',
    });
    expect(declined.status).toBe(201);
    const answer = await desk.school
      .call('post', `/submissions/${id}/submit`, learner.key)
      .send({});
    expect(outcome(answer)).toMatchObject({ status: 409, body: { code: 'submission.decided' } });
    expect((await desk.review(id)).status).toBe(409);
  });
});

describe('the review queue', () => {
  it('shows what a reviewer needs, until it is decided', async () => {
    const id = await handIn();
    const find = async () => {
      const path = '/review-queue?limit=200';
      const queue = await desk.school.call('get', path, desk.teacher.key);
      return (queue.body as Listed).items.find((item) => item.id === id);
    };
    expect(await find()).toMatchObject({
      learner: learner.id,
      evidence: [{ narrative: 'What I did.' }],
      open: [
        {
          achievement: desk.fairTests.id,
          name: 'Fair tests',
          rubric: desk.fairTests.rubric,
          readers: 1,
        },
      ],
    });
    await desk.review(id);
    expect(await find()).toBeUndefined();
  });
});
