import fc from 'fast-check';
import {
  decideLevel,
  levelStates,
  type LevelState,
  type ResolvedRule,
} from '../../../src/domain/level-rules.ts';

const rule: ResolvedRule = {
  pool: ['a', 'b', 'c', 'd', 'e'].map((achievement) => ({ achievement, retired: false })),
  preponderance: { minShare: 0.8 },
  mustHave: ['a'],
  boss: { achievements: ['boss'], require: 'all' },
  achievement: 'level-2',
  previous: 'level-1',
  certify: 'by-rule',
};
const decide = (held: string, changes: Partial<ResolvedRule> = {}) =>
  decideLevel({ ...rule, ...changes }, new Set(held.split(' ').filter(Boolean)));

describe('where a learner stands with a level', () => {
  it.each<[string, LevelState]>([
    ['', 'locked'],
    ['a b c d boss', 'locked'],
    ['level-1', 'open'],
    ['level-1 something-else', 'open'],
    ['level-1 boss', 'in_progress'],
    ['level-1 a b c', 'in_progress'],
    // Four of five are a share of 0.8, but one of them has to be `a`.
    ['level-1 b c d e', 'in_progress'],
    ['level-1 a b c d', 'boss_ready'],
    ['level-1 a b c d boss', 'certified'],
    // It was certified once: what was revoked since is a person's to judge.
    ['level-1 level-2', 'certified'],
  ])('%s: %s', (held, state) => {
    expect(decide(held).state).toBe(state);
  });

  it('waits for a person where the school wants one', () => {
    const all = 'level-1 a b c d boss';
    expect(decide(all, { certify: 'by-person' })).toMatchObject({
      state: 'boss_ready',
      holds: true,
      nextSteps: [],
    });
    expect(decide(`${all} level-2`, { certify: 'by-person' }).state).toBe('certified');
  });

  it.each([
    // [share, count, size of the pool, how many are needed]
    [0.8, undefined, 7, 6], // 5.6
    [0.8, undefined, 5, 4], // 4 exactly, although 0.8 × 5 is not 4 for every floating point number
    [0.7, undefined, 10, 7], // 0.7 × 10 is 7.000000000000001 for some
    [1, undefined, 3, 3],
    [undefined, 2, 3, 2],
    [0.5, 3, 4, 3], // both have to be reached
    [0.9, 1, 4, 4], // 3.6
  ])('a share of %s and a count of %s of %s are %s', (minShare, minCount, size, needed) => {
    const pool = Array.from({ length: size }, (_, n) => ({ achievement: `p${n}`, retired: false }));
    const preponderance = {
      ...(minShare === undefined ? {} : { minShare }),
      ...(minCount === undefined ? {} : { minCount }),
    };
    expect(decide('level-1', { pool, preponderance, mustHave: [] }).lacking).toBe(needed);
  });

  it('takes any of several bosses, or all of them', () => {
    const achievements = ['boss', 'dragon'];
    const held = 'level-1 a b c d dragon';
    expect(decide(held, { boss: { achievements, require: 'any' } }).holds).toBe(true);
    expect(decide(held, { boss: { achievements, require: 'all' } })).toMatchObject({
      holds: false,
      bosses: ['dragon'],
      nextSteps: [{ kind: 'boss', achievements: ['boss'], count: 1 }],
    });
    expect(decide('level-1 a b c d', { boss: { achievements: [], require: 'all' } }).holds).toBe(
      true,
    );
  });

  it('asks nobody for what is retired, and counts it for who holds it', () => {
    const pool = [...rule.pool.slice(0, 4), { achievement: 'e', retired: true }];
    expect(decide('level-1 a b', { pool })).toMatchObject({ share: 0.5, missing: ['c', 'd'] });
    expect(decide('level-1 a b e', { pool })).toMatchObject({ share: 0.6, lacking: 1 });
  });

  it('says what comes next, what has to be done anyhow first', () => {
    expect(decide('b').nextSteps).toEqual([
      { kind: 'previous-level', achievements: ['level-1'] },
      { kind: 'must-have', achievements: ['a'] },
      { kind: 'pool', achievements: ['c', 'd', 'e'], count: 2 },
      { kind: 'boss', achievements: ['boss'], count: 1 },
    ]);
    expect(decide('level-1 a b c d boss').nextSteps).toEqual([]);
  });
});

describe('any rule', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'boss', 'dragon', 'level-1', 'level-2'] as const;
  const some = fc.uniqueArray(fc.constantFrom(...names));
  const rules: fc.Arbitrary<ResolvedRule> = fc.record(
    {
      pool: fc.uniqueArray(
        fc.record({ achievement: fc.constantFrom(...names), retired: fc.boolean() }),
        { selector: ({ achievement }) => achievement },
      ),
      preponderance: fc.record(
        {
          minShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
          minCount: fc.integer({ min: 1, max: 6 }),
        },
        { requiredKeys: [] },
      ),
      mustHave: some,
      boss: fc.record({ achievements: some, require: fc.constantFrom('all', 'any') }),
      achievement: fc.constant('level-2'),
      previous: fc.constant('level-1'),
      certify: fc.constantFrom('by-rule', 'by-person'),
    },
    { requiredKeys: ['pool', 'preponderance', 'mustHave', 'boss', 'achievement', 'certify'] },
  );
  const rank = (one: ResolvedRule, held: readonly string[]) =>
    levelStates.indexOf(decideLevel(one, new Set(held)).state);

  it('never takes a level back for more awards', () => {
    fc.assert(
      fc.property(rules, some, some, (one, held, more) => {
        expect(rank(one, [...held, ...more])).toBeGreaterThanOrEqual(rank(one, held));
      }),
    );
  });

  it('does not care in which order, or how often, awards came', () => {
    fc.assert(
      fc.property(rules, some, (one, held) => {
        const again = new Set([...held].reverse().concat(held));
        expect(decideLevel(one, again)).toEqual(decideLevel(one, new Set(held)));
      }),
    );
  });

  it('is fulfilled by whoever does its next steps', () => {
    fc.assert(
      fc.property(rules, some, (one, held) => {
        const before = decideLevel(one, new Set(held));
        const isPossible = before.nextSteps.every(
          (step) => !('count' in step) || step.count <= step.achievements.length,
        );
        fc.pre(isPossible);
        const done = before.nextSteps.flatMap((step) =>
          'count' in step ? step.achievements.slice(0, step.count) : step.achievements,
        );
        const after = decideLevel(one, new Set<string>([...held, ...done]));
        expect(after.holds || held.some((other) => other === one.achievement)).toBe(true);
      }),
    );
  });
});
