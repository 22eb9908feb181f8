import { systemActor } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import {
  startAchievements,
  reasoning,
  rubricLevels as levels,
  type Shown,
  type ShownCriterion,
} from '../support/achievements.ts';

let school: Awaited<ReturnType<typeof startAchievements>>;

beforeAll(async () => {
  school = await startAchievements();
}, 60_000);
afterAll(async () => {
  await school.close();
});

describe('drafting', () => {
  it('answers the whole achievement, with ids in the rubric and a picture', async () => {
    const answer = await school
      .call('post', '/achievements')
      .send(school.input({ tags: ['numbers'] }));
    const body = answer.body as Shown;
    expect(answer.status).toBe(201);
    expect(answer.get('Location')).toBe(`/api/v1/achievements/${body.id}`);
    expect(body).toMatchObject({
      state: 'draft',
      version: 0,
      kind: 'microcredential',
      level: 1,
      criteria: 'Show **two** ways: $\\frac{a}{b}$.',
      rubric: [
        { ...reasoning, requiredLevel: body.rubric[0]?.levels[1]?.id, requiredLevelName: 'Met' },
      ],
      evidencePolicy: { minItems: 1 },
      image: { kind: 'template', shape: 'circle' },
      tags: ['numbers'],
    });
    expect(await school.bodyOf(`/achievements/${body.id}`)).toEqual(body);
  });

  it('keeps the ids of what a change leaves in the rubric', async () => {
    const { id, rubric } = await school.create();
    const answer = await school.call('patch', `/achievements/${id}`).send({
      rubric: [
        { name: 'Writing', levels: levels.slice(0, 2), requiredLevel: 'Met' },
        { ...reasoning, levels: [...levels.slice(1), { name: 'New' }], requiredLevel: 'Beyond' },
      ],
    });
    const before = idsOf(rubric);
    const after = idsOf((answer.body as Shown).rubric);
    expect(answer.status).toBe(200);
    for (const name of ['Reasoning', 'Reasoning/Met', 'Reasoning/Beyond']) {
      expect(after[name]).toBe(before[name]);
    }
    expect(after['Reasoning required']).toBe(before['Reasoning/Beyond']);
    for (const name of ['Writing', 'Writing/Met', 'Reasoning/New']) {
      expect(Object.values(before)).not.toContain(after[name]);
    }
  });

  /** Ids by the names that they stand for. */
  function idsOf(rubric: readonly ShownCriterion[]): Readonly<Record<string, string>> {
    const entries = rubric.flatMap(({ id, name, requiredLevel, levels }): [string, string][] => [
      [name, id],
      [`${name} required`, requiredLevel],
      ...levels.map((level): [string, string] => [`${name}/${level.name}`, level.id]),
    ]);
    return Object.fromEntries(entries);
  }

  it('changes what is given, takes away what is null, and leaves the rest', async () => {
    const { id } = await school.create({ language: 'en', tags: ['a'] });
    const answer = await school.call('patch', `/achievements/${id}`).send({
      kind: 'credit',
      name: 'Credit in adding',
      level: null,
      language: null,
      image: null,
    });
    expect(answer.body).toMatchObject({
      kind: 'credit',
      name: 'Credit in adding',
      description: 'Adds numbers of any size.',
      image: { kind: 'template', shape: 'hexagon' },
      tags: ['a'],
    });
    expect(answer.body).not.toHaveProperty('level');
    expect(answer.body).not.toHaveProperty('language');
  });

  it('loses none of several changes made at once', async () => {
    const { id } = await school.create();
    const changes = [{ name: 'N' }, { description: 'D' }, { criteria: 'C' }, { tags: ['t'] }];
    const answers = await Promise.all(
      changes.map((change) => school.call('patch', `/achievements/${id}`).send(change)),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await school.bodyOf(`/achievements/${id}`)).toMatchObject(
      Object.assign({}, ...changes) as object,
    );
  });
});

describe('bad input', () => {
  const levelsOf = (criterion: object) => [{ ...reasoning, ...criterion }];

  it.each<[string, () => object, string, string]>([
    [
      'a rubric without required level',
      () => ({ rubric: [{ name: 'Reasoning', levels }] }),
      'request.invalid',
      'rubric.0.requiredLevel',
    ],
    [
      'a required level that is none of the levels',
      () => ({ rubric: levelsOf({ requiredLevel: 'Expert' }) }),
      'achievement.bad_rubric',
      'rubric.0.requiredLevel',
    ],
    [
      'two levels of one name',
      () => ({ rubric: levelsOf({ levels: [...levels, { name: 'met' }] }) }),
      'achievement.bad_rubric',
      'rubric.0.levels.3.name',
    ],
    [
      'an unknown standard',
      () => ({ standards: [...school.standards.slice(0, 1), newId()] }),
      'achievement.unknown_standard',
      'standards.1',
    ],
    ['an extra field', () => ({ points: 3 }), 'request.invalid', 'points'],
    [
      'an extra field in a level',
      () => ({ rubric: levelsOf({ levels: [{ name: 'x', id: newId() }, ...levels] }) }),
      'request.invalid',
      'rubric.0.levels.0.id',
    ],
    ['an open brace', () => ({ criteria: 'Solve {x' }), 'request.invalid', 'criteria'],
    ['a placeholder', () => ({ name: 'For {{student.name}}' }), 'request.invalid', 'name'],
    ['a bell', () => ({ description: 'ding \u0007' }), 'request.invalid', 'description'],
    ['half a character', () => ({ description: 'x \ud83d' }), 'request.invalid', 'description'],
    ['a wrong language code', () => ({ language: 'English' }), 'request.invalid', 'language'],
    ['an unknown kind', () => ({ kind: 'diploma' }), 'request.invalid', 'kind'],
    ['a level of 0', () => ({ level: 0 }), 'request.invalid', 'level'],
    [
      'an unknown icon',
      () => ({ image: { kind: 'template', shape: 'circle', color: '#123456', icon: 'skull' } }),
      'achievement.unknown_icon',
      'image.icon',
    ],
    [
      'a color that is code',
      () => ({ image: { kind: 'template', shape: 'circle', color: 'red"/>', icon: 'star' } }),
      'request.invalid',
      'image.color',
    ],
  ])('%s is refused and said where', async (_what, changes, code, path) => {
    const answer = await school.call('post', '/achievements').send(school.input(changes()));
    const body = answer.body as Shown;
    expect(answer.status).toBe(400);
    expect(body.code).toBe(code);
    expect(body.errors.map((error) => error.path)).toContain(path);
  });

  it.each<[string, () => object, readonly string[]]>([
    ['a boss on one standard', () => ({ kind: 'boss' }), ['standards']],
    ['a microcredential without standard', () => ({ standards: [] }), ['standards']],
    ['a level that the framework lacks', () => ({ level: 3 }), ['level']],
    ['no level', () => ({ level: undefined }), ['level']],
    ['no criterion', () => ({ rubric: [] }), ['rubric']],
    [
      'one level in a criterion',
      () => ({ rubric: [{ ...reasoning, levels: levels.slice(1, 2) }] }),
      ['rubric.0.levels'],
    ],
    [
      'everything at once',
      () => ({ kind: 'boss', level: 9, rubric: [] }),
      ['standards', 'level', 'rubric'],
    ],
  ])('%s may be drafted and not published', async (_what, changes, paths) => {
    const { id } = await school.create(changes());
    const answer = await school.call('post', `/achievements/${id}/publish`);
    const body = answer.body as Shown;
    expect(answer.status).toBe(422);
    expect(body.code).toBe('achievement.not_ready');
    expect(body.errors.map(({ path }) => path)).toEqual(paths);
    expect(await school.bodyOf(`/achievements/${id}`)).toMatchObject({
      state: 'draft',
      version: 0,
    });
  });
});

describe('who sees what', () => {
  it('shows strangers only what is published', async () => {
    const { id } = await school.create();
    expect(await school.services.achievements.findPublished(id)).toBeUndefined();
    await school.call('post', `/achievements/${id}/publish`);
    await school.call('patch', `/achievements/${id}`).send({ name: 'Secret draft' });
    expect(await school.services.achievements.findPublished(id)).toMatchObject({
      version: { name: 'Adding', number: 1 },
    });
    expect(await school.services.achievements.findPublished(id, 2)).toBeUndefined();
  });

  it('shows learners the newest version instead of the draft', async () => {
    const learner = await school.as('learner');
    const draft = await school.create();
    const { id } = await school.published();
    await school.call('patch', `/achievements/${id}`).send({ name: 'Secret draft' });

    expect((await school.call('get', `/achievements/${draft.id}`, learner.key)).status).toBe(404);
    expect(await school.bodyOf(`/achievements/${id}`, learner.key)).toMatchObject({
      name: 'Adding',
    });
    const { items } = await school.bodyOf('/achievements?limit=200', learner.key);
    expect(items.find((item) => item.id === id)).toMatchObject({ name: 'Adding' });
    expect(items.map((item) => item.id)).not.toContain(draft.id);
    expect((await school.bodyOf('/achievements?state=draft', learner.key)).items).toEqual([]);
  });

  it.each(['learner', 'guardian', 'mentor'] as const)('lets no %s write', async (role) => {
    const { key } = await school.as(role);
    const { id } = await school.create();
    const answers = await Promise.all([
      school.call('post', '/achievements', key).send(school.input()),
      school.call('patch', `/achievements/${id}`, key).send({ name: 'Mine' }),
      school.call('post', `/achievements/${id}/publish`, key),
      school.call('post', `/achievements/${id}/retire`, key),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  it('hides one school from another', async () => {
    const { id } = await school.published();
    const { secret } = await school.services.apiKeys.create(systemActor(newId()), {
      name: 'other',
      roles: ['owner'],
    });
    const answers = await Promise.all([
      school.call('get', `/achievements/${id}`, secret),
      school.call('get', `/achievements/${id}/versions/1`, secret),
      school.call('patch', `/achievements/${id}`, secret).send({ name: 'Mine' }),
      school.call('post', `/achievements/${id}/publish`, secret),
      school.call('post', `/achievements/${id}/retire`, secret),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect((await school.bodyOf('/achievements', secret)).items).toEqual([]);
    const foreign = await school.call('post', '/achievements', secret).send(school.input());
    expect(foreign.status).toBe(400);
    expect(foreign.body).toMatchObject({ code: 'achievement.unknown_standard' });
    expect(await school.bodyOf(`/achievements/${id}`)).toMatchObject({
      state: 'published',
      name: 'Adding',
    });
  });

  it('lists by state, kind and level of the framework', async () => {
    const boss = await school.published({
      kind: 'boss',
      standards: school.standards,
      level: 2,
      name: 'The boss',
    });
    await school.call('patch', `/achievements/${boss.id}`).send({ level: 1 });
    const draft = await school.create({ kind: 'boss', standards: school.standards, level: 2 });
    const idsOf = async (query: string) =>
      (await school.bodyOf(`/achievements?limit=200&${query}`)).items.map(({ id }) => id);

    expect(await idsOf('kind=boss&state=published')).toEqual([boss.id]);
    expect(await idsOf(`framework=${school.framework}&level=2&state=published`)).toEqual([boss.id]);
    expect((await idsOf(`framework=${school.framework}&level=2`)).slice(0, 2)).toEqual([
      draft.id,
      boss.id,
    ]);
    expect(await idsOf(`framework=${newId()}`)).toEqual([]);
    expect((await school.call('get', '/achievements?colour=red')).status).toBe(400);

    const first = await school.call('get', '/achievements?limit=1');
    const { next } = first.body as { next: string };
    expect((first.body as Shown).items.map(({ id }) => id)).toEqual([draft.id]);
    expect((await school.bodyOf(`/achievements?limit=1&cursor=${next}`)).items[0]?.id).toBe(
      boss.id,
    );
  });
});
