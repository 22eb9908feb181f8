import { sha256 } from '../shared/ids.ts';
import type { AchievementKind } from './achievements.ts';
import type { Actor } from './roles.ts';
import type { Criterion, Result } from './rubrics.ts';

/** How many of the reviews by one reader somebody else judges again, without knowing whose. */
export interface CalibrationPolicy {
  /** 0 to 1. */
  readonly share: number;
  /** Of these kinds only. */
  readonly kinds?: readonly AchievementKind[] | undefined;
}

export const noCalibration: CalibrationPolicy = { share: 0 };

/** A level found for a criterion, and its place from the lowest on. */
export interface Judgement {
  readonly criterion: string;
  readonly level: string;
  readonly rank: number;
}

export interface Reading {
  readonly reader: Pick<Actor, 'kind' | 'id'>;
  readonly judgements: readonly Judgement[];
  readonly at: Date;
}

/** A review that somebody else judges again. It changes no decision. */
export interface CalibrationSample {
  readonly id: string;
  readonly organization: string;
  readonly review: string;
  /** Gone with the learner. */
  readonly submission?: string;
  readonly learner?: string;
  readonly round: number;
  readonly achievement: string;
  readonly version: number;
  readonly first: Reading;
  readonly second?: Reading;
  readonly createdAt: Date;
}

/** The same answer for the same review, everywhere and for ever; nobody chooses. */
export function isSampled(
  { share, kinds }: CalibrationPolicy,
  { review, kind }: { readonly review: string; readonly kind: AchievementKind },
): boolean {
  if (kinds !== undefined && !kinds.includes(kind)) return false;
  return Number.parseInt(sha256(`calibration ${review}`).slice(0, 8), 16) / 2 ** 32 < share;
}

/** Results that were checked against this rubric, with their places. */
export function toJudgements(
  rubric: readonly Criterion[],
  results: readonly Pick<Result, 'criterion' | 'level'>[],
): readonly Judgement[] {
  return results.flatMap(({ criterion, level }) => {
    const levels = rubric.find(({ id }) => id === criterion)?.levels ?? [];
    const rank = levels.findIndex(({ id }) => id === level);
    return rank === -1 ? [] : [{ criterion, level, rank }];
  });
}

/** What two readers found for the same criterion of the same work. */
export interface Pair {
  readonly first: number;
  readonly second: number;
}

export interface Agreement {
  readonly pairs: number;
  /** Share of pairs with the same level. */
  readonly exact?: number;
  /** Share of pairs at most one level apart. */
  readonly adjacent?: number;
  /** Cohen's kappa: agreement beyond chance, 1 at most. */
  readonly kappa?: number;
  /** Why there is no kappa. */
  readonly kappaUndefined?: 'no-pairs' | 'one-level';
}

/** kappa = (po - pe) / (1 - pe); where both readers only ever used one and the same level, pe is 1 and there is none. */
export function measureAgreement(pairs: readonly Pair[]): Agreement {
  const count = pairs.length;
  if (count === 0) return { pairs: 0, kappaUndefined: 'no-pairs' };
  const share = (matches: (pair: Pair) => boolean) => pairs.filter(matches).length / count;
  const exact = share(({ first, second }) => first === second);
  const adjacent = share(({ first, second }) => Math.abs(first - second) <= 1);
  const measured = { pairs: count, exact, adjacent };
  const ranks = new Set(pairs.flatMap(({ first, second }) => [first, second]));
  if (ranks.size === 1) return { ...measured, kappaUndefined: 'one-level' };
  let chance = 0;
  for (const rank of ranks) {
    chance += share(({ first }) => first === rank) * share(({ second }) => second === rank);
  }
  return { ...measured, kappa: (exact - chance) / (1 - chance) };
}

/** The criteria that both judged. */
export function pairUp(
  first: readonly Judgement[],
  second: readonly Judgement[],
): readonly (Pair & { readonly criterion: string })[] {
  return first.flatMap(({ criterion, rank }) => {
    const other = second.find((one) => one.criterion === criterion);
    return other === undefined ? [] : [{ criterion, first: rank, second: other.rank }];
  });
}

/** Teachers judge the same samples, whose results were agreed on beforehand. */
export interface NormingSession {
  readonly id: string;
  readonly organization: string;
  readonly achievement: string;
  readonly title: string;
  readonly anchors: readonly Anchor[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

export interface Anchor {
  readonly id: string;
  readonly submission: string;
  readonly learner: string;
  readonly round: number;
  readonly version: number;
  readonly expected: readonly Judgement[];
}

export interface NormingRating {
  readonly id: string;
  readonly organization: string;
  readonly session: string;
  readonly anchor: string;
  readonly reader: string;
  readonly judgements: readonly Judgement[];
  readonly at: Date;
}
