import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';
import { casePackage, childOf, item } from '../support/standards.ts';

const items = ['A', 'A.1', 'A.2', 'B'].map((humanCodingScheme, n) =>
  item(n + 1, { humanCodingScheme }),
);
const associations = [
  childOf(1, 'document', 1),
  childOf(2, 1, 1),
  childOf(3, 1, 2),
  childOf(4, 'document', 2),
];
const first = casePackage({ items, associations });

let cairn: TestCairn;
let school: Levels;
let made: readonly [Made, Made];
let level: Made;
let [done, halfway] = ['', ''];

/** All of what stands below A; one learner has it, another one half of it. */
beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn, 'Case', first);
  made = [
    await school.publish({ name: 'Fair tests', standards: [school.standard('A.1')] }),
    await school.publish({ name: 'Conclusions', standards: [school.standard('A.2')] }),
  ];
  level = await school.levelOf(1);
  [done, halfway] = [(await cairn.as('learner')).id, (await cairn.as('learner')).id];
  await school.earn(done, made);
  await school.earn(halfway, made.slice(0, 1));
  await putRule();
  await school.settle();
});
afterAll(async () => {
  await cairn.close();
});

const rule = (changes: object = {}) =>
  school.rule(made, level, {
    pool: { standards: [school.standard('A')], kinds: ['microcredential'] },
    preponderance: { minShare: 1 },
    ...changes,
  });

async function putRule(changes: object = {}) {
  const saved = await school.call('put', school.ruleAt(1)).send(rule(changes));
  expect(saved.status).toBe(200);
}

const holders = async () => [
  (await school.credentialsOf(done, level.id)).length,
  (await school.credentialsOf(halfway, level.id)).length,
];

/** The rule and its progress, where everybody stands, what was issued, and what was decided. */
async function everything() {
  const [shown, simulated, issued, audit] = await Promise.all([
    school.call('get', school.ruleAt(1)),
    school.call('post', `${school.ruleAt(1)}/simulate`).send(rule()),
    school.call('get', '/credentials'),
    school.call('get', '/audit-events?limit=200'),
  ]);
  const { items: events } = audit.body as { items: { action: string }[] };
  return {
    bodies: [shown, simulated, issued].map(({ status, body }) => ({
      status,
      body: body as object,
    })),
    decided: events.filter(({ action }) => !action.startsWith('framework')).length,
  };
}

describe('a level, when its framework is imported again', () => {
  it('is held by who held it', async () => {
    expect(await holders()).toEqual([1, 0]);
  });

  it.each([
    ['as it was', first],
    [
      'in another order',
      casePackage({ items: [...items].reverse(), associations: [...associations].reverse() }),
    ],
  ])('%s, stands as it stood, and nothing is decided or issued again', async (_how, document) => {
    const before = await everything();
    const again = await school.call('post', '/frameworks/import').send(document);
    expect([again.status, again.body]).toMatchObject([200, { created: 0, updated: 0, retired: 0 }]);
    expect(await cairn.cairn.storage.stores.levelAwards.listUndecided(10)).toEqual([]);
    await putRule();
    await school.settle();
    expect(await everything()).toEqual(before);
  });

  it('is certified once even when everybody is decided again, and to who gets there later', async () => {
    await putRule({ preponderance: { minShare: 0.99 } });
    await school.settle();
    const shown = await school.call('get', school.ruleAt(1));
    expect(shown.body).toMatchObject({ redecision: { state: 'done', certified: 0 } });
    expect(await holders()).toEqual([1, 0]);
    await school.earn(halfway, made.slice(1));
    expect(await holders()).toEqual([1, 1]);
  });
});
