import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let [graphs, tables, sums, fair] = [] as readonly Made[] as readonly [Made, Made, Made, Made];
let credit: Made;
let award: Made;
let pathway: string;
const creditParts = { kind: 'credit', standards: [], rubric: [], level: undefined };

/** A credit of one that nobody gets around and two of three, and a pathway whose award asks for two of these three. */
beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  [graphs, tables, sums, fair] = (await school.many([
    'Graphs',
    'Tables',
    'Sums',
    'Fair tests',
  ])) as unknown as readonly [Made, Made, Made, Made];
  credit = await school.publish({ ...creditParts, name: 'Inquiry' });
  award = await school.publish({ ...creditParts, name: 'Inquirer' });
  const three = [graphs.id, tables.id, sums.id];
  const composed = await school.call('put', `/achievements/${credit.id}/composition`).send({
    ...{ tier: 'foundational', all: [fair.id] },
    any: { achievements: three, count: 2 },
  });
  expect(composed.status).toBe(200);
  pathway = await makePathway(three, { award: { achievement: award.id, need: 2 } });
});
afterAll(async () => {
  await cairn.close();
});

async function makePathway(steps: readonly string[], changes: object = {}) {
  const made = await school.call('post', '/pathways').send({
    ...{ name: 'Way', description: 'A way.', kind: 'free' },
    steps: steps.map((achievement) => ({ achievement })),
    ...changes,
  });
  expect(made.status).toBe(201);
  return (made.body as { id: string }).id;
}

const read = async (path: string, key?: string) =>
  (await school.call('get', path, key)).body as { problems?: object[]; items?: object[] };
const composition = (key?: string) => read(`/achievements/${credit.id}/composition`, key);
const way = (key?: string) => read(`/pathways/${pathway}`, key);
const retire = async ({ id }: Made) =>
  (await school.call('post', `/achievements/${id}/retire`)).body as object;

const tooFew = {
  code: 'credit.count_above_parts',
  path: 'any.count',
  message: 'The credit asks for 2 of its achievements, and 1 of them can still be earned.',
};
const tooFewSteps = {
  code: 'pathway.need_above_steps',
  path: 'award.need',
  message: 'The award asks for 2 steps, and 1 of them can still be earned.',
};
const gone = {
  code: 'credit.retired',
  path: 'all.0',
  message:
    'The credit asks for an achievement that is retired: nobody who does not hold that one already can reach the credit any more.',
};

describe('credits and pathways that nobody can reach any more', () => {
  it('have no problems as long as there is enough', async () => {
    expect(await retire(graphs)).toMatchObject({ state: 'retired', unreachableCredits: [] });
    expect((await composition()).problems).toEqual([]);
    expect((await way()).problems).toEqual([]);
    expect(await read('/credits/unreachable')).toEqual({ items: [] });
  });

  it('are named when something is retired that they need', async () => {
    const credits = { achievement: credit.id, problems: [tooFew] };
    const ways = { achievement: award.id, pathway, problems: [tooFewSteps] };
    expect(await retire(tables)).toMatchObject({ unreachableCredits: [credits, ways] });
    const both = { ...credits, problems: [gone, tooFew] };
    expect(await retire(fair)).toMatchObject({ unreachableCredits: [both] });
    expect((await composition()).problems).toEqual([gone, tooFew]);
    expect((await way()).problems).toEqual([tooFewSteps]);
    const listed = await read('/pathways');
    expect(listed.items).toMatchObject([{ id: pathway, problems: [tooFewSteps] }]);
    expect(await read('/credits/unreachable')).toEqual({ items: [both, ways] });
  });

  it('are told of to those who make them', async () => {
    const { key } = await cairn.as('teacher');
    for (const shown of [await composition(key), await way(key)]) {
      expect(shown).toHaveProperty('createdAt');
      expect(shown).not.toHaveProperty('problems');
    }
  });

  it('are well again when they ask for what there is', async () => {
    const composed = await school
      .call('put', `/achievements/${credit.id}/composition`)
      .send({ tier: 'foundational', all: [sums.id] });
    expect(composed.status).toBe(200);
    const changed = await school
      .call('patch', `/pathways/${pathway}`)
      .send({ award: { achievement: award.id, need: 1 } });
    expect(changed.status).toBe(200);
    expect(await read('/credits/unreachable')).toEqual({ items: [] });
    expect(await retire(award)).toMatchObject({
      unreachableCredits: [{ pathway, problems: [{ code: 'pathway.retired_award' }] }],
    });
    await school.call('post', `/pathways/${pathway}/retire`);
    expect(await read('/credits/unreachable')).toEqual({ items: [] });
  });
});
