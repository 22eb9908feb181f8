import fc from 'fast-check';
import { createBelow, resolveRule, type PoolCandidate } from '../../../src/domain/level-pools.ts';
import { decideLevel, type LevelRule } from '../../../src/domain/level-rules.ts';
import type { StandardPlace } from '../../../src/domain/standards.ts';

const at = new Date(0);
const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const frameworks = ['science', 'art'];

const rule = (changes: Partial<LevelRule> = {}): LevelRule => ({
  ...{ id: 'rule', organization: 'school', framework: 'science', ordinal: 1 },
  pool: { standards: ['science a'], kinds: ['microcredential'] },
  preponderance: { minShare: 0.6 },
  mustHave: [],
  boss: { achievements: [], require: 'all' },
  ...{ requirePreviousLevel: true, achievement: 'level', certify: 'by-rule', state: 'on' },
  ...{ createdAt: at, updatedAt: at },
  ...changes,
});

/** Any parents, circles among them; the same identifiers in every framework. */
const places: fc.Arbitrary<readonly StandardPlace[]> = fc
  .array(fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }), {
    minLength: names.length,
    maxLength: names.length,
  })
  .map((parents) =>
    frameworks.flatMap((framework) =>
      names.map((identifier, n) => ({
        ...{ id: `${framework} ${identifier}`, framework, identifier },
        parents: parents[n] ?? [],
      })),
    ),
  );

const candidates: fc.Arbitrary<readonly PoolCandidate[]> = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 3 }),
    state: fc.constantFrom('draft', 'published', 'retired'),
    version: fc.integer({ min: 0, max: 2 }),
    kind: fc.constantFrom('microcredential', 'microcredential', 'boss', 'level'),
    framework: fc.constantFrom('science', 'science', 'art'),
    level: fc.constantFrom(1, 1, 2),
    standards: fc.uniqueArray(
      fc.constantFrom(...frameworks.flatMap((one) => names.map((name) => `${one} ${name}`))),
      { minLength: 1, maxLength: 6 },
    ),
  }),
  { selector: ({ id }) => id, minLength: 5, maxLength: 20 },
);

const rules = [
  rule(),
  rule({ id: 'below', ordinal: 0, achievement: 'level 0' }),
  rule({ id: 'strand', ordinal: 0, strand: 'science b', achievement: 'strand 0' }),
];

function resolve(
  standards: readonly StandardPlace[],
  achievements: readonly PoolCandidate[],
  all: readonly LevelRule[],
) {
  return resolveRule(rule(), {
    achievements: new Map(achievements.map((one) => [one.id, one])),
    below: createBelow(standards),
    rules: all,
  });
}

/** A second time in whatever order. */
const shuffled = <T>(one: fc.Arbitrary<readonly T[]>) =>
  one.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
  );

describe('the pool of a rule', () => {
  it('is the same in whatever order standards, achievements and rules are read', () => {
    fc.assert(
      fc.property(
        shuffled(places),
        shuffled(candidates),
        shuffled(fc.constant(rules)),
        ([tree, otherTree], [all, others], [given, otherRules]) => {
          const one = resolve(tree, all, given);
          const other = resolve(otherTree, others, otherRules);
          expect(other).toEqual(one);
          expect(one.previous).toBe('level 0');
          const held = new Set(all.filter((_one, n) => n % 2 === 0).map(({ id }) => id));
          expect(decideLevel(other, held)).toEqual(decideLevel(one, held));
        },
      ),
    );
  });

  it('is what the level and its framework have below the standard, and nothing else', () => {
    fc.assert(
      fc.property(places, candidates, (tree, all) => {
        const parentsOf = new Map(tree.map(({ id, parents }) => [id, parents]));
        // From each standard upwards, step by step, as long as there is something new.
        const isBelow = (start: string): boolean => {
          const seen = new Set([start]);
          for (const id of seen) {
            for (const parent of parentsOf.get(id) ?? []) {
              seen.add(`${id.split(' ')[0] ?? ''} ${parent}`);
            }
          }
          return seen.has('science a');
        };
        const expected = all.filter(
          (one) =>
            one.version > 0 &&
            one.kind === 'microcredential' &&
            one.framework === 'science' &&
            one.level === 1 &&
            one.standards.some(isBelow),
        );
        const { pool } = resolve(tree, all, rules);
        expect(new Set(pool.map(({ achievement }) => achievement))).toEqual(
          new Set(expected.map(({ id }) => id)),
        );
        expect(pool.filter(({ retired }) => retired)).toHaveLength(
          expected.filter(({ state }) => state === 'retired').length,
        );
      }),
    );
  });
});
