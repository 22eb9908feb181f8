import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { resultsAt } from '../support/submissions.ts';

let cairn: TestCairn;
let school: School;
let boss: PublishedAchievement;
let teacher: Member;
let learner: Member;

interface Member {
  readonly id: string;
  readonly key: string;
}
interface Answer {
  readonly id: string;
  readonly code: string;
  readonly secret: string;
  readonly state: string;
  readonly items: readonly { readonly action: string; readonly details: object }[];
}

beforeAll(async () => {
  cairn = await startCairn();
  cairn.cairn.queue.process(cairn.services.issuances.process);
  school = await openSchool(cairn);
  boss = await school.publish({ kind: 'boss', name: 'Science fair' });
  teacher = await cairn.as('teacher');
});
beforeEach(async () => {
  learner = await cairn.as('learner');
});
afterAll(async () => {
  await cairn.close();
});

const bodyOf = ({ body }: { body: unknown }) => body as Answer;
const post = async (path: string, body: object, key = cairn.owner) => {
  const answer = await school.call('post', path, key).send(body);
  return { status: answer.status, ...bodyOf(answer) };
};
const award = (achievement: PublishedAchievement, level: 0 | 1, key: string) =>
  post(
    '/awards',
    {
      learner: learner.id,
      achievement: achievement.id,
      narrative: 'Seen in class.',
      results: resultsAt(achievement, level),
    },
    key,
  );
const handIn = (achievement: PublishedAchievement, submit = true) =>
  post(
    '/submissions',
    { achievements: [achievement.id], evidence: [{ name: 'A', narrative: 'B' }], submit },
    learner.key,
  );

describe('a direct award', () => {
  it('cannot say less than the rubric requires', async () => {
    const badge = await school.publish({ name: 'Directly' });
    expect(await award(badge, 0, teacher.key)).toMatchObject({
      status: 422,
      code: 'award.below_required',
    });
    expect(await award(badge, 1, teacher.key)).toMatchObject({ status: 202 });
  });

  it('does not get around the second reader, but for those who may override', async () => {
    expect(await award(boss, 1, teacher.key)).toMatchObject({
      status: 403,
      code: 'award.second_reader_needed',
    });
    const lead = await cairn.as('lead');
    expect(await award(boss, 1, lead.key)).toMatchObject({ status: 202 });
  });
});

describe('two readers', () => {
  it('are not two keys without a person', async () => {
    const [one, other] = [
      await post('/api-keys', { name: 'One', roles: ['teacher'] }),
      await post('/api-keys', { name: 'Other', roles: ['teacher'] }),
    ];
    const { id } = await handIn(boss);
    const approval = { achievement: boss.id, decision: 'approve', results: resultsAt(boss, 1) };
    const approve = (key: string) => post(`/submissions/${id}/reviews`, approval, key);

    expect(await approve(one.secret)).toMatchObject({ status: 201, state: 'submitted' });
    expect(await approve(other.secret)).toMatchObject({
      status: 409,
      code: 'review.second_reader_needed',
    });
    expect(await approve(teacher.key)).toMatchObject({ status: 201, state: 'decided' });
  });
});

describe('what was retired', () => {
  it('cannot be handed in for any more, not even from an old draft', async () => {
    const badge = await school.publish({ name: 'Retiring' });
    const { id } = await handIn(badge, false);
    await post(`/achievements/${badge.id}/retire`, {});

    expect(await post(`/submissions/${id}/submit`, {}, learner.key)).toMatchObject({
      status: 409,
      code: 'submission.achievement_retired',
    });
  });

  it('is still decided where it was handed in before', async () => {
    const badge = await school.publish({ name: 'Retiring soon' });
    const { id } = await handIn(badge);
    await post(`/achievements/${badge.id}/retire`, {});

    const results = resultsAt(badge, 1);
    const review = { achievement: badge.id, decision: 'approve', results };
    expect(await post(`/submissions/${id}/reviews`, review, teacher.key)).toMatchObject({
      status: 201,
      state: 'decided',
    });
  });
});

describe('a revoked badge', () => {
  it('may be earned again, and stays revoked itself', async () => {
    const badge = await school.publish({ name: 'Again' });
    const first = await award(badge, 1, teacher.key);
    await cairn.cairn.queue.drained();
    const { credential } = (await school.call('get', `/issuances/${first.id}`)).body as {
      credential: string;
    };
    expect(await award(badge, 1, teacher.key)).toMatchObject({ status: 409, code: 'award.exists' });
    expect(await post(`/credentials/${credential}/revoke`, { reason: 'By mistake' })).toMatchObject(
      { status: 204 },
    );

    expect(await award(badge, 1, teacher.key)).toMatchObject({ status: 202 });
    await cairn.cairn.queue.drained();
    const { document } = (await school.call('get', `/credentials/${credential}`)).body as {
      document: object;
    };
    expect(await cairn.services.verification.verify(document)).toMatchObject({
      outcome: 'revoked',
    });
  });
});

describe('what learners write', () => {
  it.each([
    'https://video.example/my talk?v={1|2}',
    'HTTPS://Video.example/"quoted"<b>',
    'https://пример.example/видео',
  ])('never keeps a badge from being signed: %s', async (url) => {
    const badge = await school.publish({ name: `Badge ${url.length}` });
    const submission = await post(
      '/submissions',
      { achievements: [badge.id], evidence: [{ name: 'Video', url }], submit: true },
      learner.key,
    );
    expect(submission.status).toBe(201);
    await post(
      `/submissions/${submission.id}/reviews`,
      { achievement: badge.id, decision: 'approve', results: resultsAt(badge, 1) },
      teacher.key,
    );
    await cairn.cairn.queue.drained();

    const { items } = (await school.call('get', `/credentials?learner=${learner.id}`))
      .body as unknown as { items: { achievement: string }[] };
    expect(items.map(({ achievement }) => achievement)).toEqual([badge.id]);
  });

  it.each(['A\ud800', '\udfffda'])('is whole characters: %j', async (name) => {
    expect(await post('/people', { name, roles: ['learner'] })).toMatchObject({ status: 400 });
  });
});

describe('keys', () => {
  it('of an owner are not an administrator’s to take away', async () => {
    const admin = await cairn.as('admin');
    const owner = await cairn.as('owner');
    const mine = await post('/api-keys', { name: 'Mine', roles: ['owner'] });
    const personal = await post('/api-keys', { name: 'Personal', person: owner.id });
    const revoke = (id: string, key: string) => school.call('delete', `/api-keys/${id}`, key);

    expect((await revoke(mine.id, admin.key)).body).toMatchObject({ code: 'api_key.too_much' });
    expect((await revoke(personal.id, admin.key)).body).toMatchObject({ code: 'api_key.too_much' });
    expect((await revoke(mine.id, cairn.owner)).status).toBe(204);
  });

  it('are recorded with whose they are and what they may do', async () => {
    await post('/api-keys', { name: 'Sync', roles: ['teacher'] });
    await post('/api-keys', { name: 'Personal', person: learner.id });
    await school.call('patch', `/people/${learner.id}`).send({ name: 'Renamed', adult: true });

    const { items } = bodyOf(await school.call('get', '/audit-events?limit=3'));
    expect(items.map(({ details }) => details)).toEqual([
      { fields: 'name adult' },
      { person: learner.id },
      { roles: 'teacher' },
    ]);
  });
});
