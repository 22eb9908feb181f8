import { createBelow, resolveRule, type PoolSource } from '../../domain/level-pools.ts';
import type { LevelRule, ResolvedRule } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { LevelRuleStore } from '../../storage/level-rules.ts';
import type { StandardStore } from '../../storage/standards.ts';

export interface PoolDependencies {
  readonly levelRules: Pick<LevelRuleStore, 'list'>;
  readonly achievements: Pick<AchievementStore, 'findLeveled' | 'listLeveled'>;
  readonly standards: Pick<StandardStore, 'listTree'>;
}

/** Rules with their pools looked up, by id of the rule: a handful of reads, however many rules there are. */
export async function resolveRules(
  dependencies: PoolDependencies,
  scope: Scope,
  rules: readonly LevelRule[],
): Promise<ReadonlyMap<string, ResolvedRule>> {
  if (rules.length === 0) return new Map();
  const source = await readPools(dependencies, scope, rules);
  return new Map(rules.map((rule) => [rule.id, resolveRule(rule, source)]));
}

export async function readPools(
  { levelRules, achievements, standards }: PoolDependencies,
  scope: Scope,
  rules: readonly LevelRule[],
): Promise<PoolSource> {
  const listed = rules.flatMap(({ pool }) => ('achievements' in pool ? pool.achievements : []));
  const asking = rules.filter(({ pool }) => 'standards' in pool).map(({ framework }) => framework);
  const frameworks = [...new Set(asking)];
  const needBelow = rules.filter(({ requirePreviousLevel }) => requirePreviousLevel);
  const [named, onFrameworks, places, below] = await Promise.all([
    listed.length === 0 ? [] : achievements.findLeveled(scope, [...new Set(listed)]),
    frameworks.length === 0 ? [] : achievements.listLeveled(scope, frameworks),
    frameworks.length === 0 ? [] : standards.listTree(scope, frameworks),
    needBelow.length === 0
      ? []
      : levelRules.list(scope, {
          frameworks: [...new Set(needBelow.map(({ framework }) => framework))],
        }),
  ]);
  return {
    achievements: new Map([...onFrameworks, ...named].map((one) => [one.id, one])),
    below: createBelow(places),
    rules: below,
  };
}
