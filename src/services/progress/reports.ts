import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { invalid, notFound } from '../../shared/errors.ts';
import { groupBy } from '../../shared/group.ts';
import type { Period, ReportStore, ReviewFact } from '../../storage/reports.ts';
import type { CatalogueService } from './catalogue.ts';
import { nameIn } from './progress.ts';

export interface PeriodQuery {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** In the place of a name. */
const unpublished = 'not published';

const hour = 3_600_000;
const year = 365 * 24 * hour;

export type ReportService = ReturnType<typeof createReportService>;

/** Where the school itself can do better: about achievements, standards and reviewing, never about a learner. */
export function createReportService({
  reports,
  catalogue,
  now,
}: {
  reports: ReportStore;
  catalogue: CatalogueService;
  now: Clock;
}) {
  return { listBareStandards, listUnearned, listReviewTimes, listResubmissions };

  /** Standards that no published achievement points at. */
  async function listBareStandards(actor: Actor, framework: string) {
    assertCan(actor, 'reports.read');
    const scope = scopeOf(actor);
    const [{ frameworks, achievements }, leaves] = await Promise.all([
      catalogue.load(scope, now()),
      reports.listLeaves(scope, framework),
    ]);
    if (!frameworks.some(({ id }) => id === framework)) throw notFound('framework');
    const current = achievements.filter(({ state }) => state === 'published');
    const served = new Set(current.flatMap((one) => one.current.standards));
    return { standards: leaves.length, items: leaves.filter(({ id }) => !served.has(id)) };
  }

  /** What could be earned in the period, and nobody did. */
  async function listUnearned(actor: Actor, query: PeriodQuery) {
    const { period, known, scope } = await open(actor, query);
    const earned = new Set(await reports.listEarned(scope, period));
    const items = known.achievements
      .filter(({ id, state }) => state === 'published' && !earned.has(id))
      .map(({ id, current: { name, kind } }) => ({ id, name, kind }));
    return { ...period, items };
  }

  /** From handing in to the decision, the slowest first. */
  async function listReviewTimes(
    actor: Actor,
    { by, ...query }: PeriodQuery & { readonly by: 'achievement' | 'reviewer' },
  ) {
    const { period, known, scope } = await open(actor, query);
    const nameOf = nameIn(known);
    const found = (await reports.listReviews(scope, period)).filter(({ ms }) => ms !== null);
    const items = [...groupBy(found, (review) => review[by])].map(([id, reviews]) => {
      const sorted = reviews.map(({ ms }) => ms ?? 0).sort((a, b) => a - b);
      const name = by === 'achievement' ? { name: nameOf(id) ?? unpublished } : {};
      const [medianHours, p90Hours] = [hoursAt(sorted, 0.5), hoursAt(sorted, 0.9)];
      return { id, ...name, reviews: sorted.length, medianHours, p90Hours };
    });
    return { ...period, by, items: items.sort((a, b) => b.medianHours - a.medianHours) };
  }

  /** How often work comes back, and how often it is met in the end. */
  async function listResubmissions(actor: Actor, query: PeriodQuery) {
    const { period, known, scope } = await open(actor, query);
    const nameOf = nameIn(known);
    const byAchievement = groupBy(
      await reports.listReviews(scope, period),
      ({ achievement }) => achievement,
    );
    const items = [...byAchievement].map(([id, reviews]) => ({
      id,
      name: nameOf(id) ?? unpublished,
      ...countRounds(reviews),
    }));
    return { ...period, items: items.sort((a, b) => b.returnedShare - a.returnedShare) };
  }

  async function open(actor: Actor, query: PeriodQuery) {
    assertCan(actor, 'reports.read');
    const period = parsePeriod(query, now());
    const scope = scopeOf(actor);
    return { period, scope, known: await catalogue.load(scope, now()) };
  }
}

/** The year until now, when nothing else is said. */
function parsePeriod({ from, to }: PeriodQuery, now: Date): Period {
  const end = to ?? now;
  const start = from ?? new Date(end.getTime() - year);
  if (start < end) return { from: start, to: end };
  throw invalid('report.empty_period', 'The period has to end after it begins.', [
    { path: 'to', message: 'must lie after from' },
  ]);
}

/** The smallest value that this share of all values does not exceed. */
function hoursAt(sorted: readonly number[], share: number): number {
  const ms = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return Math.round((ms / hour) * 100) / 100;
}

function countRounds(reviews: readonly ReviewFact[]) {
  const count = (fits: (review: ReviewFact) => boolean) => reviews.filter(fits).length;
  const returned = count(({ decision }) => decision === 'revise');
  return {
    decided: reviews.length,
    returned,
    again: count(({ round }) => round > 1),
    metAtOnce: count(({ decision, round }) => decision === 'approve' && round === 1),
    metLater: count(({ decision, round }) => decision === 'approve' && round > 1),
    declined: count(({ decision }) => decision === 'decline'),
    returnedShare: Math.round((returned / reviews.length) * 1_000) / 1_000,
  };
}
