import { formatCsvRow } from '../../domain/csv.ts';
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
import { assertCan, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import { ruleFor, type RollUpRule } from '../../domain/roll-ups.ts';
import type { Clock } from '../../shared/clock.ts';
import { groupBy } from '../../shared/group.ts';
import { notFound } from '../../shared/errors.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { CatalogueEntry } from './catalogue.ts';
import {
  estimateAll,
  listAligned,
  listJudgedVersions,
  loadFacts,
  loadPolicy,
  type AlignedStandard,
  type ProgressDependencies,
} from './facts.ts';
import { createRoster, type Roster, type RosterDependencies } from './roster.ts';

export interface MatrixQuery {
  readonly class?: string | undefined;
  /** Of the framework's levels. */
  readonly level?: number | undefined;
}

export interface MatrixRow {
  readonly learner: Person;
  readonly decisions: readonly DecidedRule[];
  /** By achievement; what is open is left out. */
  readonly cells: ReadonlyMap<string, Standing>;
}

export interface Matrix extends Page<MatrixRow> {
  readonly achievements: readonly CatalogueEntry[];
}

export interface StandardsRow {
  readonly learner: Person;
  /** By standard; where nothing is known there is nothing. */
  readonly cells: ReadonlyMap<string, ShownEstimate>;
}

export interface StandardsMatrix extends Page<StandardsRow> {
  readonly rollUp: RollUpRule;
  readonly standards: readonly AlignedStandard[];
}

type Dependencies = ProgressDependencies & RosterDependencies & { readonly now: Clock };

/** So many learners are in memory at once, however long the sheet is. */
const sheetPage = 50;

export type MatrixService = ReturnType<typeof createMatrixService>;

/** Learners by achievements, and learners by standards, of one framework: pages, and whole sheets. */
export function createMatrixService(dependencies: Dependencies) {
  const { catalogue, ladder, estimateOverrides, now } = dependencies;
  const roster = createRoster(dependencies);

  return { page, standardsPage, sheet, standardsSheet };

  async function page(
    actor: Actor,
    framework: string,
    query: MatrixQuery,
    at: PageRequest,
  ): Promise<Matrix> {
    const { scope, learners } = await open(actor, query);
    const columns = await loadColumns(scope, framework, query.level);
    const { items, ...rest } = await learners.page(at);
    return { ...columns, ...rest, items: await columns.fill(items) };
  }

  async function standardsPage(
    actor: Actor,
    framework: string,
    query: Pick<MatrixQuery, 'class'>,
    at: PageRequest,
  ): Promise<StandardsMatrix> {
    const { scope, learners } = await open(actor, query);
    const columns = await loadStandards(scope, framework);
    const { items, ...rest } = await learners.page(at);
    return { ...columns, ...rest, items: await columns.fill(items) };
  }

  /** The whole of it as CSV, learner after learner. */
  async function sheet(actor: Actor, framework: string, query: MatrixQuery) {
    const { scope, learners } = await open(actor, query);
    const { achievements, fill } = await loadColumns(scope, framework, query.level);
    const head = achievements.map(({ current }) => current.name);
    return writeSheet(head, learners, async (people) =>
      (await fill(people)).map(({ learner, cells }) => ({
        learner,
        cells: achievements.map(({ id }) => cells.get(id)?.state ?? 'open'),
      })),
    );
  }

  async function standardsSheet(
    actor: Actor,
    framework: string,
    query: Pick<MatrixQuery, 'class'>,
  ) {
    const { scope, learners } = await open(actor, query);
    const { standards, fill } = await loadStandards(scope, framework);
    const head = standards.map(({ code, statement }) => code ?? statement);
    return writeSheet(head, learners, async (people) =>
      (await fill(people)).map(({ learner, cells }) => ({
        learner,
        cells: standards.map(({ standard }) => cells.get(standard)?.level ?? ''),
      })),
    );
  }

  async function open(actor: Actor, query: Pick<MatrixQuery, 'class'>) {
    assertCan(actor, 'matrices.read');
    const scope = scopeOf(actor);
    return { scope, learners: await roster.open(scope, query.class) };
  }

  async function loadColumns(scope: Scope, framework: string, level: number | undefined) {
    const at = now();
    const [known, { rules, resolved }] = await Promise.all([
      catalogue.load(scope, at, framework),
      ladder.load(scope, framework),
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

interface SheetRow {
  readonly learner: Person;
  readonly cells: readonly string[];
}

async function* writeSheet(
  head: readonly string[],
  learners: Roster,
  fill: (people: readonly Person[]) => Promise<readonly SheetRow[]>,
): AsyncGenerator<string> {
  yield `\uFEFF${formatCsvRow(['Learner', 'Id', ...head])}`;
  let cursor: string | undefined;
  do {
    const { items, next } = await learners.page({ limit: sheetPage, cursor });
    const rows = await fill(items);
    yield rows
      .map(({ learner, cells }) => formatCsvRow([learner.name, learner.id, ...cells]))
      .join('');
    cursor = next;
  } while (cursor !== undefined);
}
