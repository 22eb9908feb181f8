import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

// What makes no sense is refused with a code and a sentence, and leaves everything as it was.

let cairn: TestCairn;
let school: Levels;
let skill: Made;
let boss: Made;
let level: Made;
let credits: readonly [Made, Made];
let learner: { readonly id: string; readonly key: string };

beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  skill = await school.publish({ name: 'Fair tests' });
  boss = await school.boss('Field study');
  level = await school.levelOf(1);
  const parts = { kind: 'credit', standards: [], rubric: [], level: undefined };
  credits = [
    await school.publish({ ...parts, name: 'Inquiry' }),
    await school.publish({ ...parts, name: 'Science' }),
  ];
  const composed = { tier: 'advanced', all: [credits[0].id] };
  await school.call('put', `/achievements/${credits[1].id}/composition`).send(composed);
  const rule = school.rule([skill], level, { boss: { achievements: [boss.id], require: 'all' } });
  expect((await school.call('put', school.ruleAt(1)).send(rule)).status).toBe(200);
  await school.settle();
  learner = await cairn.as('learner');
});
afterAll(async () => {
  await cairn.close();
});

/** Everything that one of these could have changed. */
async function everything(): Promise<readonly string[]> {
  const paths = [
    school.ruleAt(1),
    '/pathways',
    `/achievements/${credits[1].id}/composition`,
    '/issuances',
    '/credentials',
    `/learners/${learner.id}/credits`,
  ];
  const answers = await Promise.all(paths.map((path) => school.call('get', path)));
  const composed = await school.call('get', `/achievements/${credits[0].id}/composition`);
  return [...answers, composed].map(({ text }) => text.replace(/"instance":"[^"]*"/, ''));
}

const putRule = (changes: object) => () =>
  school.call('put', school.ruleAt(1)).send(school.rule([skill], level, changes));
const share = 'The share must be more than 0 and at most 1; 0.8 means 80 of 100.';
const byRule = 'A level is certified by its rule, never by hand.';

it.each<[string, () => PromiseLike<{ status: number; body: unknown }>, string, string]>([
  ['a share of 0', putRule({ preponderance: { minShare: 0 } }), 'level_rule.bad_share', share],
  ['a share above 1', putRule({ preponderance: { minShare: 1.5 } }), 'level_rule.bad_share', share],
  [
    'a pool that is empty',
    putRule({ pool: { achievements: [] }, preponderance: { minShare: 1 } }),
    'level_rule.empty_pool',
    'The pool is empty: no published achievement of this level is in it, so nobody could reach the level.',
  ],
  [
    'a boss that is none',
    () => putRule({ boss: { achievements: [skill.id] } })(),
    'level_rule.not_a_boss',
    'Only a boss can be named as a boss.',
  ],
  [
    'steps that wait for each other',
    () =>
      school.call('post', '/pathways').send({
        ...{ name: 'Round', description: 'Round.', kind: 'free' },
        steps: [
          { achievement: skill.id, requires: [boss.id] },
          { achievement: boss.id, requires: [skill.id] },
        ],
      }),
    'pathway.cycle',
    'These wait for each other: “Fair tests” needs “Field study” needs “Fair tests”.',
  ],
  [
    'credits that are made of each other',
    () =>
      school
        .call('put', `/achievements/${credits[0].id}/composition`)
        .send({ tier: 'foundational', all: [credits[1].id] }),
    'credit.cycle',
    'These wait for each other: “Science” needs “Inquiry” needs “Science”.',
  ],
  [
    'a level that is awarded by hand',
    () => school.award(learner.id, level),
    'award.level_by_rule',
    byRule,
  ],
  [
    'a level that is handed in for',
    () =>
      school.call('post', '/submissions', learner.key).send({
        achievements: [level.id],
        evidence: [{ name: 'Report', narrative: 'What I did.' }],
      }),
    'submission.level_by_rule',
    'A level is certified by its rule; nothing can be handed in for it.',
  ],
  [
    'a level before it is reached',
    () => school.call('post', `${school.ruleAt(1)}/certify`).send({ learner: learner.id }),
    'level.not_reached',
    'This learner has not reached the level yet. Missing: 1 of Fair tests; the boss Field study.',
  ],
  [
    'a boss out of turn with a reason that says nothing',
    () => school.award(learner.id, boss, { overrideReason: '  ' }),
    'request.invalid',
    'Some of what you sent is not right.',
  ],
  [
    'a boss out of turn without a reason',
    () => school.award(learner.id, boss),
    'boss.not_ready',
    'This boss is not open for this learner yet. Missing: 1 of Fair tests.',
  ],
])('%s is refused', async (_what, ask, code, sentence) => {
  const before = await everything();
  const { status, body } = await ask();
  expect({ status, ...(body as object) }).toMatchObject({ code, detail: sentence });
  expect([400, 403, 409]).toContain(status);
  await school.settle();
  expect(await everything()).toEqual(before);
});

it('a level in a sheet is refused', async () => {
  const before = await everything();
  const sheet = `learner,achievement,narrative\n${learner.id},${level.id},Seen\n`;
  const report = await school.call('post', '/awards/import').type('text/csv').send(sheet);
  expect(JSON.stringify(report.body)).toContain('"code":"award.level_by_rule"');
  expect(JSON.stringify(report.body)).toContain('never by hand');
  await school.settle();
  expect(await everything()).toEqual(before);
});
