import { startCairn, type TestCairn } from '../support/cairn.ts';
import { openLevels, type Levels, type Made } from '../support/levels.ts';

let cairn: TestCairn;
let school: Levels;
let pool: readonly Made[];
let [boss, mustHave, level] = [] as readonly Made[] as readonly [Made, Made, Made];

/** Two of three, one achievement that nobody gets around, and a boss. */
beforeAll(async () => {
  cairn = await startCairn();
  school = await openLevels(cairn);
  pool = await school.many(['Graphs', 'Tables', 'Sums']);
  mustHave = await school.publish({ name: 'Fair tests' });
  boss = await school.boss('Field study');
  level = await school.levelOf(1);
  const saved = await school.call('put', school.ruleAt(1)).send(
    school.rule(pool, level, {
      preponderance: { minCount: 2 },
      mustHave: [mustHave.id],
      boss: { achievements: [boss.id], require: 'all' },
    }),
  );
  expect(saved.status).toBe(200);
  await school.settle();
});
afterAll(async () => {
  await cairn.close();
});

interface Rule {
  readonly problems?: readonly object[];
}
const problems = async () => ((await school.call('get', school.ruleAt(1))).body as Rule).problems;
const retire = (made: Made | undefined) =>
  school.call('post', `/achievements/${made?.id ?? ''}/retire`);

describe('a rule that nobody can reach any more', () => {
  it('has no problems as long as everything that it asks for can be earned', async () => {
    expect(await problems()).toEqual([]);
    expect((await school.call('get', '/level-rules/unreachable')).body).toEqual({ items: [] });
  });

  it('is named when something is retired, and only when it is needed', async () => {
    const [graphs, tables] = pool;
    const enough = await retire(graphs);
    expect([enough.status, enough.body]).toMatchObject([
      200,
      { state: 'retired', unreachable: [] },
    ]);
    const place = { framework: school.framework, ordinal: 1, achievement: level.id, state: 'on' };
    const tooFew = {
      code: 'level_rule.count_above_pool',
      path: 'preponderance.minCount',
      message: 'The rule asks for 2 of a pool of 1.',
    };
    expect((await retire(tables)).body).toMatchObject({
      unreachable: [{ ...place, problems: [tooFew] }],
    });
    const gone = (path: string) => ({
      code: 'level_rule.retired',
      path,
      message:
        'The rule asks for an achievement that is retired, so that nobody could reach the level any more.',
    });
    expect((await retire(boss)).body).toMatchObject({
      unreachable: [{ problems: [gone('boss.achievements.0'), tooFew] }],
    });
    const all = [gone('mustHave.0'), gone('boss.achievements.0'), tooFew];
    expect((await retire(mustHave)).body).toMatchObject({ unreachable: [{ problems: all }] });
    expect(await problems()).toEqual(all);
    const listed = await school.call('get', `/frameworks/${school.framework}/level-rules`);
    expect(listed.body).toMatchObject({ items: [{ problems: all }] });
    const flagged = await school.call('get', '/level-rules/unreachable');
    expect(flagged.body).toMatchObject({ items: [{ ...place, problems: all }] });
    const elsewhere = await retire(await school.publish({ name: 'Maps', level: 2 }));
    expect(elsewhere.body).toMatchObject({ unreachable: [] });
  });

  it('says so to those who make rules', async () => {
    const { key } = await cairn.as('learner');
    const shown = await school.call('get', school.ruleAt(1), key);
    expect(shown.status).toBe(200);
    expect(shown.body).not.toHaveProperty('problems');
  });

  it('is well again when its rule asks for what there is', async () => {
    const rest = pool.slice(2);
    const saved = await school.call('put', school.ruleAt(1)).send(school.rule(rest, level));
    expect(saved.status).toBe(200);
    expect(await problems()).toEqual([]);
    expect((await retire(level)).body).toMatchObject({
      unreachable: [{ problems: [{ code: 'level_rule.unpublished', path: 'achievement' }] }],
    });
  });
});

/** Retiring ends there as soon as the achievement is retired. */
async function startDying() {
  const dying = await startCairn({ env: { FAULT: 'achievement.retired:1:throw' } });
  return { ...dying, [Symbol.asyncDispose]: () => dying.close() };
}

describe('a level that asks for a share', () => {
  it('is certified when the rest of its pool is retired', async () => {
    const own = await openLevels(cairn, 'Art');
    const [one, two] = await own.many(['Colours', 'Shapes']);
    const art = await own.levelOf(1);
    if (one === undefined || two === undefined) throw new Error('not made');
    const rule = own.rule([one, two], art, { preponderance: { minShare: 1 } });
    await own.call('put', own.ruleAt(1)).send(rule);
    const { id } = await cairn.as('learner');
    await own.earn(id, [one]);
    expect(await own.credentialsOf(id, art.id)).toEqual([]);
    expect((await retire(two)).body).toMatchObject({ unreachable: [] });
    await own.settle();
    expect(await own.credentialsOf(id, art.id)).toHaveLength(1);
  });

  it('is certified, too, when whoever retired the rest died over it', async () => {
    await using dying = await startDying();
    const own = await openLevels(dying, 'Music');
    const [one, two] = await own.many(['Scales', 'Rhythm']);
    const music = await own.levelOf(1);
    if (one === undefined || two === undefined) throw new Error('not made');
    const rule = own.rule([one, two], music, { preponderance: { minShare: 1 } });
    await own.call('put', own.ruleAt(1)).send(rule);
    const { id } = await dying.as('learner');
    await own.earn(id, [one]);
    expect((await own.call('post', `/achievements/${two.id}/retire`)).status).toBe(500);
    await own.settle();
    expect(await own.credentialsOf(id, music.id)).toHaveLength(1);
  });
});
