import { isAwardedByHand, type AchievementVersion } from '../../domain/achievements.ts';
import type { OrganizationPolicy } from '../../domain/organizations.ts';
import { countReaders } from '../../domain/reviews.ts';
import { can, type Actor } from '../../domain/roles.ts';
import { checkResults, decideRubric, type Result } from '../../domain/rubrics.ts';
import { conflict, forbidden, invalid, ServiceError } from '../../shared/errors.ts';

/** What somebody awards without a submission. */
export interface DirectAward {
  readonly learner: string;
  readonly achievement: string;
  readonly narrative?: string | undefined;
  readonly evidence: readonly {
    readonly name: string;
    readonly narrative?: string | undefined;
    readonly url?: string | undefined;
  }[];
  readonly results: readonly Omit<Result, 'id'>[];
  /** Why a boss is awarded before it is open. */
  readonly overrideReason?: string | undefined;
}

/** What holds for everything that is awarded by hand, be it one or a sheet of them. */
export function assertAwardable(
  actor: Actor,
  input: DirectAward,
  { version, policy }: { version: AchievementVersion; policy: OrganizationPolicy },
): void {
  if (actor.id === input.learner)
    throw forbidden('award.own', 'Nobody can award an achievement to themselves.');
  if (!isAwardedByHand(version.kind)) {
    throw forbidden('award.level_by_rule', 'A level is certified by its rule, never by hand.');
  }
  if (input.narrative === undefined && input.evidence.length === 0) {
    throw invalid('award.no_grounds', 'Say why: give evidence or a narrative.');
  }
  assertMayOverride(actor, input, version);
  assertResults(version, input.results);
  assertReaders(actor, version, policy);
}

/** Only a boss can be out of turn. */
function assertMayOverride(
  actor: Actor,
  { overrideReason }: DirectAward,
  { kind }: AchievementVersion,
) {
  if (overrideReason === undefined) return;
  if (kind !== 'boss') {
    throw invalid('award.nothing_to_override', 'Only a boss can be awarded before it is open.');
  }
  if (can(actor, 'submissions.override')) return;
  throw forbidden('award.no_override', 'Only a lead can award a boss before it is open.');
}

function assertResults({ rubric }: AchievementVersion, results: DirectAward['results']): void {
  const issues = checkResults(rubric, results);
  if (issues.length > 0) {
    throw invalid(
      'award.bad_results',
      'The results do not fit the rubric of this achievement.',
      issues,
    );
  }
  const { below } = decideRubric(rubric, results);
  if (below.length === 0) return;
  throw new ServiceError(
    'unprocessable',
    'award.below_required',
    'Not every criterion is at its required level yet, so this cannot be awarded.',
    { issues: below.map(({ name }) => ({ path: name, message: 'is below its required level' })) },
  );
}

/** What takes two readers is nobody's to award alone, but for those who may override. */
function assertReaders(
  actor: Actor,
  version: AchievementVersion,
  { secondReader }: OrganizationPolicy,
): void {
  if (countReaders(secondReader, version) === 1 || can(actor, 'submissions.override')) return;
  throw forbidden(
    'award.second_reader_needed',
    'This takes two readers. Hand the work in as a submission, so that somebody else reads it too.',
  );
}

export function awardExists(): ServiceError {
  return conflict('award.exists', 'This learner holds this achievement already.');
}
