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

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  fairTests = await school.publish();
  boss = await school.publish({ kind: 'boss', name: 'Science fair' });
  teacher = await cairn.as('teacher');
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

describe('who may not decide', () => {
  it('a learner, on their own submission or another', async () => {
    const id = await handIn();
    const other = await cairn.as('learner');
    for (const { key } of [learner, other]) {
      const answer = await review(id, {}, key);
      expect(outcome(answer)).toMatchObject({ status: 403, body: { code: 'role.not_allowed' } });
    }
    expect(await submissionOf(id)).toMatchObject({ state: 'submitted', reviews: [] });
    expect(await auditOf(id)).toMatchObject([
      { action: 'review.denied' },
      { action: 'review.denied' },
    ]);
  });

  it('somebody who learns and teaches, on their own', async () => {
    const both = bodyOf(
      await school.call('post', '/people').send({ name: 'Both', roles: ['learner', 'teacher'] }),
    );
    const made = await school.call('post', '/api-keys').send({ name: 'both', person: both.id });
    const { secret } = made.body as { secret: string };
    const id = await handIn([fairTests.id], { id: both.id, key: secret });
    const answer = await review(id, {}, secret);
    expect(outcome(answer)).toMatchObject({
      status: 403,
      body: { code: 'review.own_submission' },
    });
    expect((await review(id)).status).toBe(201);
  });

  it.each(['guardian', 'mentor'] as const)('a %s', async (role) => {
    const { key } = await cairn.as(role);
    const id = await handIn();
    expect((await review(id, {}, key)).status).toBe(403);
    expect((await school.call('get', '/review-queue', key)).status).toBe(403);
    expect((await school.call('get', `/submissions/${id}`, key)).status).toBe(404);
  });
});

describe('bad input', () => {
  it('points at places that are not there', async () => {
    const id = await handIn();
    const [first] = resultsAt(fairTests, 1);
    const [foreign] = resultsAt(boss, 1);
    const cases = [
      [{ results: resultsAt(boss, 1) }, 400, 'review.bad_results'],
      [{ results: [{ ...first, level: foreign?.level }] }, 400, 'review.bad_results'],
      [{ results: [first, first] }, 400, 'review.bad_results'],
      [{ results: [] }, 422, 'review.below_required'],
      [{ achievement: boss.id }, 400, 'review.other_achievement'],
      [{ achievement: newRandomId() }, 400, 'review.other_achievement'],
      [{ decision: 'approved' }, 400, 'request.invalid'],
      [{ state: 'approved' }, 400, 'request.invalid'],
    ] as const;
    for (const [changes, status, code] of cases) {
      const answer = await review(id, changes);
      expect(outcome(answer)).toMatchObject({ status, body: { code } });
    }
    expect(await submissionOf(id)).toMatchObject({ state: 'submitted', reviews: [] });
  });

  it('is a submission that is not there, or not handed in', async () => {
    expect((await review(newRandomId())).status).toBe(404);
    expect((await review('x')).status).toBe(400);
    const created = await school
      .call('post', '/submissions', learner.key)
      .send({ achievements: [fairTests.id] });
    const draft = await review(bodyOf(created).id);
    expect(outcome(draft)).toMatchObject({ status: 409, body: { code: 'review.not_submitted' } });
  });
});
