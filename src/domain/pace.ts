import type { Pace } from './people.ts';

const day = 86_400_000;
/** A month is 30 days here, and what counts is the last three of them. */
const month = 30 * day;
const months = 3;

export interface PaceReport {
  /** Achievements in a month, over the last three or since the first one. */
  readonly perMonth: number;
  readonly lastMonth: number;
  readonly chosen?: Pace;
}

/** How fast a learner goes, beside the pace that was chosen. A date fails nobody. */
export function reportPace(
  earnedAt: readonly Date[],
  chosen: Pace | undefined,
  at: Date,
): PaceReport {
  const ages = earnedAt.map((then) => at.getTime() - then.getTime()).filter((age) => age >= 0);
  const span = Math.min(months, Math.max(1, Math.max(0, ...ages) / month));
  const recent = ages.filter((age) => age < months * month).length;
  const perMonth = Math.round((recent / span) * 10) / 10;
  const lastMonth = ages.filter((age) => age < month).length;
  return { perMonth, lastMonth, ...(chosen === undefined ? {} : { chosen }) };
}
