import type { Issue } from '../shared/errors.ts';
import { decideLevel, type ResolvedRule } from './level-rules.ts';

/** What has to be held for something to be awarded by itself: all of these, and so many of those. */
export interface Requirement {
  readonly all: readonly string[];
  readonly any?: { readonly achievements: readonly string[]; readonly count: number };
}

export interface RequirementDecision {
  readonly holds: boolean;
  /** What is held of it, each once. */
  readonly earned: readonly string[];
  /** Of `all`. */
  readonly missing: readonly string[];
  /** How many more of `any` are asked for, and which they may be. */
  readonly lacking: number;
  readonly choices: readonly string[];
}

/** Every achievement that it names, each once. */
export function namedBy({ all, any }: Requirement): readonly string[] {
  return [...new Set([...all, ...(any?.achievements ?? [])])];
}

/** The same as the rule of a level without a boss: whatever is awarded by itself is decided in one way. */
export function ruleOf(
  { all, any }: Requirement,
  award: Pick<ResolvedRule, 'achievement' | 'certify'>,
  retired: ReadonlySet<string> = new Set(),
): ResolvedRule {
  const choices = any?.achievements ?? [];
  return {
    ...award,
    pool: choices.map((one) => ({ achievement: one, retired: retired.has(one) })),
    preponderance: { minCount: any?.count ?? 0 },
    mustHave: all,
    boss: { achievements: [], require: 'all' },
  };
}

export function decideRequirement(
  requirement: Requirement,
  held: ReadonlySet<string>,
): RequirementDecision {
  const rule = ruleOf(requirement, { achievement: '', certify: 'by-person' });
  const { holds, missing: choices, mustHave, lacking } = decideLevel(rule, held);
  return {
    holds,
    earned: namedBy(requirement).filter((one) => held.has(one)),
    missing: mustHave,
    lacking,
    choices: lacking === 0 ? [] : choices,
  };
}

/** What is wrong with it, whatever the achievements are. */
export function findRequirementIssues({ all, any }: Requirement): readonly Issue[] {
  const issues = [
    ...findRepeats('all', all),
    ...findRepeats('any.achievements', any?.achievements ?? []),
  ];
  if (all.length === 0 && any === undefined) {
    issues.push({ path: 'all', message: 'must name at least one achievement' });
  }
  if (any === undefined) return issues;
  if (any.count < 1 || any.count > any.achievements.length) {
    const message = 'must be at least 1, and at most as many as there are achievements';
    issues.push({ path: 'any.count', message });
  }
  const both = new Set(all);
  for (const [index, one] of any.achievements.entries()) {
    if (both.has(one))
      issues.push({ path: `any.achievements.${index}`, message: 'is among `all` already' });
  }
  return issues;
}

export function findRepeats(path: string, ids: readonly string[]): Issue[] {
  const seen = new Set<string>();
  return ids.flatMap((id, index) => {
    if (seen.has(id)) return [{ path: `${path}.${index}`, message: 'is named twice' }];
    seen.add(id);
    return [];
  });
}
