import type { Issue } from '../shared/errors.ts';

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

export function decideRequirement(
  requirement: Requirement,
  held: ReadonlySet<string>,
): RequirementDecision {
  const { all, any } = requirement;
  const missing = all.filter((one) => !held.has(one));
  const found = any?.achievements.filter((one) => held.has(one)).length ?? 0;
  const lacking = Math.max(0, (any?.count ?? 0) - found);
  return {
    holds: missing.length === 0 && lacking === 0,
    earned: namedBy(requirement).filter((one) => held.has(one)),
    missing,
    lacking,
    choices: lacking === 0 ? [] : (any?.achievements ?? []).filter((one) => !held.has(one)),
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
