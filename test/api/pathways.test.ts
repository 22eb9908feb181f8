import { startCairn, type TestCairn } from '../support/cairn.ts';
import { addCircle, askAll, familyAndStaff } from '../support/learner-circle.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

let cairn: TestCairn;
let school: School;
let a: PublishedAchievement;
let b: PublishedAchievement;
let c: PublishedAchievement;
let credit: string;
let boss: string;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openSchool(cairn);
  cairn.cairn.queue.process(cairn.services.issuances.process);
  a = await school.publish({ name: 'Counting' });
  b = await school.publish({ name: 'Adding' });
  c = await school.publish({ name: 'Multiplying' });
  boss = (await school.publish({ name: 'Boss', kind: 'boss' })).id;
  const parts = { kind: 'credit', standards: [], rubric: [], level: undefined };
  credit = (await school.publish({ ...parts, name: 'Numeracy' })).id;
});
afterAll(async () => {
  await cairn.close();
});

const steps = () => [{ achievement: a.id }, { achievement: b.id }, { achievement: c.id }];
const make = (changes: object = {}) =>
  school
    .call('post', '/pathways')
    .send({ name: 'Numbers', description: 'Way.', kind: 'ordered', steps: steps(), ...changes });
const idOf = ({ body }: { body: unknown }) => (body as { id: string }).id;

async function award(learner: string, achievement: PublishedAchievement) {
  const answer = await school.call('post', '/awards').send({
    ...{ learner, achievement: achievement.id, narrative: 'Seen.' },
    results: resultsAt(achievement, 1),
  });
  expect(answer.status).toBe(202);
}

describe('a pathway', () => {
  it('says where a learner stands, to those who may know', async () => {
    const id = idOf(await make({ award: { achievement: credit, need: 2 } }));
    const circle = await addCircle(cairn, school);
    const path = `/learners/${circle.learner.id}/pathways`;
    await award(circle.learner.id, a);
    const shown = await school.call('get', path, circle.learner.key);
    const { items } = shown.body as { items: { id: string }[] };
    expect(items.find((one) => one.id === id)).toMatchObject({
      earned: 1,
      steps: [
        { id: a.id, name: 'Counting', state: 'earned', missing: [] },
        { id: b.id, state: 'open', missing: [] },
        { id: c.id, state: 'locked', missing: [{ id: b.id, name: 'Adding' }] },
      ],
      award: { id: credit, name: 'Numeracy', need: 2, lacking: 1, state: 'open' },
    });
    expect(await askAll(school, circle, path)).toEqual(familyAndStaff);
    await school.call('post', `/pathways/${id}/retire`);
    const after = await school.call('get', path);
    expect((after.body as { items: object[] }).items).not.toContainEqual(
      expect.objectContaining({ id }),
    );
  });

  it('is refused with a circle, which is named, and stays as it was', async () => {
    const id = idOf(await make({ kind: 'free' }));
    const before = (await school.call('get', `/pathways/${id}`)).text;
    const circular = [
      { achievement: a.id, requires: [b.id] },
      { achievement: b.id, requires: [c.id] },
      { achievement: c.id, requires: [a.id] },
    ];
    const refused = await school.call('patch', `/pathways/${id}`).send({ steps: circular });
    expect(refused.body).toMatchObject({
      ...{ status: 400, code: 'pathway.cycle' },
      detail:
        'These wait for each other: “Counting” needs “Adding” needs “Multiplying” needs “Counting”.',
      cycle: [{ id: a.id, name: 'Counting' }, { id: b.id }, { id: c.id }],
    });
    // What is free may wait for what comes later; in an order it may not.
    const forward = [{ achievement: a.id, requires: [b.id] }, { achievement: b.id }];
    expect((await make({ kind: 'free', steps: forward })).status).toBe(201);
    const ordered = { kind: 'ordered', steps: forward };
    expect((await school.call('patch', `/pathways/${id}`).send(ordered)).body).toMatchObject({
      code: 'pathway.cycle',
    });
    expect((await school.call('get', `/pathways/${id}`)).text).toBe(before);
  });

  it('takes no circle of two changes at once that make sense one by one', async () => {
    const forward = [{ achievement: a.id, requires: [b.id] }, { achievement: b.id }];
    for (let round = 0; round < 5; round += 1) {
      const id = idOf(await make({ kind: 'free' }));
      const change = (body: object) => school.call('patch', `/pathways/${id}`).send(body);
      const both = await Promise.all([change({ kind: 'ordered' }), change({ steps: forward })]);
      expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
      const refused = both.find(({ status }) => status === 400);
      expect(refused?.body).toMatchObject({ code: 'pathway.cycle' });
    }
  });

  it('takes no award that is needed, by way of another one, for itself', async () => {
    const first = { steps: [{ achievement: b.id }], award: { achievement: a.id, need: 1 } };
    const id = idOf(await make({ kind: 'free', ...first }));
    const second = { steps: [{ achievement: a.id }], award: { achievement: b.id, need: 1 } };
    expect((await make(second)).body).toMatchObject({ code: 'pathway.cycle' });
    const changed = await school.call('patch', `/pathways/${id}`).send({ award: null });
    expect(changed.body).not.toHaveProperty('award');
    expect((await make(second)).status).toBe(201);
  });

  it.each([
    ['a step that requires no step', () => ({ steps: [{ achievement: a.id, requires: [b.id] }] })],
    ['a step twice', () => ({ steps: [...steps(), { achievement: a.id }] })],
    ['no steps', () => ({ steps: [] })],
    ['an award for more than there is', () => ({ award: { achievement: credit, need: 4 } })],
    ['a boss as award', () => ({ award: { achievement: boss, need: 1 } }), 'pathway.award_kind'],
    [
      'what is not published',
      () => ({ steps: [{ achievement: crypto.randomUUID() }] }),
      'pathway.unknown_achievement',
    ],
  ])('is refused with %s', async (_what, changes, code = 'pathway.bad_steps') => {
    const before = (await school.call('get', '/pathways')).text;
    expect((await make(changes())).body).toMatchObject({ status: 400, code });
    expect((await school.call('get', '/pathways')).text).toBe(before);
  });

  it('is a draft that learners do not see until it is switched on', async () => {
    const { key } = await cairn.as('learner');
    const id = idOf(await make({ state: 'draft', steps: [] }));
    const patch = (body: object) => school.call('patch', `/pathways/${id}`).send(body);
    expect((await school.call('get', `/pathways/${id}`, key)).status).toBe(404);
    expect((await patch({ state: 'active' })).body).toMatchObject({ code: 'pathway.bad_steps' });
    await patch({ state: 'active', steps: steps() });
    expect((await school.call('get', `/pathways/${id}`, key)).status).toBe(200);
  });
});

describe('a mastery credit', () => {
  const path = () => `/achievements/${credit}/composition`;

  it('shows what it is made of and what is missing, to those who may know', async () => {
    const composed = await school.call('put', path()).send({
      ...{ tier: 'advanced', certify: 'by-person', all: [a.id] },
      any: { achievements: [b.id, c.id], count: 1 },
    });
    expect(composed.status).toBe(200);
    const circle = await addCircle(cairn, school);
    const credits = `/learners/${circle.learner.id}/credits`;
    await award(circle.learner.id, b);
    const shown = await school.call('get', credits, circle.learner.key);
    expect(shown.body).toEqual({
      items: [
        {
          ...{ achievement: credit, name: 'Numeracy', state: 'in_progress', tier: 'advanced' },
          certify: 'by-person',
          all: [{ id: a.id, name: 'Counting', held: false }],
          any: {
            ...{ count: 1, lacking: 0 },
            achievements: [
              { id: b.id, name: 'Adding', held: true },
              { id: c.id, name: 'Multiplying', held: false },
            ],
          },
          missing: [{ id: a.id, name: 'Counting' }],
        },
      ],
    });
    await award(circle.learner.id, a);
    expect((await school.call('get', credits)).body).toMatchObject({ items: [{ state: 'ready' }] });
    expect(await askAll(school, circle, credits)).toEqual(familyAndStaff);
  });

  it.each([
    ['nothing', () => ({ all: [] })],
    ['the same twice', () => ({ all: [a.id, a.id] })],
    ['more than there is', () => ({ any: { achievements: [a.id], count: 2 } })],
    ['none of some', () => ({ any: { achievements: [a.id], count: 0 } })],
    ['itself', () => ({ all: [credit] }), 'credit.cycle'],
    ['what is not there', () => ({ all: [crypto.randomUUID()] }), 'credit.unknown_achievement'],
  ])('is not made of %s', async (_what, parts, code = 'credit.bad_composition') => {
    const before = (await school.call('get', path())).text;
    const refused = await school.call('put', path()).send({ tier: 'foundational', ...parts() });
    expect(refused.body).toMatchObject({ status: 400, code });
    expect((await school.call('get', path())).text).toBe(before);
  });

  it('is the only kind that is composed', async () => {
    const refused = await school
      .call('put', `/achievements/${a.id}/composition`)
      .send({ tier: 'foundational', all: [b.id] });
    expect(refused.body).toMatchObject({ status: 400, code: 'credit.not_a_credit' });
  });
});
