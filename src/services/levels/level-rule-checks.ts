import { resolveRule } from '../../domain/level-pools.ts';
import { findRuleFaults, type RuleFault } from '../../domain/level-rule-faults.ts';
import type { LevelRule, ResolvedRule } from '../../domain/level-rules.ts';
import type { Scope } from '../../domain/roles.ts';
import { invalid, notFound } from '../../shared/errors.ts';
import type { AchievementStore } from '../../storage/achievements.ts';
import type { FrameworkStore } from '../../storage/frameworks.ts';
import type { LevelRuleStore } from '../../storage/level-rules.ts';
import type { StandardStore } from '../../storage/standards.ts';
import { readPools } from './level-pools.ts';

export interface CheckDependencies {
  readonly levelRules: Pick<LevelRuleStore, 'list'>;
  readonly achievements: Pick<AchievementStore, 'findLeveled' | 'listLeveled'>;
  readonly standards: Pick<StandardStore, 'listTree' | 'findMany'>;
  readonly frameworks: Pick<FrameworkStore, 'find'>;
}

/** A rule, and why nobody can reach it any more, should that be so. */
export interface CheckedRule {
  readonly rule: LevelRule;
  readonly problems: readonly RuleFault[];
  readonly resolved: ResolvedRule;
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
  const [checked] = await checkRules(dependencies, scope, rule.framework, [rule]);
  if (checked === undefined) throw notFound('framework');
  const [first] = checked.problems;
  if (first === undefined) return checked.resolved;
  const issues = checked.problems.map(({ path, message }) => ({ path, message }));
  throw invalid(first.code, first.sentence, issues);
}

/** All rules of the school: what was right when it was saved may have been retired since. */
export async function checkAllRules(
  dependencies: CheckDependencies,
  scope: Scope,
): Promise<readonly CheckedRule[]> {
  const rules = await dependencies.levelRules.list(scope);
  const found: CheckedRule[] = [];
  for (const framework of new Set(rules.map((rule) => rule.framework))) {
    const own = rules.filter((rule) => rule.framework === framework);
    found.push(...(await checkRules(dependencies, scope, framework, own)));
  }
  return found;
}

export function isUnreachable({ problems }: CheckedRule): boolean {
  return problems.length > 0;
}

/** What is wrong with rules of one framework, as everything stands today: a handful of reads, however many there are. */
export async function checkRules(
  dependencies: CheckDependencies,
  scope: Scope,
  framework: string,
  rules: readonly LevelRule[],
): Promise<readonly CheckedRule[]> {
  const known = await readSurroundings(dependencies, scope, framework, rules);
  return rules.map((rule) => {
    const others = known.rules.filter(({ id }) => id !== rule.id);
    const resolved = resolveRule(rule, { ...known.source, rules: others });
    return { rule, resolved, problems: findRuleFaults(rule, { ...known, others, resolved }) };
  });
}

async function readSurroundings(
  { levelRules, achievements, standards, frameworks }: CheckDependencies,
  scope: Scope,
  id: string,
  rules: readonly LevelRule[],
) {
  const [framework, found, all, source] = await Promise.all([
    frameworks.find(scope, id),
    achievements.findLeveled(scope, [...new Set(rules.flatMap(listNamed))]),
    levelRules.list(scope),
    readPools({ levelRules, achievements, standards }, scope, rules),
  ]);
  if (framework === undefined) throw notFound('framework');
  const drawnOn = [
    ...rules.flatMap(({ strand, pool }) => [
      ...(strand === undefined ? [] : [strand]),
      ...('standards' in pool ? pool.standards : []),
    ]),
    ...found.flatMap((one) => one.standards),
  ];
  const places = await standards.findMany(scope, [...new Set(drawnOn)]);
  return {
    framework,
    achievements: new Map(found.map((one) => [one.id, one])),
    standards: new Map(places.map((one) => [one.id, one])),
    rules: all,
    source,
  };
}

function listNamed({ pool, mustHave, boss, achievement }: LevelRule): readonly string[] {
  const listed = 'achievements' in pool ? pool.achievements : [];
  return [...listed, ...mustHave, ...boss.achievements, achievement];
}
