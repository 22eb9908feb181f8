import { formatCsvRow } from '../../domain/csv.ts';
import type { Person } from '../../domain/people.ts';
import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import type { RollUpRule } from '../../domain/roll-ups.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { CatalogueEntry } from './catalogue.ts';
import {
  createColumns,
  type ColumnDependencies,
  type MatrixRow,
  type StandardsRow,
} from './columns.ts';
import type { AlignedStandard } from './facts.ts';
import { createRoster, type Roster, type RosterDependencies } from './roster.ts';

export interface MatrixQuery {
  readonly class?: string | undefined;
  /** Of the framework's levels. */
  readonly level?: number | undefined;
}

export interface Matrix extends Page<MatrixRow> {
  readonly achievements: readonly CatalogueEntry[];
}

export interface StandardsMatrix extends Page<StandardsRow> {
  readonly rollUp: RollUpRule;
  readonly standards: readonly AlignedStandard[];
}

type Dependencies = ColumnDependencies & RosterDependencies;

/** So many learners are in memory at once, however long the sheet is. */
const sheetPage = 50;

export type MatrixService = ReturnType<typeof createMatrixService>;

/** Learners by achievements, and learners by standards, of one framework: pages, and whole sheets. */
export function createMatrixService(dependencies: Dependencies) {
  const { loadAchievements, loadStandards } = createColumns(dependencies);
  const roster = createRoster(dependencies);

  return { page, standardsPage, sheet, standardsSheet };

  async function page(
    actor: Actor,
    framework: string,
    query: MatrixQuery,
    at: PageRequest,
  ): Promise<Matrix> {
    const { scope, learners } = await open(actor, query);
    const columns = await loadAchievements(scope, framework, query.level);
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
    const { achievements, fill } = await loadAchievements(scope, framework, query.level);
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
}

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
