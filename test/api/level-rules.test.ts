import { newId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let made: readonly Made[];
let boss: Made;
let levels: readonly [Made, Made];
let foreign: Made;

beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  const other = await openLevels(cairn, 'Art');
  made = await school.many(['Fair tests', 'Graphs']);
  boss = await school.boss('Field study');
  levels = [await school.levelOf(1), await school.levelOf(2)];
  [foreign = boss] = await other.many(['Colours']);
});
afterAll(async () => {
  await cairn.close();
});

interface Rule {
  readonly id: string;
  readonly redecision?: { readonly state: string; readonly done: number; readonly total: number };
}

const put = (rule: object, ordinal = 1, strand?: string) =>
  school.call('put', school.ruleAt(ordinal, strand)).send(rule);
const right = (changes: object = {}) => school.rule(made, levels[0], changes);

describe('a rule that makes no sense', () => {
  const bosses = (ids: readonly string[]) => ({ boss: { achievements: ids, require: 'any' } });
  it.each<[string, () => object, number?]>([
    ['bad_share', () => ({ preponderance: { minShare: 0 } })],
    ['bad_share', () => ({ preponderance: { minShare: 1.01 } })],
    ['no_preponderance', () => ({ preponderance: {} })],
    ['bad_count', () => ({ preponderance: { minCount: 0 } })],
    ['count_above_pool', () => ({ preponderance: { minCount: 3 } })],
    ['empty_pool', () => ({ pool: { achievements: [] } })],
    [
      'empty_pool',
      () => ({ pool: { standards: [school.standard('B')], kinds: ['microcredential'] } }),
    ],
    ['unknown_standard', () => ({ pool: { standards: [newId()], kinds: ['microcredential'] } })],
    ['level_in_pool', () => ({ pool: { standards: [school.standard('A')], kinds: ['level'] } })],
    ['level_in_pool', () => ({ pool: { achievements: [levels[1].id] } })],
    ['unknown_achievement', () => ({ mustHave: [newId()] })],
    ['other_framework', () => ({ mustHave: [foreign.id] })],
    ['not_a_boss', () => bosses([made[0]?.id ?? ''])],
    ['not_a_level', () => ({ achievement: made[0]?.id })],
    ['other_level', () => ({ achievement: levels[1].id })],
    ['no_level_before', () => ({ requirePreviousLevel: true })],
    ['unknown_level', () => ({}), 7],
  ])('is refused as level_rule.%s', async (code, changes, ordinal = 1) => {
    const answer = await put(right(changes()), ordinal);
    expect([answer.status, answer.body]).toMatchObject([400, { code: `level_rule.${code}` }]);
    const listed = await school.call('get', `/frameworks/${school.framework}/level-rules`);
    expect(listed.body).toEqual({ items: [] });
  });

  it('is refused with a strand that is no standard of the framework', async () => {
    const answer = await put(right(), 1, newId());
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { code: 'level_rule.unknown_strand' },
    ]);
  });

  it('is refused when it names what was never published', async () => {
    const draft = await school.call('post', '/achievements').send({
      ...{ kind: 'microcredential', name: 'Draft', description: 'Draft', criteria: 'None' },
      ...{ standards: [school.standard('A')], level: 1, rubric: [] },
    });
    const { id } = draft.body as { id: string };
    const answer = await put(right({ mustHave: [id] }));
    expect([answer.status, answer.body]).toMatchObject([400, { code: 'level_rule.unpublished' }]);
  });
});

describe('a rule', () => {
  it('is saved, found, replaced and removed', async () => {
    const saved = await put(right({ ...{ state: 'draft' }, boss: { achievements: [boss.id] } }));
    expect([saved.status, saved.body]).toMatchObject([
      200,
      { state: 'draft', boss: { require: 'all' }, mustHave: [], requirePreviousLevel: false },
    ]);
    const learner = await cairn.as('learner');
    const hidden = await school.call('get', school.ruleAt(1), learner.key);
    expect(hidden.status).toBe(404);
    const on = await put(right());
    expect((on.body as Rule).id).toBe((saved.body as Rule).id);
    expect((await school.call('get', school.ruleAt(1), learner.key)).status).toBe(200);
    expect((await school.call('delete', school.ruleAt(1))).status).toBe(204);
    expect((await school.call('get', school.ruleAt(1))).status).toBe(404);
  });

  it('stands beside the one of a strand, which needs a level achievement of its own', async () => {
    await put(right());
    const strand = school.standard('A');
    const taken = await put(right(), 1, strand);
    expect([taken.status, taken.body]).toMatchObject([
      400,
      { code: 'level_rule.achievement_taken' },
    ]);
    const own = await school.publish({ name: 'Inquiry 1', kind: 'level' });
    const pool = { standards: [strand], kinds: ['microcredential'] };
    const saved = await put(right({ pool, achievement: own.id }), 1, strand);
    expect([saved.status, saved.body]).toMatchObject([200, { strand, ordinal: 1 }]);
    expect((await school.call('delete', school.ruleAt(1, strand))).status).toBe(204);
  });

  it('stays while the next level asks for it', async () => {
    await put(right());
    const [next] = await school.many(['Forces'], { level: 2 });
    const above = school.rule(next === undefined ? [] : [next], levels[1], {
      requirePreviousLevel: true,
    });
    expect((await put(above, 2)).status).toBe(200);
    const removed = await school.call('delete', school.ruleAt(1));
    expect([removed.status, removed.body]).toMatchObject([
      409,
      { code: 'level_rule.needed_above' },
    ]);
    await school.call('delete', school.ruleAt(2));
  });

  it('says before it is switched on what it would do, and changes nothing', async () => {
    await school.call('delete', school.ruleAt(1));
    const [one, two] = [await cairn.as('learner'), await cairn.as('learner')];
    await school.earn(one.id, made);
    await school.earn(two.id, made.slice(0, 1));
    const before = await school.call('get', `/frameworks/${school.framework}/level-rules`);
    const answer = await school.call('post', `${school.ruleAt(1)}/simulate`).send(right());
    expect([answer.status, answer.body]).toMatchObject([
      200,
      {
        states: { in_progress: 1, certified: 1 },
        certified: { count: 1, learners: [one.id] },
        uncovered: { count: 0 },
      },
    ]);
    const after = await school.call('get', `/frameworks/${school.framework}/level-rules`);
    expect(after.body).toEqual(before.body);
    await put(right());
    await school.settle();
    const held = await school.credentialsOf(one.id, levels[0].id);
    expect(held).toHaveLength(1);
    const harder = right({ boss: { achievements: [boss.id], require: 'all' } });
    const stricter = await school.call('post', `${school.ruleAt(1)}/simulate`).send(harder);
    expect(stricter.body).toMatchObject({
      certified: { count: 0 },
      uncovered: { count: 1, learners: [one.id] },
      now: { uncovered: 0 },
    });
    await put(harder);
    await school.settle();
    const flagged = await school.call('get', '/level-rules/flagged');
    expect(flagged.body).toEqual({ items: [] });
    expect(await school.credentialsOf(one.id, levels[0].id)).toMatchObject([{ state: 'valid' }]);
  });

  it('decides everybody anew and says how far it is', async () => {
    const saved = await put(right({ preponderance: { minCount: 1 } }));
    expect((saved.body as Rule).redecision).toMatchObject({ state: 'running', done: 0 });
    await school.settle();
    const found = (await school.call('get', school.ruleAt(1))).body as Rule;
    expect(found.redecision).toMatchObject({ state: 'done', done: found.redecision?.total });
  });
});
