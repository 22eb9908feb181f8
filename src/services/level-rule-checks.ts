import { resolveRule } from '../domain/level-pools.ts';
import { findRuleFaults, type RuleSurroundings } from '../domain/level-rule-faults.ts';
import type { LevelRule, ResolvedRule } from '../domain/level-rules.ts';
import type { Scope } from '../domain/roles.ts';
import { invalid, notFound } from '../shared/errors.ts';
import type { AchievementStore } from '../storage/achievements.ts';
import type { FrameworkStore } from '../storage/frameworks.ts';
import type { LevelRuleStore } from '../storage/level-rules.ts';
import type { StandardStore } from '../storage/standards.ts';
import { readPools } from './level-pools.ts';

export interface CheckDependencies {
  readonly levelRules: Pick<LevelRuleStore, 'list'>;
  readonly achievements: Pick<AchievementStore, 'findLeveled' | 'listLeveled'>;
  readonly standards: Pick<StandardStore, 'listTree' | 'findMany'>;
  readonly frameworks: Pick<FrameworkStore, 'find'>;
}

/**
 * The rule with its pool looked up.
 * @throws ServiceError with the code of the first thing that is wrong with it, and a list of all
 */
export async function checkRule(
  dependencies: CheckDependencies,
  scope: Scope,
  rule: LevelRule,
): Promise<ResolvedRule> {
  const known = await readSurroundings(dependencies, scope, rule);
  const faults = findRuleFaults(rule, known);
  const [first] = faults;
  if (first === undefined) return known.resolved;
  const issues = faults.map(({ path, message }) => ({ path, message }));
  throw invalid(first.code, first.sentence, issues);
}

async function readSurroundings(
  dependencies: CheckDependencies,
  scope: Scope,
  rule: LevelRule,
): Promise<RuleSurroundings> {
  const { levelRules, achievements, standards, frameworks } = dependencies;
  const { pool, mustHave, boss, achievement, strand } = rule;
  const listed = 'achievements' in pool ? pool.achievements : [];
  const named = [...new Set([...listed, ...mustHave, ...boss.achievements, achievement])];
  const [framework, found, all, source] = await Promise.all([
    frameworks.find(scope, rule.framework),
    achievements.findLeveled(scope, named),
    levelRules.list(scope),
    readPools(dependencies, scope, [rule]),
  ]);
  if (framework === undefined) throw notFound('framework');
  const others = all.filter(({ id }) => id !== rule.id);
  const drawnOn = [
    ...(strand === undefined ? [] : [strand]),
    ...('standards' in pool ? pool.standards : []),
    ...found.flatMap((one) => one.standards),
  ];
  const places = await standards.findMany(scope, [...new Set(drawnOn)]);
  return {
    framework,
    achievements: new Map(found.map((one) => [one.id, one])),
    standards: new Map(places.map((one) => [one.id, one])),
    others,
    resolved: resolveRule(rule, { ...source, rules: others }),
  };
}
