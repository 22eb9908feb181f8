import { createBelow, resolveRule, type PoolSource } from '../domain/level-pools.ts';
import type { LevelRule, ResolvedRule } from '../domain/level-rules.ts';
import type { Scope } from '../domain/roles.ts';
import type { AchievementStore } from '../storage/achievements.ts';
import type { LevelRuleStore } from '../storage/level-rules.ts';
import type { StandardStore } from '../storage/standards.ts';

export interface RuleSource {
  readonly levelRules: Pick<LevelRuleStore, 'list'>;
  readonly achievements: Pick<AchievementStore, 'findLeveled' | 'listLeveled'>;
  readonly standards: Pick<StandardStore, 'listTree'>;
}

export type LevelRuleService = ReturnType<typeof createLevelRuleService>;

export function createLevelRuleService(dependencies: RuleSource) {
  const { levelRules } = dependencies;

  return {
    listOn,
    resolve: (scope: Scope, rules: readonly LevelRule[]) => resolve(dependencies, scope, rules),
  };

  /** The rules that certify, by framework, strand and level. */
  async function listOn(scope: Scope): Promise<readonly LevelRule[]> {
    return (await levelRules.list(scope)).filter(({ state }) => state === 'on');
  }
}

/** Rules with their pools looked up, by id of the rule: a handful of reads, however many rules there are. */
export async function resolve(
  dependencies: RuleSource,
  scope: Scope,
  rules: readonly LevelRule[],
): Promise<ReadonlyMap<string, ResolvedRule>> {
  if (rules.length === 0) return new Map();
  const source = await readSource(dependencies, scope, rules);
  return new Map(rules.map((rule) => [rule.id, resolveRule(rule, source)]));
}

async function readSource(
  { levelRules, achievements, standards }: RuleSource,
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
      : levelRules.list(scope, { frameworks: needBelow.map(({ framework }) => framework) }),
  ]);
  return {
    achievements: new Map([...onFrameworks, ...named].map((one) => [one.id, one])),
    below: createBelow(places),
    rules: below,
  };
}
