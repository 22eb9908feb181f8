import type { Issue } from '../shared/errors.ts';
import { findRuleBelow, type PoolCandidate } from './level-pools.ts';
import type { LevelRule, ResolvedRule } from './level-rules.ts';
import type { Framework, Standard } from './standards.ts';

/** What a rule is checked against: as much of the school as it names. */
export interface RuleSurroundings {
  readonly framework: Framework;
  readonly achievements: ReadonlyMap<string, PoolCandidate>;
  readonly standards: ReadonlyMap<string, Pick<Standard, 'framework'>>;
  /** Every other rule of the school. */
  readonly others: readonly LevelRule[];
  readonly resolved: ResolvedRule;
}

/** One thing that keeps a rule from making sense: a stable code, one sentence, and where. */
export interface RuleFault extends Issue {
  readonly code: string;
  readonly sentence: string;
}

/** Everything wrong with a rule, the plainest first; empty when it can be saved. */
export function findRuleFaults(rule: LevelRule, known: RuleSurroundings): readonly RuleFault[] {
  return [
    ...findPreponderanceFaults(rule),
    ...findPlaceFaults(rule, known),
    ...findNamedFaults(rule, known),
    ...findAchievementFaults(rule, known),
    ...findPoolFaults(known),
  ];
}

function fault(code: string, path: string, message: string, sentence: string): RuleFault {
  return { code: `level_rule.${code}`, path, message, sentence };
}

function findPreponderanceFaults({ preponderance }: LevelRule): readonly RuleFault[] {
  const { minShare, minCount } = preponderance;
  const faults: RuleFault[] = [];
  if (minShare === undefined && minCount === undefined) {
    const sentence = 'Say how much of the pool is enough: a share, a count, or both.';
    faults.push(
      fault('no_preponderance', 'preponderance', 'must say a share or a count', sentence),
    );
  }
  if (minShare !== undefined && !(minShare > 0 && minShare <= 1)) {
    const sentence = 'The share must be more than 0 and at most 1; 0.8 means 80 of 100.';
    faults.push(
      fault('bad_share', 'preponderance.minShare', 'must be above 0 and at most 1', sentence),
    );
  }
  if (minCount !== undefined && minCount < 1) {
    const sentence = 'The count must be at least 1.';
    faults.push(fault('bad_count', 'preponderance.minCount', 'must be at least 1', sentence));
  }
  return faults;
}

function findPlaceFaults(rule: LevelRule, known: RuleSurroundings): readonly RuleFault[] {
  const { framework, standards, others } = known;
  const faults: RuleFault[] = [];
  if (!framework.levels.some(({ ordinal }) => ordinal === rule.ordinal)) {
    const sentence = `This framework has no level ${rule.ordinal}.`;
    faults.push(fault('unknown_level', 'ordinal', 'is no level of the framework', sentence));
  }
  if (rule.strand !== undefined && standards.get(rule.strand)?.framework !== framework.id) {
    const sentence = 'The strand is no standard of this framework.';
    faults.push(fault('unknown_strand', 'strand', 'is no standard of the framework', sentence));
  }
  if (rule.requirePreviousLevel && findRuleBelow(rule, others) === undefined) {
    const sentence =
      rule.ordinal === 1
        ? 'Nothing comes before the first level, so it cannot be asked for.'
        : 'The level before has no rule yet. Make that one first.';
    const message = 'needs a rule for the level before';
    faults.push(fault('no_level_before', 'requirePreviousLevel', message, sentence));
  }
  return faults;
}

interface Named {
  readonly path: string;
  readonly id: string;
}

function listNamed({ pool, mustHave, boss }: LevelRule): readonly Named[] {
  const at = (path: string, ids: readonly string[]) =>
    ids.map((id, index) => ({ path: `${path}.${index}`, id }));
  return [
    ...('achievements' in pool ? at('pool.achievements', pool.achievements) : []),
    ...at('mustHave', mustHave),
    ...at('boss.achievements', boss.achievements),
  ];
}

function findNamedFaults(rule: LevelRule, known: RuleSurroundings): readonly RuleFault[] {
  const { pool } = rule;
  const standards = 'standards' in pool ? pool.standards : [];
  return [
    ...listNamed(rule).flatMap((named) => findNamedFault(named, rule, known) ?? []),
    ...standards.flatMap((id, index) => {
      if (known.standards.get(id)?.framework === rule.framework) return [];
      const sentence = 'The pool names something that is no standard of this framework.';
      const message = 'is no standard of the framework';
      return [fault('unknown_standard', `pool.standards.${index}`, message, sentence)];
    }),
    ...('kinds' in pool && pool.kinds.includes('level') ? [levelInPool('pool.kinds')] : []),
  ];
}

function findNamedFault(
  { path, id }: Named,
  { framework }: LevelRule,
  { achievements, standards }: RuleSurroundings,
): RuleFault | undefined {
  const found = achievements.get(id);
  if (found === undefined) {
    return fault(
      'unknown_achievement',
      path,
      'is no achievement of your school',
      'The rule names an achievement that your school does not have.',
    );
  }
  if (found.kind === 'level') return levelInPool(path);
  if (path.startsWith('boss') && found.kind !== 'boss') {
    return fault('not_a_boss', path, 'is not of kind boss', 'Only a boss can be named as a boss.');
  }
  if (found.version === 0) {
    return fault(
      'unpublished',
      path,
      'was never published',
      'The rule names an achievement that nobody can earn yet. Publish it first.',
    );
  }
  if (found.state === 'retired' && !path.startsWith('pool')) {
    return fault(
      'retired',
      path,
      'is retired',
      'The rule asks for an achievement that is retired, so that nobody could reach the level any more.',
    );
  }
  if (!found.standards.some((standard) => standards.get(standard)?.framework === framework)) {
    return fault(
      'other_framework',
      path,
      'draws on no standard of the framework',
      'The rule names an achievement that has nothing to do with this framework.',
    );
  }
  return undefined;
}

function levelInPool(path: string): RuleFault {
  const sentence = 'A level is not earned by levels: the level before is asked for by itself.';
  return fault('level_in_pool', path, 'must not be of kind level', sentence);
}

function findAchievementFaults(rule: LevelRule, known: RuleSurroundings): readonly RuleFault[] {
  const at = (code: string, message: string, sentence: string) => [
    fault(code, 'achievement', message, sentence),
  ];
  const found = known.achievements.get(rule.achievement);
  if (found === undefined) {
    const sentence = 'The rule names an achievement that your school does not have.';
    return at('unknown_achievement', 'is no achievement of your school', sentence);
  }
  if (found.kind !== 'level') {
    const sentence = 'A level is certified by an achievement of kind level.';
    return at('not_a_level', 'is not of kind level', sentence);
  }
  if (found.state !== 'published') {
    const sentence = 'The level achievement has to be published, and not retired.';
    return at('unpublished', 'is not published', sentence);
  }
  if (found.framework !== rule.framework || found.level !== rule.ordinal) {
    const sentence = 'The level achievement is of another framework or level.';
    return at('other_level', 'is of another framework or level', sentence);
  }
  if (known.others.some(({ achievement }) => achievement === rule.achievement)) {
    const sentence = 'Another rule awards this level achievement already. Make one for each level.';
    return at('achievement_taken', 'is awarded by another rule', sentence);
  }
  return [];
}

/** How many are asked for, and how many of them can still be earned, where those are fewer. */
export function findShortage({
  pool,
  preponderance,
}: Pick<ResolvedRule, 'pool' | 'preponderance'>):
  { readonly asked: number; readonly left: number } | undefined {
  const { minCount: asked = 0 } = preponderance;
  const left = countLeft(pool);
  return asked <= left ? undefined : { asked, left };
}

function countLeft(pool: ResolvedRule['pool']): number {
  return pool.filter(({ retired }) => !retired).length;
}

function findPoolFaults({ resolved }: RuleSurroundings): readonly RuleFault[] {
  const size = countLeft(resolved.pool);
  if (size === 0) {
    const sentence =
      'The pool is empty: no published achievement of this level is in it, so nobody could reach the level.';
    return [fault('empty_pool', 'pool', 'is empty', sentence)];
  }
  const shortage = findShortage(resolved);
  if (shortage === undefined) return [];
  const sentence = `The rule asks for ${shortage.asked} of a pool of ${size}.`;
  return [fault('count_above_pool', 'preponderance.minCount', `must be at most ${size}`, sentence)];
}
