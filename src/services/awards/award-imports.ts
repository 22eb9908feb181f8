import { setImmediate as pause } from 'node:timers/promises';
import { parseAwardSheet, type AwardRow, type RowIssue } from '../../domain/award-sheet.ts';
import type { Organization } from '../../domain/organizations.ts';
import { assertCan, type Actor } from '../../domain/roles.ts';
import { notFound, ServiceError } from '../../shared/errors.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import { createAwardPlanner, type PlannedRow } from './award-import-plan.ts';
import {
  createAwardWriter,
  type WrittenRow,
  type WriterDependencies,
} from './award-import-writer.ts';

/** So many rows are read and written together: few commands, and others get their turn in between. */
const chunkSize = 250;
/** A report tells what is wrong with so many rows; the others are only named. */
const maxExplained = 1_000;

export interface AwardImportOptions {
  /** Changes nothing, tells what would happen. */
  readonly dryRun?: boolean;
  /** Awards the good rows although others are not right. */
  readonly skipBad?: boolean;
  readonly onProgress?: (rows: { readonly done: number; readonly total: number }) => void;
}

export interface ReportedRow {
  readonly line: number;
  /** `ready`: would have been awarded, had all rows been right. */
  readonly outcome: 'awarded' | 'alreadyAwarded' | 'failed' | 'ready';
  readonly issuance?: string;
  readonly issues?: readonly RowIssue[];
}

export interface AwardImportReport {
  readonly dryRun: boolean;
  readonly total: number;
  /** In a dry run: how many would be. */
  readonly awarded: number;
  readonly alreadyAwarded: number;
  readonly failed: number;
  readonly rows: readonly ReportedRow[];
  /** Columns of the sheet that mean nothing here. */
  readonly notUsed: readonly string[];
}

interface Dependencies extends WriterDependencies {
  readonly organizations: OrganizationStore;
}

export type AwardImportService = ReturnType<typeof createAwardImportService>;

export function createAwardImportService(dependencies: Dependencies) {
  const { organizations, fault, now } = dependencies;
  const write = createAwardWriter(dependencies);

  return { importSheet };

  /**
   * Awards what a sheet says, one achievement to one learner in each row. All rows are judged before the first is
   * awarded. The same sheet again awards what is missing: nobody holds an achievement twice.
   * @throws ServiceError `award_import.bad_rows` with the report, when a row is not right: then nothing was awarded
   */
  async function importSheet(
    actor: Actor,
    text: string,
    { dryRun = false, skipBad = false, onProgress }: AwardImportOptions = {},
  ): Promise<AwardImportReport> {
    assertCan(actor, 'awards.create');
    const organization = await organizations.find(actor.organization);
    if (organization === undefined) throw notFound('organization');
    const { rows, notUsed } = parseAwardSheet(text);
    const total = dryRun ? rows.length : rows.length * 2;
    let done = 0;
    const tell = async (more: number) => {
      onProgress?.({ done: (done += more), total });
      await pause();
    };

    const planned = await judge({ actor, organization, rows }, tell);
    const bad = planned.filter(({ state }) => state === 'failed').length;
    if (dryRun) return report(planned.map(toReported), { dryRun, notUsed });
    if (bad > 0 && !skipBad) throw refuse(report(planned.map(toWaiting), { dryRun, notUsed }), bad);
    fault('import.judged');
    const reported: ReportedRow[] = [];
    for (const some of chunksOf(planned)) {
      reported.push(...(await write(actor, organization, some)).map(toReported));
      await tell(some.length);
    }
    return report(reported, { dryRun, notUsed });
  }

  async function judge(
    sheet: { actor: Actor; organization: Organization; rows: readonly AwardRow[] },
    tell: (more: number) => Promise<void>,
  ): Promise<readonly PlannedRow[]> {
    const { plan } = await createAwardPlanner(dependencies, { ...sheet, now: now() });
    const planned: PlannedRow[] = [];
    for (const some of chunksOf(sheet.rows)) {
      planned.push(...(await plan(some)));
      await tell(some.length);
    }
    return planned;
  }
}

function* chunksOf<T>(all: readonly T[]): Iterable<readonly T[]> {
  for (let start = 0; start < all.length; start += chunkSize)
    yield all.slice(start, start + chunkSize);
}

function toReported(row: PlannedRow | WrittenRow): ReportedRow {
  const { line } = row;
  if (row.state === 'failed') return { line, outcome: 'failed', issues: row.issues };
  if (row.state === 'ready') return { line, outcome: 'awarded' };
  const outcome = row.state === 'held' ? 'alreadyAwarded' : 'awarded';
  return { line, outcome, issuance: row.award.id };
}

function toWaiting(row: PlannedRow): ReportedRow {
  return row.state === 'ready' ? { line: row.line, outcome: 'ready' } : toReported(row);
}

function report(
  rows: readonly ReportedRow[],
  { dryRun, notUsed }: { dryRun: boolean; notUsed: readonly string[] },
): AwardImportReport {
  const count = (outcome: ReportedRow['outcome']) =>
    rows.filter((row) => row.outcome === outcome).length;
  let explained = 0;
  return {
    dryRun,
    total: rows.length,
    awarded: count('awarded'),
    alreadyAwarded: count('alreadyAwarded'),
    failed: count('failed'),
    rows: rows.map(({ issues, ...row }) => {
      if (issues === undefined || (explained += 1) > maxExplained) return row;
      return { ...row, issues };
    }),
    notUsed,
  };
}

function refuse(told: AwardImportReport, bad: number): ServiceError {
  return new ServiceError(
    'unprocessable',
    'award_import.bad_rows',
    `${bad} of ${told.total} rows are not right, so nothing was awarded. Correct them, or ask to skip them.`,
    { members: { ...told } },
  );
}
