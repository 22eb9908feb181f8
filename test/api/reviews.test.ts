import { newRandomId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

interface Decision {
  readonly achievement: string;
  readonly state: string;
  readonly issuance?: string;
  readonly credential?: string;
}

interface Answer {
  readonly id: string;
  readonly state: string;
  readonly round: number;
  readonly decisions: readonly Decision[];
  readonly reviews: readonly { readonly id: string }[];
  readonly items: readonly {
    readonly id: string;
    readonly action: string;
    readonly subject: string;
  }[];
}

interface Member {
  readonly id: string;
  readonly key: string;
}

let cairn: TestCairn;
let school: School;
let fairTests: PublishedAchievement;
let boss: PublishedAchievement;
let learner: Member;
let teacher: Member;
let lead: Member;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  fairTests = await school.publish();
  boss = await school.publish({ kind: 'boss', name: 'Science fair' });
  teacher = await cairn.as('teacher');
  lead = await cairn.as('lead');
});

beforeEach(async () => {
  learner = await cairn.as('learner');
});

afterAll(async () => {
  await cairn.close();
});

const outcome = ({ status, body }: { status: number; body: unknown }) => ({ status, body });
const bodyOf = ({ body }: { body: unknown }) => body as Answer;

async function handIn(achievements = [fairTests.id], who = learner): Promise<string> {
  const answer = await school.call('post', '/submissions', who.key).send({
    achievements,
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
    submit: true,
  });
  if (answer.status !== 201) throw new Error(answer.text);
  return bodyOf(answer).id;
}

function review(id: string, changes: object = {}, key = teacher.key) {
  const approval = {
    achievement: fairTests.id,
    decision: 'approve',
    results: resultsAt(fairTests, 1),
  };
  return school.call('post', `/submissions/${id}/reviews`, key).send({ ...approval, ...changes });
}

async function submissionOf(id: string): Promise<Answer> {
  return bodyOf(await school.call('get', `/submissions/${id}`));
}

async function auditOf(id: string) {
  const events = bodyOf(await school.call('get', '/audit-events?limit=200'));
  return events.items.filter(({ subject }) => subject === `submission:${id}`);
}

describe('an approval', () => {
  it('leads to an issuance with the ids that it fixed', async () => {
    const id = await handIn();
    const answer = await review(id, { feedback: 'Well done.' });
    expect(outcome(answer)).toMatchObject({
      status: 201,
      body: {
        state: 'decided',
        decisions: [{ state: 'approved' }],
        reviews: [{ reviewer: teacher.id, decision: 'approve', feedback: 'Well done.', round: 1 }],
      },
    });
    const [decision] = bodyOf(answer).decisions;
    const issuance = await school.call('get', `/issuances/${decision?.issuance ?? ''}`);
    expect(issuance.status).toBe(200);
    expect(issuance.body).toMatchObject({ id: decision?.issuance });
    expect(await auditOf(id)).toMatchObject([{ action: 'review.approved' }]);
    const mine = await school.call('get', `/submissions/${id}`, learner.key);
    expect(mine.body).toEqual(answer.body);
  });

  it('is made once by 100 at the same time', async () => {
    const id = await handIn();
    const answers = await Promise.all(Array.from({ length: 100 }, () => review(id)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) {
      expect(outcome(answer)).toMatchObject({
        status: 409,
        body: { code: 'review.already_decided' },
      });
    }
    const { reviews } = await submissionOf(id);
    expect(reviews).toHaveLength(1);
    const issuances = bodyOf(await school.call('get', '/issuances?limit=200'));
    const { decisions } = await submissionOf(id);
    const ids = issuances.items.map((item) => item.id);
    expect(ids.filter((one) => one === decisions[0]?.issuance)).toHaveLength(1);
    expect(await auditOf(id)).toHaveLength(1);
  });

  it('with the same Idempotency-Key answers the same', async () => {
    const id = await handIn();
    const key = newRandomId();
    const first = await review(id).set('Idempotency-Key', key);
    const second = await review(id).set('Idempotency-Key', key);
    expect(outcome(second)).toEqual(outcome(first));
    expect(first.status).toBe(201);
  });

  it('of a boss takes a second reader', async () => {
    const id = await handIn([boss.id]);
    const approval = { achievement: boss.id, results: resultsAt(boss, 2) };
    const first = await review(id, approval);
    expect(outcome(first)).toMatchObject({
      status: 201,
      body: { state: 'submitted', decisions: [{ state: 'pending' }] },
    });
    expect(bodyOf(first).decisions[0]).not.toHaveProperty('issuance');
    const again = await review(id, approval);
    expect(outcome(again)).toMatchObject({
      status: 409,
      body: { code: 'review.second_reader_needed' },
    });
    const second = await review(id, approval, lead.key);
    expect(outcome(second)).toMatchObject({
      status: 201,
      body: { state: 'decided', decisions: [{ state: 'approved' }] },
    });
    expect(bodyOf(second).decisions[0]?.issuance).toBeDefined();
  });

  it('below the required level takes a reason and a role', async () => {
    const id = await handIn();
    const below = { results: resultsAt(fairTests, 0) };
    const refused = await review(id, below);
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
    const byTeacher = await review(id, reason);
    expect(outcome(byTeacher)).toMatchObject({
      status: 403,
      body: { code: 'review.override_not_allowed' },
    });
    const byLead = await review(id, reason, lead.key);
    expect(byLead.status).toBe(201);
    expect(await auditOf(id)).toMatchObject([
      { action: 'review.approved', reason: 'Seen in class.', details: { override: true } },
      { action: 'review.denied' },
    ]);
  });

  it('of what the learner got meanwhile promises no second credential', async () => {
    const id = await handIn();
    const direct = await school
      .call('post', '/awards', teacher.key)
      .send({ learner: learner.id, achievement: fairTests.id, narrative: 'Seen in class.' });
    expect(direct.status).toBe(202);
    const answer = await review(id);
    expect(bodyOf(answer).decisions).toEqual([
      { achievement: fairTests.id, version: 1, state: 'approved', alreadyAwarded: true },
    ]);
  });
});

describe('not yet', () => {
  it('goes back with feedback, and opens again only what was sent back', async () => {
    const id = await handIn([fairTests.id, boss.id]);
    await review(id);
    const back = await review(id, {
      achievement: boss.id,
      decision: 'revise',
      results: [],
      feedback: 'Tell more about the conclusion.',
    });
    expect(outcome(back)).toMatchObject({
      status: 201,
      body: { state: 'decided', decisions: [{ state: 'approved' }, { state: 'revise' }] },
    });
    const evidence = [{ name: 'Report', narrative: 'More about the conclusion.' }];
    await school.call('patch', `/submissions/${id}`, learner.key).send({ evidence });
    const again = await school.call('post', `/submissions/${id}/submit`, learner.key).send({});
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
      const answer = await review(id, { decision, results: [], feedback });
      expect(answer.status).toBe(400);
    }
    const { reviews } = await submissionOf(id);
    expect(reviews).toEqual([]);
  });

  it('declined stays declined', async () => {
    const id = await handIn();
    const declined = await review(id, { decision: 'decline', results: [], feedback: 'Not yours.' });
    expect(declined.status).toBe(201);
    const answer = await school.call('post', `/submissions/${id}/submit`, learner.key).send({});
    expect(outcome(answer)).toMatchObject({ status: 409, body: { code: 'submission.decided' } });
    expect((await review(id)).status).toBe(409);
  });
});

describe('the review queue', () => {
  it('shows what a reviewer needs, until it is decided', async () => {
    const id = await handIn();
    const find = async () => {
      const { items } = bodyOf(await school.call('get', '/review-queue?limit=200', teacher.key));
      return items.find((item) => item.id === id);
    };
    expect(await find()).toMatchObject({
      learner: learner.id,
      evidence: [{ narrative: 'What I did.' }],
      open: [
        { achievement: fairTests.id, name: 'Fair tests', rubric: fairTests.rubric, readers: 1 },
      ],
    });
    await review(id);
    expect(await find()).toBeUndefined();
  });
});
