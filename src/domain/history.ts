import type { LearnerFacts } from './progress.ts';
import { isDeciding, type KnownSubmission } from './observations.ts';
import { listHandedIn } from './submissions.ts';

export const historySteps = ['week', 'month'] as const;
export type HistoryStep = (typeof historySteps)[number];

/** What happened in a week that begins on a Monday, or in a month (UTC). */
export interface HistoryEntry {
  /** Its first day, as `YYYY-MM-DD`. */
  readonly start: string;
  readonly earned: number;
  readonly revoked: number;
  readonly submitted: number;
  readonly returned: number;
}

type Counted = Exclude<keyof HistoryEntry, 'start'>;

/** Those in which something happened, the oldest first. */
export function tellHistory(
  facts: Iterable<LearnerFacts>,
  step: HistoryStep,
): readonly HistoryEntry[] {
  const entries = new Map<string, Record<Counted, number>>();
  const count = (what: Counted, at: Date | undefined) => {
    if (at === undefined) return;
    const start = startOf(at, step);
    const entry = entries.get(start) ?? { earned: 0, revoked: 0, submitted: 0, returned: 0 };
    entry[what] += 1;
    entries.set(start, entry);
  };
  for (const { awards, submissions } of facts) {
    for (const { awardedAt, revokedAt } of awards) {
      count('earned', awardedAt);
      count('revoked', revokedAt);
    }
    for (const submission of submissions) {
      for (const at of listHandedIn(submission)) count('submitted', at);
      for (const { at } of listReturns(submission)) count('returned', at);
    }
  }
  return [...entries]
    .map(([start, counts]) => ({ start, ...counts }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}

function listReturns(submission: KnownSubmission) {
  return submission.reviews.filter(
    (review) => review.decision === 'revise' && isDeciding(submission, review),
  );
}

function startOf(at: Date, step: HistoryStep): string {
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  // Sunday is 0: six days after the Monday that its week began with.
  const first = step === 'month' ? 1 : at.getUTCDate() - ((at.getUTCDay() + 6) % 7);
  return new Date(Date.UTC(year, month, first)).toISOString().slice(0, 10);
}
