import {
  isSampled,
  measureAgreement,
  pairUp,
  toJudgements,
  type Agreement,
  type CalibrationSample,
  type Pair,
} from '../../domain/calibration.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import { countReaders } from '../../domain/reviews.ts';
import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import { checkResults, type Criterion, type Result } from '../../domain/rubrics.ts';
import type { Review, Submission } from '../../domain/submissions.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { CalibrationStore, ReadFilter } from '../../storage/calibrations.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import { findAnonymousWork, type AnonymousWork, type WorkSource } from './anonymous-work.ts';
import type { AuditService } from '../audit.ts';

export type Results = readonly Pick<Result, 'criterion' | 'level'>[];

export interface OpenSample extends AnonymousWork {
  readonly id: string;
}

export interface AgreementReport {
  readonly overall: Agreement;
  readonly criteria: readonly (Agreement & {
    readonly achievement: string;
    readonly criterion: string;
  })[];
  /** Of everything that they judged, first or second, with whoever judged it too. */
  readonly reviewers: readonly (Agreement & { readonly reviewer: string })[];
}

interface Dependencies extends WorkSource {
  readonly calibrations: CalibrationStore;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type CalibrationService = ReturnType<typeof createCalibrationService>;

export function createCalibrationService(dependencies: Dependencies) {
  const { calibrations, organizations, versions, audit, now } = dependencies;

  return { sample, queue, judge, report };

  /** Takes a review into the sample when its number is drawn. Safe to repeat. */
  async function sample(submission: Submission, review: Review): Promise<void> {
    const scope = scopeOf(submission);
    const { policy } = (await organizations.find(scope.organization)) ?? { policy: defaultPolicy };
    if (policy.calibration.share === 0 || review.decision === 'decline') return;
    const { achievement, version: number, round } = review;
    const version = await versions.findVersion(scope, achievement, number);
    // Two have read it anyhow; and without a rubric there is nothing to compare.
    if (version === undefined || countReaders(policy.secondReader, version) > 1) return;
    if (!isSampled(policy.calibration, { review: review.id, kind: version.kind })) return;
    const judgements = toJudgements(version.rubric, review.results);
    if (judgements.length === 0) return;
    await calibrations.add({
      id: newId(),
      organization: scope.organization,
      review: review.id,
      submission: submission.id,
      learner: submission.learner,
      round,
      achievement,
      version: number,
      first: {
        reader: { kind: review.reviewerKind, id: review.reviewer },
        judgements,
        at: review.at,
      },
      createdAt: now(),
    });
  }

  async function queue(actor: Actor, page: PageRequest): Promise<Page<OpenSample>> {
    assertCan(actor, 'submissions.review');
    const scope = scopeOf(actor);
    const found = await calibrations.listOpen(scope, actor, page);
    const items = await Promise.all(
      found.items.map(async (one) => {
        const work = await findAnonymousWork(dependencies, scope, one);
        return work === undefined ? [] : [{ id: one.id, ...work }];
      }),
    );
    return { ...found, items: items.flat() };
  }

  /** What a second person finds. The decision stays as it is. */
  async function judge(actor: Actor, id: string, results: Results): Promise<void> {
    assertCan(actor, 'submissions.review');
    const scope = scopeOf(actor);
    const known = await calibrations.find(scope, id);
    if (known === undefined) throw notFound('calibration');
    assertOther(actor, known);
    const version = await versions.findVersion(scope, known.achievement, known.version);
    if (version === undefined) throw notFound('achievement');
    assertComplete(version.rubric, results);
    const judgements = toJudgements(version.rubric, results);
    const reader = { kind: actor.kind, id: actor.id };
    if (!(await calibrations.addReading(scope, id, { reader, judgements, at: now() }))) {
      throw conflict('calibration.judged', 'Somebody has judged this already. Take the next one.');
    }
    await audit.record(actor, {
      action: 'calibration.judged',
      subject: `calibration:${id}`,
      key: `calibration.judged:${id}`,
    });
  }

  async function report(actor: Actor, filter: ReadFilter): Promise<AgreementReport> {
    assertCan(actor, 'calibration.read');
    return gather(calibrations.eachRead(scopeOf(actor), filter));
  }
}

async function gather(samples: AsyncIterable<CalibrationSample>): Promise<AgreementReport> {
  const overall: Pair[] = [];
  const criteria = new Map<string, { achievement: string; criterion: string; pairs: Pair[] }>();
  const reviewers = new Map<string, Pair[]>();
  for await (const { achievement, first, second } of samples) {
    if (second === undefined) continue;
    for (const { criterion, ...pair } of pairUp(first.judgements, second.judgements)) {
      overall.push(pair);
      const key = `${achievement} ${criterion}`;
      const known = criteria.get(key) ?? { achievement, criterion, pairs: [] };
      known.pairs.push(pair);
      criteria.set(key, known);
      addTo(reviewers, first.reader.id, pair);
      addTo(reviewers, second.reader.id, { first: pair.second, second: pair.first });
    }
  }
  return {
    overall: measureAgreement(overall),
    criteria: [...criteria.values()].map(({ pairs, ...names }) => ({
      ...names,
      ...measureAgreement(pairs),
    })),
    reviewers: [...reviewers].map(([reviewer, pairs]) => ({
      reviewer,
      ...measureAgreement(pairs),
    })),
  };
}

function addTo(groups: Map<string, Pair[]>, key: string, pair: Pair): void {
  const group = groups.get(key) ?? [];
  group.push(pair);
  groups.set(key, group);
}

function assertOther(actor: Actor, { first, learner }: CalibrationSample): void {
  const isSame =
    first.reader.id === actor.id || (first.reader.kind === 'api-key' && actor.kind === 'api-key');
  if (!isSame && learner !== actor.id) return;
  throw forbidden(
    'calibration.own_work',
    'This is your own work, or your own review. Somebody else has to judge it.',
  );
}

/** Every criterion judged once: what is left out cannot be compared. */
export function assertComplete(rubric: readonly Criterion[], results: Results): void {
  const issues = checkResults(rubric, results);
  const judged = new Set(results.map(({ criterion }) => criterion));
  const missing = rubric
    .filter(({ id }) => !judged.has(id))
    .map(({ name }) => ({ path: 'results', message: `must say something about ${name}` }));
  if (issues.length + missing.length === 0) return;
  throw invalid('calibration.bad_results', 'These results do not fit the rubric.', [
    ...issues,
    ...missing,
  ]);
}
