import type { ShownEstimate } from '../../domain/estimates.ts';
import type { Person } from '../../domain/people.ts';
import {
  decideRules,
  findLocked,
  findStandings,
  listHeld,
  type DecidedRule,
  type Standing,
} from '../../domain/progress.ts';
import type { Scope } from '../../domain/roles.ts';
import { ruleFor } from '../../domain/roll-ups.ts';
import type { Clock } from '../../shared/clock.ts';
import { notFound } from '../../shared/errors.ts';
import { groupBy } from '../../shared/group.ts';
import {
  estimateAll,
  listAligned,
  listJudgedVersions,
  loadFacts,
  loadPolicy,
  type ProgressDependencies,
} from './facts.ts';

export interface MatrixRow {
  readonly learner: Person;
  readonly decisions: readonly DecidedRule[];
  /** By achievement; what is open is left out. */
  readonly cells: ReadonlyMap<string, Standing>;
}

export interface StandardsRow {
  readonly learner: Person;
  /** By standard; where nothing is known there is nothing. */
  readonly cells: ReadonlyMap<string, ShownEstimate>;
}

export type ColumnDependencies = ProgressDependencies & { readonly now: Clock };

/** What a matrix has across, and how the rows of learners are filled in. */
export function createColumns(dependencies: ColumnDependencies) {
  const { catalogue, ladder, estimateOverrides, now } = dependencies;

  return { loadAchievements, loadStandards };

  async function loadAchievements(scope: Scope, framework: string, level: number | undefined) {
    const at = now();
    const loading = catalogue.load(scope, at, framework);
    const [known, { rules, resolved }] = await Promise.all([
      loading,
      ladder.load(scope, loading, framework),
    ]);
    if (known.frameworks.length === 0) throw notFound('framework');
    const achievements = known.achievements.filter(
      ({ state, listed }) =>
        state === 'published' && (level === undefined || listed.level === level),
    );
    const shown = new Set(achievements.map(({ id }) => id));

    async function fill(people: readonly Person[]): Promise<readonly MatrixRow[]> {
      const facts = await loadFacts(dependencies, scope, idsOf(people), 'standing');
      return people.map((learner) => {
        const own = facts.get(learner.id) ?? { awards: [], submissions: [] };
        const held = new Set(listHeld(own, at).map(({ achievement }) => achievement));
        const decisions = decideRules(rules, resolved, held);
        const locked = [...findLocked(decisions)].map(
          (id) => [id, { state: 'locked' } as const] as const,
        );
        const all = new Map<string, Standing>([...locked, ...findStandings(own, at)]);
        return { learner, decisions, cells: new Map([...all].filter(([id]) => shown.has(id))) };
      });
    }
    return { achievements, fill };
  }

  async function loadStandards(scope: Scope, framework: string) {
    const at = now();
    const [known, policy] = await Promise.all([
      catalogue.load(scope, at, framework),
      loadPolicy(dependencies, scope),
    ]);
    if (known.frameworks.length === 0) throw notFound('framework');
    const standards = listAligned(known).filter((one) => one.framework === framework);

    async function fill(people: readonly Person[]): Promise<readonly StandardsRow[]> {
      const ids = idsOf(people);
      const [facts, all] = await Promise.all([
        loadFacts(dependencies, scope, ids),
        estimateOverrides.listOf(scope, ids),
      ]);
      const findVersion = await catalogue.loadVersions(scope, listJudgedVersions(facts.values()));
      const byLearner = groupBy(all, ({ learner }) => learner);
      return people.map((learner) => {
        const own = facts.get(learner.id) ?? { awards: [], submissions: [] };
        const overrides = byLearner.get(learner.id) ?? [];
        const cells = estimateAll(standards, own, { policy, findVersion, overrides, at });
        return { learner, cells };
      });
    }
    return { standards, rollUp: ruleFor(policy, framework), fill };
  }
}

const idsOf = (people: readonly Person[]) => people.map(({ id }) => id);
