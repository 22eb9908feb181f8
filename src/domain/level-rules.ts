import type { AchievementKind } from './achievements.ts';

/** Which achievements count towards a level: these, or all that point at these standards or at what stands below them. */
export type Pool =
  | { readonly achievements: readonly string[] }
  | { readonly standards: readonly string[]; readonly kinds: readonly AchievementKind[] };

/** How much of the pool is enough; when both are given, both have to be reached. */
export interface Preponderance {
  /** Of the achievements of the pool: above 0, at most 1. */
  readonly minShare?: number;
  readonly minCount?: number;
}

/** What a learner has to hold before a level of a framework, or of one strand of it, counts as reached. */
export interface LevelRule {
  readonly id: string;
  readonly organization: string;
  readonly framework: string;
  /** Our id of the standard at the head of the strand; absent: the whole framework. */
  readonly strand?: string;
  /** Of the framework's levels. */
  readonly ordinal: number;
  readonly pool: Pool;
  readonly preponderance: Preponderance;
  /** Achievements that nobody gets around. */
  readonly mustHave: readonly string[];
  readonly boss: { readonly achievements: readonly string[]; readonly require: 'all' | 'any' };
  readonly requirePreviousLevel: boolean;
  /** The achievement of kind `level` that is awarded. */
  readonly achievement: string;
  /** Whether Cairn certifies by itself as soon as the rule holds, or waits until somebody has said so. */
  readonly certify: 'by-rule' | 'by-person';
  /** Nothing is certified by a rule that is not switched on. */
  readonly state: 'draft' | 'on';
  /** How far everybody was decided anew since the rule was switched on or changed. */
  readonly redecision?: Redecision;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Every learner of the school is decided anew, a page of them at a time. */
export interface Redecision {
  readonly id: string;
  readonly state: 'running' | 'done';
  readonly done: number;
  readonly total: number;
  /** How many it certified. */
  readonly certified: number;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
}

/** Whatever certifies by itself: a level rule, a composed credit, the award of a pathway. */
export type CertifyingRule = Pick<LevelRule, 'id' | 'achievement' | 'certify'>;

/** A rule with its pool looked up: what `decideLevel` needs to know of it. */
export interface ResolvedRule extends Pick<
  LevelRule,
  'preponderance' | 'mustHave' | 'boss' | 'achievement' | 'certify'
> {
  /** Those of them that are retired count for who holds them, and are asked of nobody else. */
  readonly pool: readonly { readonly achievement: string; readonly retired: boolean }[];
  /** The achievement that stands for the level before this one, where that has to come first. */
  readonly previous?: string;
}

/** In this order: more awards never lead back. */
export const levelStates = ['locked', 'open', 'in_progress', 'boss_ready', 'certified'] as const;
export type LevelState = (typeof levelStates)[number];

/** One thing to do, the nearest first. */
export type NextStep =
  | { readonly kind: 'previous-level'; readonly achievements: readonly string[] }
  | { readonly kind: 'must-have'; readonly achievements: readonly string[] }
  /** Any `count` of these. */
  | { readonly kind: 'pool'; readonly achievements: readonly string[]; readonly count: number }
  | { readonly kind: 'boss'; readonly achievements: readonly string[]; readonly count: number };

export interface LevelDecision {
  readonly state: LevelState;
  /** Of the pool, in its order. */
  readonly earned: readonly string[];
  /** Of the pool, in its order. */
  readonly missing: readonly string[];
  /** Must-haves that are not held. */
  readonly mustHave: readonly string[];
  /** `earned` of all that count, 0 to 1. */
  readonly share: number;
  /** How many more of the pool the preponderance asks for. */
  readonly lacking: number;
  /** Whether the boss may be attempted. */
  readonly bossReady: boolean;
  /** Bosses that are held. */
  readonly bosses: readonly string[];
  /** Whether all is there that the rule asks for. */
  readonly holds: boolean;
  readonly nextSteps: readonly NextStep[];
}

/**
 * Where a learner stands with one level.
 * @param held every achievement that the learner holds a live award of
 */
export function decideLevel(rule: ResolvedRule, held: ReadonlySet<string>): LevelDecision {
  const pool = rule.pool.filter(({ achievement, retired }) => !retired || held.has(achievement));
  const all = [...new Set(pool.map(({ achievement }) => achievement))];
  const earned = all.filter((one) => held.has(one));
  const missing = all.filter((one) => !held.has(one));
  const mustHave = rule.mustHave.filter((one) => !held.has(one));
  const lacking = Math.max(0, countNeeded(rule.preponderance, all.length) - earned.length);
  const isOpen = rule.previous === undefined || held.has(rule.previous);
  const bossReady = isOpen && lacking === 0 && mustHave.length === 0;
  const bosses = rule.boss.achievements.filter((one) => held.has(one));
  const holds = bossReady && countBosses(rule, bosses.length) === 0;
  const parts = { earned, missing, mustHave, lacking, bossReady, bosses, holds };
  const state = decideState(rule, held, { ...parts, isOpen });
  return {
    ...parts,
    state,
    share: all.length === 0 ? 0 : earned.length / all.length,
    nextSteps: state === 'certified' ? [] : findNextSteps(rule, { ...parts, isOpen }),
  };
}

type Parts = Pick<
  LevelDecision,
  'earned' | 'missing' | 'mustHave' | 'lacking' | 'bossReady' | 'bosses' | 'holds'
> & { readonly isOpen: boolean };

function decideState(
  { achievement, certify }: ResolvedRule,
  held: ReadonlySet<string>,
  { isOpen, earned, bosses, bossReady, holds }: Parts,
): LevelState {
  if (held.has(achievement) || (holds && certify === 'by-rule')) return 'certified';
  if (!isOpen) return 'locked';
  if (bossReady) return 'boss_ready';
  return earned.length + bosses.length > 0 ? 'in_progress' : 'open';
}

/** A share of 0.8 of 7 achievements is 6 of them; of 5 it is 4, whatever floating point makes of it. */
function countNeeded({ minShare = 0, minCount = 0 }: Preponderance, size: number): number {
  return Math.max(Math.ceil(minShare * size - 1e-9), minCount);
}

/** How many bosses are still to be beaten. */
function countBosses({ boss }: ResolvedRule, beaten: number): number {
  if (boss.achievements.length === 0) return 0;
  return Math.max(0, (boss.require === 'all' ? boss.achievements.length : 1) - beaten);
}

function findNextSteps(
  rule: ResolvedRule,
  { isOpen, mustHave, lacking, missing, bosses }: Parts,
): readonly NextStep[] {
  const steps: NextStep[] = [];
  if (!isOpen && rule.previous !== undefined) {
    steps.push({ kind: 'previous-level', achievements: [rule.previous] });
  }
  if (mustHave.length > 0) steps.push({ kind: 'must-have', achievements: mustHave });
  // What has to be done anyhow counts towards the rest.
  const rest = lacking - mustHave.filter((one) => missing.includes(one)).length;
  if (rest > 0) {
    const achievements = missing.filter((one) => !mustHave.includes(one));
    steps.push({ kind: 'pool', achievements, count: rest });
  }
  const count = countBosses(rule, bosses.length);
  if (count > 0) {
    const achievements = rule.boss.achievements.filter((one) => !bosses.includes(one));
    steps.push({ kind: 'boss', achievements, count });
  }
  return steps;
}
