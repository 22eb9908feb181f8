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
  /** How far it is on its way by mail; absent: nobody is to send it. */
  readonly mail?: DigestMail;
  readonly createdAt: Date;
}

export interface DigestMail {
  /** `withheld`: by the time it was to go, somebody no longer wanted it. */
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed' | 'withheld';
  readonly attempts: number;
  /** When it came to be so. */
  readonly at: Date;
  /** When somebody should look at it again; absent: it is settled. */
  readonly due?: Date;
  /** Why it failed, waits again, or was withheld. */
  readonly reason?: string;
}

const dayMs = 86_400_000;

/** The Monday, 0:00 UTC, on or before this moment: the end of the week that is over. */
export function findWeekEnd(now: Date): Date {
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return new Date(midnight - ((now.getUTCDay() + 6) % 7) * dayMs);
}

/** The name of the week that is over: the day on which it was over. */
export function nameWeek(end: Date): string {
  return end.toISOString().slice(0, 10);
}

/** After how long a letter that could not be sent is tried again: 2, 4, 8 … minutes, at most every four hours. */
export function findNextAttempt(attempts: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(2 ** attempts, 240) * 60_000);
}

/** A week that letters are due of. */
export interface Week {
  readonly end: Date;
  /** Another week has passed since, so that only what has a date is told. */
  readonly isOver: boolean;
}

/** Oldest first: the last week, and those that ended since anybody looked for them, though not more than a month's. */
export function listWeeks(reached: Date | undefined, now: Date): readonly Week[] {
  const last = findWeekEnd(now);
  const missed = [3, 2, 1]
    .map((back) => new Date(last.getTime() - back * 7 * dayMs))
    .filter((end) => reached !== undefined && end > reached)
    .map((end) => ({ end, isOver: true }));
  return [...missed, { end: last, isOver: false }];
}

export function findWeekStart(end: Date): Date {
  return new Date(end.getTime() - 7 * dayMs);
}
