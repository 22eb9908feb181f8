import type { Issue } from '../shared/errors.ts';
import type { AchievementKind } from './achievements.ts';
import type { Redecision } from './level-rules.ts';
import type { Prerequisites } from './prerequisites.ts';
import { decideRequirement, findRepeats, type Requirement } from './requirements.ts';

export interface PathwayStep {
  readonly achievement: string;
  /** Other steps of the same pathway that come first. */
  readonly requires: readonly string[];
}

/** A way through achievements that a school suggests, and what is awarded for so many of them. */
export interface Pathway {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  /** Markdown. */
  readonly description: string;
  /** `ordered`: each step comes after the one before. */
  readonly kind: 'ordered' | 'free';
  readonly steps: readonly PathwayStep[];
  /** Awarded by itself to whoever holds `need` of the steps. */
  readonly award?: { readonly achievement: string; readonly need: number };
  /** Learners see what is active. */
  readonly state: 'draft' | 'active' | 'retired';
  /** Counts the changes: a change is only written over the one that it was checked against. */
  readonly revision: number;
  /** Of the award. */
  readonly redecision?: Redecision;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export const pathwayLimits = { steps: 200, requires: 50 } as const;

/** A boss is judged as a whole and a level by its rule, so neither is stacked from parts. */
export const stackableKinds: readonly AchievementKind[] = ['microcredential', 'credit'];

type Shape = Pick<Pathway, 'kind' | 'steps' | 'award'>;

/** What each step waits for, the step before it among them where the order counts. */
export function findPrerequisites({ kind, steps }: Pick<Pathway, 'kind' | 'steps'>): Prerequisites {
  return new Map(
    steps.map(({ achievement, requires }, index) => {
      const before = kind === 'ordered' ? steps[index - 1] : undefined;
      const all = before === undefined ? requires : [before.achievement, ...requires];
      return [achievement, [...new Set(all)]] as const;
    }),
  );
}

/** Everything that is wrong with the steps and the award but for circles. */
export function findPathwayIssues({
  steps,
  award,
  state,
}: Shape & Pick<Pathway, 'state'>): readonly Issue[] {
  const names = steps.map(({ achievement }) => achievement);
  const known = new Set(names);
  const issues = findRepeats('steps', names).map(({ path, message }) => ({
    path: `${path}.achievement`,
    message,
  }));
  if (steps.length === 0 && state !== 'draft') {
    issues.push({ path: 'steps', message: 'must have at least one step' });
  }
  for (const [index, { requires }] of steps.entries()) {
    for (const [place, one] of requires.entries()) {
      if (known.has(one)) continue;
      issues.push({
        path: `steps.${index}.requires.${place}`,
        message: 'is no step of this pathway',
      });
    }
  }
  if (award === undefined) return issues;
  if (award.need < 1 || award.need > steps.length) {
    const message = 'must be at least 1, and at most as many as there are steps';
    issues.push({ path: 'award.need', message });
  }
  if (known.has(award.achievement)) {
    const message = 'is a step of this pathway: what is awarded cannot be its own condition';
    issues.push({ path: 'award.achievement', message });
  }
  return issues;
}

/** What the award of a pathway asks for. */
export function requirementOf({ steps }: Pick<Pathway, 'steps'>, need: number): Requirement {
  return {
    all: [],
    any: { achievements: steps.map(({ achievement }) => achievement), count: need },
  };
}

export interface StepDecision {
  readonly achievement: string;
  readonly state: 'earned' | 'open' | 'locked';
  /** What has to be held first and is not. */
  readonly missing: readonly string[];
}

export interface PathwayDecision {
  readonly steps: readonly StepDecision[];
  readonly earned: number;
  readonly award?: {
    readonly achievement: string;
    readonly need: number;
    readonly lacking: number;
    readonly held: boolean;
  };
}

/** Where somebody who holds `held` stands. What is held is held, in whatever order it was earned. */
export function decidePathway(pathway: Shape, held: ReadonlySet<string>): PathwayDecision {
  const prerequisites = findPrerequisites(pathway);
  const steps = pathway.steps.map(({ achievement }): StepDecision => {
    if (held.has(achievement)) return { achievement, state: 'earned', missing: [] };
    const missing = (prerequisites.get(achievement) ?? []).filter((one) => !held.has(one));
    return { achievement, state: missing.length === 0 ? 'open' : 'locked', missing };
  });
  const earned = steps.filter(({ state }) => state === 'earned').length;
  if (pathway.award === undefined) return { steps, earned };
  const { achievement, need } = pathway.award;
  const { lacking } = decideRequirement(requirementOf(pathway, need), held);
  return { steps, earned, award: { achievement, need, lacking, held: held.has(achievement) } };
}
