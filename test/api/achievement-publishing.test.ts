import { scopeOf } from '../../src/domain/roles.ts';
import { startAchievements, type Shown } from '../support/achievements.ts';

let school: Awaited<ReturnType<typeof startAchievements>>;

beforeAll(async () => {
  school = await startAchievements();
}, 60_000);
afterAll(async () => {
  await school.close();
});

async function auditOf(id: string) {
  const { items } = await school.bodyOf('/audit-events?limit=200');
  const events = items as unknown as { action: string; subject: string; details: object }[];
  return events
    .filter(({ subject }) => subject === `achievement:${id}`)
    .map(({ action, details }) => ({ action, details }))
    .reverse();
}

describe('publishing', () => {
  it('freezes the draft, its school.standards and its level', async () => {
    const { id, rubric } = await school.published();
    const version = await school.bodyOf(`/achievements/${id}/versions/1`);
    expect(version).toMatchObject({
      achievement: id,
      number: 1,
      name: 'Adding',
      rubric: [{ id: rubric[0]?.id }],
      levelName: 'Foundations',
      levelCount: 2,
      alignments: [
        {
          standard: school.standards[0],
          statement: 'Adds',
          code: 'A.1',
          framework: { title: 'Mathematics' },
        },
      ],
    });

    const changed = await school.call('patch', `/achievements/${id}`).send({ name: 'Adding well' });
    expect(changed.body).toMatchObject({ state: 'published', version: 1, name: 'Adding well' });
    expect(await school.bodyOf(`/achievements/${id}/versions/1`)).toEqual(version);

    const again = await school.call('post', `/achievements/${id}/publish`);
    expect(again.body).toMatchObject({ version: 2, rubric: [{ id: rubric[0]?.id }] });
    expect(await school.bodyOf(`/achievements/${id}/versions/1`)).toEqual(version);
    expect(await school.bodyOf(`/achievements/${id}/versions/2`)).toMatchObject({
      name: 'Adding well',
    });
    expect(await auditOf(id)).toEqual([
      { action: 'achievement.published', details: { version: 1 } },
      { action: 'achievement.published', details: { version: 2 } },
    ]);
  });

  it('makes one version of one draft, however often and at once it is asked for', async () => {
    const { id } = await school.create();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => school.call('post', `/achievements/${id}/publish`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect((await school.call('post', `/achievements/${id}/publish`)).body).toMatchObject({
      version: 1,
    });
    expect((await school.call('get', `/achievements/${id}/versions/2`)).status).toBe(404);
    expect(await auditOf(id)).toHaveLength(1);
  });

  it('completes a publication that was cut short after the version was written', async () => {
    const { id } = await school.create();
    await cutShort(id);
    expect((await school.call('get', `/achievements/${id}/versions/1`)).status).toBe(404);
    expect(await school.services.achievements.findPublished(id, 1)).toBeUndefined();

    expect((await school.call('post', `/achievements/${id}/publish`)).body).toMatchObject({
      version: 1,
    });
    expect(await school.bodyOf(`/achievements/${id}/versions/1`)).toMatchObject({ number: 1 });
    expect(await auditOf(id)).toHaveLength(1);
  });

  it('puts a draft that changed since such a crash into the next version', async () => {
    const { id } = await school.create();
    await cutShort(id);
    await school.call('patch', `/achievements/${id}`).send({ name: 'After the crash' });
    expect((await school.call('post', `/achievements/${id}/publish`)).body).toMatchObject({
      version: 2,
    });
    expect(await school.bodyOf(`/achievements/${id}/versions/1`)).toMatchObject({ name: 'Adding' });
    expect(await school.bodyOf(`/achievements/${id}/versions/2`)).toMatchObject({
      name: 'After the crash',
    });
  });

  it('shows nobody a version whose publication was never finished', async () => {
    const { id } = await school.published();
    await school.call('patch', `/achievements/${id}`).send({ name: 'Unfinished' });
    await cutShort(id);
    const { achievements } = school.services;
    expect(await achievements.findPublished(id, 2)).toBeUndefined();
    expect(await achievements.findPublished(id)).toMatchObject({ version: { name: 'Adding' } });
    expect((await school.call('get', `/achievements/${id}/versions/2`)).status).toBe(404);
  });

  /** What is left when the process dies between the two writes of a publication. */
  async function cutShort(id: string): Promise<void> {
    const { achievements, achievementVersions } = school.stores;
    const twin = await school.published();
    const scope = scopeOf(school);
    const [draft, made] = await Promise.all([
      achievements.find(scope, id),
      achievementVersions.find(scope, twin.id, 1),
    ]);
    if (draft === undefined || made === undefined) throw new Error('nothing to cut short');
    const number = draft.version + 1;
    await achievementVersions.add({ ...made, ...draft.draft, achievement: id, number });
  }

  it('keeps the kind of what was published', async () => {
    const { id } = await school.published();
    const answer = await school.call('patch', `/achievements/${id}`).send({ kind: 'credit' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'achievement.kind_fixed' });
  });

  it('refuses a standard that was retired meanwhile', async () => {
    const sheet = 'code,statement\nT.1,Stays\nT.2,Goes\n';
    const load = (text: string, query: string) =>
      school.call('post', `/frameworks/import?${query}`).type('text/csv').send(text);
    const first = await load(sheet, 'title=Temporary');
    const home = (first.body as { framework: { id: string } }).framework.id;
    await school.call('put', `/frameworks/${home}/levels`).send([{ ordinal: 1, name: 'One' }]);
    const { items } = await school.bodyOf(`/frameworks/${home}/standards`);
    const { id } = await school.create({ standards: items.map((item) => item.id) });
    await load('code,statement\nT.1,Stays\n', `framework=${home}`);
    const answer = await school.call('post', `/achievements/${id}/publish`);
    expect(answer.status).toBe(422);
    expect((answer.body as Shown).errors.map(({ path }) => path)).toEqual(['standards.1']);
  });

  it('ends with retirement, for good', async () => {
    const { id } = await school.published();
    const scope = scopeOf(school);
    const { achievements } = school.services;
    expect(await achievements.findCurrent(scope, id)).toMatchObject({ number: 1 });
    for (let times = 0; times < 2; times += 1) {
      const answer = await school.call('post', `/achievements/${id}/retire`);
      expect([answer.status, (answer.body as Shown).state]).toEqual([200, 'retired']);
    }
    expect((await auditOf(id)).map(({ action }) => action)).toEqual([
      'achievement.published',
      'achievement.retired',
    ]);
    expect((await school.call('patch', `/achievements/${id}`).send({ name: 'X' })).status).toBe(
      409,
    );
    expect((await school.call('post', `/achievements/${id}/publish`)).status).toBe(409);
    expect(await achievements.findCurrent(scope, id)).toBeUndefined();
    expect(await achievements.findVersion(scope, id, 1)).toMatchObject({ number: 1 });
    expect(await achievements.findPublished(id)).toMatchObject({
      state: 'retired',
      newest: 1,
      version: { number: 1 },
    });
  });
});
