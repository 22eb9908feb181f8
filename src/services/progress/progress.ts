import type { ShownEstimate } from '../../domain/estimates.ts';
import type { LevelDecision, LevelRule } from '../../domain/level-rules.ts';
import { describeStep, findLetters } from '../../domain/letters/letters.ts';
import type { Letters } from '../../domain/letters/types.ts';
import { reportPace, type PaceReport } from '../../domain/pace.ts';
import { defaultPolicy } from '../../domain/organizations.ts';
import type { Person } from '../../domain/people.ts';
import {
  decideRules,
  findLocked,
  findStandings,
  listHeld,
  type Standing,
} from '../../domain/progress.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import { ruleFor, type RollUpRule } from '../../domain/roll-ups.ts';
import type { Clock } from '../../shared/clock.ts';
import { notFound } from '../../shared/errors.ts';
import type { FrameworkHead } from '../../storage/learning.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import {
  estimateAll,
  listAligned,
  listJudgedVersions,
  loadFacts,
  parseAsOf,
  type AlignedStandard,
  type ProgressDependencies,
} from './facts.ts';
import { getLearner } from '../school/learner-visibility.ts';

export interface ProgressEntry {
  readonly achievement: CatalogueEntry;
  readonly standing: Standing;
}

export interface LevelProgress {
  readonly rule: LevelRule;
  readonly decision: LevelDecision;
  /** The next steps of the decision, in plain words. */
  readonly words: readonly string[];
}

export interface FrameworkProgress {
  readonly framework: FrameworkHead;
  readonly rollUp: RollUpRule;
  readonly levels: readonly LevelProgress[];
  readonly entries: readonly ProgressEntry[];
  readonly standards: readonly (AlignedStandard & { readonly estimate?: ShownEstimate })[];
}

export interface Progress {
  readonly learner: Person;
  readonly at: Date;
  readonly frameworks: readonly FrameworkProgress[];
  /** What belongs to no framework: credits. */
  readonly others: readonly ProgressEntry[];
  readonly pace: PaceReport;
  /** How whoever asked is written to. */
  readonly letters: Letters;
}

export interface ProgressQuery {
  readonly asOf?: Date | undefined;
  readonly framework?: string | undefined;
}

export type ProgressService = ReturnType<typeof createProgressService>;

/** The whole of what a learner, the family and the staff see of one learner. */
export function createProgressService(
  dependencies: ProgressDependencies & { readonly now: Clock },
) {
  const { catalogue, ladder, estimateOverrides, organizations, people, now } = dependencies;

  return { get };

  /** As many queries for a learner of ten years as for one of ten days. */
  async function get(
    actor: Actor,
    id: string,
    { asOf, framework }: ProgressQuery,
  ): Promise<Progress> {
    const at = parseAsOf(asOf, now());
    const learner = await getLearner(dependencies, actor, id);
    const scope = scopeOf(actor);
    const loading = catalogue.load(scope, at);
    const [known, byLearner, overrides, school, self, { rules, resolved }] = await Promise.all([
      loading,
      loadFacts(dependencies, scope, [id]),
      estimateOverrides.listOf(scope, [id]),
      organizations.find(scope.organization),
      people.findMany(scope, [actor.id]),
      ladder.load(scope, loading, framework),
    ]);
    if (framework !== undefined && !known.frameworks.some((one) => one.id === framework)) {
      throw notFound('framework');
    }
    const facts = byLearner.get(id) ?? { awards: [], submissions: [] };
    const { rollUp } = school?.policy ?? defaultPolicy;
    const findVersion = await catalogue.loadVersions(scope, listJudgedVersions([facts]));
    const held = listHeld(facts, at);
    const decided = decideRules(rules, resolved, new Set(held.map((one) => one.achievement)));
    const entries = findEntries(known, findStandings(facts, at), findLocked(decided));
    const aligned = listAligned(known);
    const estimates = estimateAll(aligned, facts, { policy: rollUp, findVersion, overrides, at });
    const nameOf = nameIn(known);
    const letters = findLetters(school, self[0]?.language);
    const heads = known.frameworks.filter((one) => framework === undefined || one.id === framework);
    return {
      learner,
      at,
      frameworks: heads.map((head) => ({
        framework: head,
        rollUp: ruleFor(rollUp, head.id),
        levels: decided
          .filter(({ rule }) => rule.framework === head.id)
          .map(({ rule, decision }) => ({
            rule,
            decision,
            words: decision.nextSteps.map((step) => describeStep(letters, step, nameOf)),
          })),
        entries: entries.filter(({ achievement }) => achievement.listed.framework === head.id),
        standards: aligned
          .filter((standard) => standard.framework === head.id)
          .map((standard) => {
            const estimate = estimates.get(standard.standard);
            return estimate === undefined ? standard : { ...standard, estimate };
          }),
      })),
      others: entries.filter(({ achievement }) => achievement.listed.framework === undefined),
      pace: reportPace(
        held.map(({ awardedAt }) => awardedAt),
        learner.pace,
        at,
      ),
      letters,
    };
  }
}

/** What can be earned, and what is retired as far as this learner has to do with it. */
function findEntries(
  { achievements }: Catalogue,
  found: ReadonlyMap<string, Standing>,
  locked: ReadonlySet<string>,
): readonly ProgressEntry[] {
  return achievements.flatMap((achievement) => {
    const standing = found.get(achievement.id);
    if (standing !== undefined) return [{ achievement, standing }];
    if (achievement.state === 'retired') return [];
    const state = locked.has(achievement.id) ? 'locked' : 'open';
    return [{ achievement, standing: { state } as const }];
  });
}

export function nameIn({ achievements }: Catalogue): (achievement: string) => string | undefined {
  const names = new Map(achievements.map(({ id, current }) => [id, current.name]));
  return (achievement) => names.get(achievement);
}
