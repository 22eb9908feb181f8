import { overrideCountsAt, estimate, type ShownEstimate } from '../../domain/estimates.ts';
import { observe } from '../../domain/observations.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import type { LearnerFacts } from '../../domain/progress.ts';
import type { Scope } from '../../domain/roles.ts';
import { ruleFor, type RollUpPolicy } from '../../domain/roll-ups.ts';
import { invalid } from '../../shared/errors.ts';
import { groupBy } from '../../shared/group.ts';
import type { EstimateOverrideStore } from '../../storage/estimate-overrides.ts';
import type { LearningStore } from '../../storage/learning.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { Catalogue, CatalogueService, FindVersion } from './catalogue.ts';
import type { Ladder } from './ladder.ts';

export interface ProgressDependencies {
  readonly people: Pick<PersonStore, 'findMany' | 'listByRole'>;
  readonly learning: LearningStore;
  readonly estimateOverrides: EstimateOverrideStore;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly catalogue: CatalogueService;
  readonly ladder: Ladder;
}

/** A moment that was asked for: not one that is still to come. */
export function parseAsOf(asOf: Date | undefined, now: Date): Date {
  if (asOf === undefined) return now;
  if (asOf <= now) return asOf;
  throw invalid('progress.future_date', 'Nobody knows yet what will be shown on that day.', [
    { path: 'asOf', message: 'must not lie in the future' },
  ]);
}

export async function loadPolicy(
  { organizations }: Pick<ProgressDependencies, 'organizations'>,
  scope: Scope,
): Promise<RollUpPolicy> {
  return ((await organizations.find(scope.organization))?.policy ?? defaultPolicy).rollUp;
}

/** What is known of some learners, in two queries however many they are; `standing`: only where they stand today. */
export async function loadFacts(
  { learning }: Pick<ProgressDependencies, 'learning'>,
  scope: Scope,
  learners: readonly string[],
  what: 'all' | 'standing' = 'all',
): Promise<ReadonlyMap<string, LearnerFacts>> {
  const [awards, submissions] = await Promise.all(
    what === 'all'
      ? [learning.listAwards(scope, learners), learning.listSubmissions(scope, learners)]
      : [learning.listHeld(scope, learners), learning.listUnfinished(scope, learners)],
  );
  const byLearner = <T extends { readonly learner: string }>(all: readonly T[]) =>
    groupBy(all, ({ learner }) => learner);
  const [awardsOf, submissionsOf] = [byLearner(awards), byLearner(submissions)];
  return new Map(
    learners.map((id) => [
      id,
      { awards: awardsOf.get(id) ?? [], submissions: submissionsOf.get(id) ?? [] },
    ]),
  );
}

/** Every version that somebody was judged by. */
export function listJudgedVersions(facts: Iterable<LearnerFacts>) {
  return [...facts].flatMap(({ awards, submissions }) => [
    ...awards.map(({ achievement: id, version }) => ({ id, version })),
    ...submissions.flatMap(({ reviews }) =>
      reviews.map(({ achievement: id, version }) => ({ id, version })),
    ),
  ]);
}

/** A standard that achievements of the school point at, with its framework. */
export interface AlignedStandard {
  readonly standard: string;
  readonly framework: string;
  readonly code?: string;
  readonly statement: string;
}

/** Each once, in the order of the codes. */
export function listAligned({ achievements }: Catalogue): readonly AlignedStandard[] {
  const found = new Map<string, AlignedStandard>();
  for (const { state, current } of achievements) {
    if (state === 'retired') continue;
    for (const { standard, framework, code, statement } of current.alignments) {
      const shown = { standard, framework: framework.id, statement };
      found.set(standard, code === undefined ? shown : { ...shown, code });
    }
  }
  const keyOf = ({ code, statement }: AlignedStandard) => code ?? statement;
  const byName = new Intl.Collator('en', { numeric: true });
  return [...found.values()].sort((a, b) => byName.compare(keyOf(a), keyOf(b)));
}

/** Estimates of these standards for one learner, those that nothing is known of left out. */
export function estimateAll(
  standards: readonly AlignedStandard[],
  facts: LearnerFacts,
  {
    policy,
    findVersion,
    overrides,
    at,
  }: {
    policy: RollUpPolicy;
    findVersion: FindVersion;
    overrides: Awaited<ReturnType<EstimateOverrideStore['listOf']>>;
    at: Date;
  },
): ReadonlyMap<string, ShownEstimate> {
  const observed = observe(facts, findVersion, at);
  const live = new Map(
    overrides.filter((one) => overrideCountsAt(one, at)).map((one) => [one.standard, one]),
  );
  const found = new Map<string, ShownEstimate>();
  for (const { standard, framework } of standards) {
    const rule = ruleFor(policy, framework);
    const shown = estimate(rule, observed.get(standard) ?? [], live.get(standard));
    if (shown !== undefined) found.set(standard, shown);
  }
  return found;
}
