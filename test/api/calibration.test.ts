import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

interface Sample {
  readonly id: string;
  readonly evidence: readonly object[];
}

let cairn: TestCairn;
let school: School;
let achievement: PublishedAchievement;
let learner: { id: string; key: string };
let teacher: { id: string; key: string };
let colleague: { id: string; key: string };

beforeEach(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  achievement = await school.publish();
  learner = await cairn.as('learner', { name: 'Zenobia Quill' });
  teacher = await cairn.as('teacher', { name: 'Tara Teacher' });
  colleague = await cairn.as('teacher', { name: 'Cole League' });
});
afterEach(async () => {
  await cairn.close();
});

const sampleAll = (calibration: object = { share: 1 }) =>
  school.call('patch', '/organization').send({ policy: { calibration } });

async function handIn() {
  const answer = await school.call('post', '/submissions', learner.key).send({
    achievements: [achievement.id],
    evidence: [{ name: 'Report of Zenobia Quill', narrative: 'What I did.' }],
    submit: true,
  });
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}

async function review(decision: 'approve' | 'revise' | 'decline', level: 0 | 1 | 2) {
  const id = await handIn();
  const answer = await school.call('post', `/submissions/${id}/reviews`, teacher.key).send({
    achievement: achievement.id,
    decision,
    results: resultsAt(achievement, level),
    feedback: 'Say more.',
  });
  expect(answer.status).toBe(201);
  return id;
}

const queueOf = async (key: string) => {
  const answer = await school.call('get', '/calibration/queue', key);
  expect(answer.status).toBe(200);
  return (answer.body as { items: Sample[] }).items;
};
const judge = (id: string, key: string, level: 0 | 1 | 2) =>
  school
    .call('post', `/calibration/${id}/results`, key)
    .send({ results: resultsAt(achievement, level) });
const agreement = async (query = '') =>
  (await school.call('get', `/calibration/agreement${query}`)).body as Record<string, object>;

describe('judging again', () => {
  it('is offered to others than the first reader, and names nobody', async () => {
    await sampleAll();
    await review('revise', 0);
    expect(await queueOf(teacher.key)).toEqual([]);
    const items = await queueOf(colleague.key);
    expect(items).toMatchObject([
      { achievement: achievement.id, evidence: [{ narrative: 'What I did.' }] },
    ]);
    const text = JSON.stringify(items);
    for (const secret of ['Zenobia', learner.id, teacher.id, 'Say more'])
      expect(text).not.toContain(secret);
  });

  it('is not asked for where nobody wants it, of what was declined, and of other kinds', async () => {
    await review('revise', 0);
    await sampleAll();
    await review('decline', 0);
    await sampleAll({ share: 1, kinds: ['boss'] });
    await review('revise', 0);
    await sampleAll();
    await school.call('patch', '/organization').send({ policy: { secondReader: 'always' } });
    await review('revise', 0);
    expect(await queueOf(colleague.key)).toEqual([]);
  });

  it('changes no decision, is done once, and not by who reviewed or made it', async () => {
    await sampleAll();
    const submission = await review('revise', 0);
    const [sample] = await queueOf(colleague.key);
    const id = sample?.id ?? '';
    expect((await judge(id, teacher.key, 1)).body).toMatchObject({ code: 'calibration.own_work' });
    expect((await judge(id, learner.key, 1)).body).toMatchObject({ code: 'role.not_allowed' });
    const short = { results: resultsAt(achievement, 1).slice(0, 1) };
    expect(
      (await school.call('post', `/calibration/${id}/results`, colleague.key).send(short)).body,
    ).toMatchObject({ code: 'calibration.bad_results' });
    expect((await judge(id, colleague.key, 2)).status).toBe(204);
    expect((await judge(id, cairn.owner, 2)).body).toMatchObject({ code: 'calibration.judged' });
    expect(await queueOf(cairn.owner)).toEqual([]);
    const after = await school.call('get', `/submissions/${submission}`);
    expect(after.body).toMatchObject({ decisions: [{ state: 'revise' }] });
    expect((after.body as { reviews: object[] }).reviews).toHaveLength(1);
  });

  it('tells how far the two agree, by criterion and by reviewer', async () => {
    await sampleAll();
    expect(await agreement()).toMatchObject({
      overall: { pairs: 0, kappaUndefined: 'no-pairs' },
      criteria: [],
    });
    await review('revise', 0);
    await judge((await queueOf(colleague.key))[0]?.id ?? '', colleague.key, 0);
    await review('revise', 0);
    await judge((await queueOf(colleague.key))[0]?.id ?? '', colleague.key, 2);
    const found = await agreement(`?achievement=${achievement.id}`);
    // Two criteria, each 00 and 02: po = ½; first: 0 always, second: 0 half: pe = ½; kappa = 0.
    const half = { exact: 0.5, adjacent: 0.5, kappa: 0 };
    expect(found.overall).toEqual({ pairs: 4, ...half });
    expect(found.criteria).toMatchObject([
      { pairs: 2, ...half },
      { pairs: 2, ...half },
    ]);
    expect(found.reviewers).toMatchObject([
      { reviewer: teacher.id, pairs: 4, ...half },
      { reviewer: colleague.id, pairs: 4, ...half },
    ]);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await agreement(`?from=${later}`)).toMatchObject({ overall: { pairs: 0 } });
    expect(await agreement(`?to=${later}`)).toMatchObject({ overall: { pairs: 4 } });
    expect((await school.call('get', '/calibration/agreement', colleague.key)).status).toBe(403);
  });

  it('keeps the figures and forgets the work when its learner is erased', async () => {
    await sampleAll();
    await review('revise', 0);
    await judge((await queueOf(colleague.key))[0]?.id ?? '', colleague.key, 0);
    await review('revise', 0);
    expect((await school.call('delete', `/people/${learner.id}`)).status).toBe(204);
    expect(await queueOf(colleague.key)).toEqual([]);
    expect(await agreement()).toMatchObject({ overall: { pairs: 2, exact: 1 } });
  });
});

describe('a norming session', () => {
  const start = (submission: string, key = cairn.owner, level: 0 | 1 | 2 = 1) =>
    school.call('post', '/norming-sessions', key).send({
      achievement: achievement.id,
      title: 'Fair tests',
      anchors: [{ submission, results: resultsAt(achievement, level) }],
    });

  it('shows what was agreed on, and what others found, after the own rating only', async () => {
    const made = await start(await handIn());
    expect(made.status).toBe(201);
    const path = `/norming-sessions/${(made.body as { id: string }).id}`;
    const read = async (key: string) =>
      (
        (await school.call('get', path, key)).body as {
          anchors: { id: string; own?: object; expected?: object; others?: object[] }[];
        }
      ).anchors;
    const [anchor] = await read(teacher.key);
    expect(anchor?.expected).toBeUndefined();
    expect(JSON.stringify(anchor)).not.toContain('Zenobia');
    const rate = (key: string, level: 0 | 1 | 2) =>
      school
        .call('post', `${path}/ratings`, key)
        .send({ anchor: anchor?.id, results: resultsAt(achievement, level) });
    expect((await rate(teacher.key, 0)).body).toMatchObject({
      anchors: [{ others: [], agreement: { pairs: 2, exact: 0, adjacent: 1 } }],
    });
    expect((await rate(teacher.key, 1)).body).toMatchObject({ code: 'norming.rated' });
    expect((await read(colleague.key))[0]?.others).toBeUndefined();
    await rate(colleague.key, 1);
    const [seen] = await read(colleague.key);
    expect(seen?.others).toHaveLength(1);
    expect(seen?.expected).toHaveLength(2);
  });

  it('is started by leads, with work that was handed in for it', async () => {
    const submission = await handIn();
    expect((await start(submission, teacher.key)).status).toBe(403);
    expect((await start(crypto.randomUUID())).body).toMatchObject({ code: 'submission.not_found' });
    achievement = await school.publish({ name: 'Graphs' });
    expect((await start(submission)).body).toMatchObject({ code: 'norming.other_work' });
    expect((await school.call('get', '/norming-sessions')).body).toEqual({ items: [] });
  });
});
