import type { WeekWords } from './letters/types.ts';

/** Who gets a letter about the week. */
export interface DigestPolicy {
  readonly guardians: boolean;
  readonly learners: boolean;
}

export const noDigests: DigestPolicy = { guardians: false, learners: false };

export interface LearnerWeek {
  readonly learner: string;
  readonly name: string;
  readonly words: WeekWords;
}

/** What one person reads about one week, as it was when the week was over. */
export interface Digest {
  readonly id: string;
  readonly organization: string;
  readonly person: string;
  /** The Monday (UTC) after the week: `2026-11-23`. */
  readonly week: string;
  readonly language: string;
  readonly learners: readonly LearnerWeek[];
  /** The whole letter as plain text. */
  readonly text: string;
  readonly createdAt: Date;
}

const dayMs = 86_400_000;

/** The Monday, 0:00 UTC, on or before this moment: the end of the week that is over. */
export function findWeekEnd(now: Date): Date {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return new Date(midnight - ((now.getUTCDay() + 6) % 7) * dayMs);
}

export function findWeekStart(end: Date): Date {
  return new Date(end.getTime() - 7 * dayMs);
}
