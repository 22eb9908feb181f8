import type { AchievementKind } from './achievements.ts';
import type { LevelRule, ResolvedRule } from './level-rules.ts';
import type { StandardPlace } from './standards.ts';

/** What a level rule has to know of an achievement. */
export interface PoolCandidate {
  readonly id: string;
  readonly state: 'draft' | 'published' | 'retired';
  /** 0: never published. */
  readonly version: number;
  readonly kind: AchievementKind;
  readonly framework?: string;
  readonly level?: number;
  readonly standards: readonly string[];
}

/** What rules are looked up in. */
export interface PoolSource {
  readonly achievements: ReadonlyMap<string, PoolCandidate>;
  /** Every standard, each with what stands below it, itself included. */
  readonly below: (standard: string) => ReadonlySet<string>;
  /** The rules of the same school, for the level before. */
  readonly rules: readonly LevelRule[];
}

/** Looks a rule's pool and the level before it up. A school's draft is in nobody's pool. */
export function resolveRule(rule: LevelRule, source: PoolSource): ResolvedRule {
  const { preponderance, mustHave, boss, achievement, certify } = rule;
  const pool = findPool(rule, source)
    .filter(({ id, version }) => version > 0 && id !== achievement)
    .map(({ id, state }) => ({ achievement: id, retired: state === 'retired' }));
  const previous = rule.requirePreviousLevel ? findRuleBelow(rule, source.rules) : undefined;
  return {
    preponderance,
    mustHave,
    boss,
    achievement,
    certify,
    pool,
    ...(previous === undefined ? {} : { previous: previous.achievement }),
  };
}

/** The rule of the level before, of the same framework or strand. */
export function findRuleBelow(
  { id, framework, strand, ordinal }: LevelRule,
  rules: readonly LevelRule[],
): LevelRule | undefined {
  return rules.find(
    (other) =>
      other.id !== id &&
      other.framework === framework &&
      other.strand === strand &&
      other.ordinal === ordinal - 1,
  );
}

/** Everything whose being held or not can change what the rule says. */
export function listTouching(rule: ResolvedRule): ReadonlySet<string> {
  return new Set([
    ...rule.pool.map(({ achievement }) => achievement),
    ...rule.mustHave,
    ...rule.boss.achievements,
    rule.achievement,
    ...(rule.previous === undefined ? [] : [rule.previous]),
  ]);
}

function findPool(rule: LevelRule, source: PoolSource): readonly PoolCandidate[] {
  const { pool, framework, ordinal } = rule;
  if ('achievements' in pool) {
    return pool.achievements.flatMap((id) => source.achievements.get(id) ?? []);
  }
  const standards = new Set(pool.standards.flatMap((id) => [...source.below(id)]));
  return [...source.achievements.values()]
    .filter(
      (one) =>
        one.framework === framework &&
        one.level === ordinal &&
        pool.kinds.includes(one.kind) &&
        one.standards.some((id) => standards.has(id)),
    )
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** Finds what stands below a standard, at any depth; CASE allows several parents, and even a circle. */
export function createBelow(places: readonly StandardPlace[]): PoolSource['below'] {
  const children = new Map<string, StandardPlace[]>();
  const byId = new Map(places.map((place) => [place.id, place]));
  const keyOf = (framework: string, identifier: string) => `${framework} ${identifier}`;
  for (const place of places) {
    for (const parent of place.parents) {
      const key = keyOf(place.framework, parent);
      children.set(key, [...(children.get(key) ?? []), place]);
    }
  }
  const known = new Map<string, ReadonlySet<string>>();
  return (standard) => {
    const before = known.get(standard);
    if (before !== undefined) return before;
    const found = new Set([standard]);
    for (const id of found) {
      const place = byId.get(id);
      if (place === undefined) continue;
      for (const child of children.get(keyOf(place.framework, place.identifier)) ?? [])
        found.add(child.id);
    }
    known.set(standard, found);
    return found;
  };
}
