import type { Command } from 'commander';
import type { AwardImportOptions, AwardImportReport } from '../services/awards/award-imports.ts';
import { ServiceError } from '../shared/errors.ts';
import { isQuiet, startProgress, type Progress } from './progress.ts';
import { formatTable, readText, report, withCairn } from './run.ts';

interface Options {
  readonly dryRun?: boolean;
  readonly skipBad?: boolean;
  readonly organization?: string;
}

/** A terminal is read by people: the whole list is one `--json` away. */
const maxShown = 50;

export function addAwardCommand(program: Command): void {
  program
    .command('award')
    .argument('<csv>', 'a sheet: learner, achievement, narrative, evidence url, criterion: …')
    .option('--dry-run', 'change nothing, tell what would happen')
    .option('--skip-bad', 'award the good rows although others are not right')
    .option('--organization <id>', 'which school, when there is more than one')
    .description('award what a sheet says; the same sheet again awards what is missing')
    .action(async (source: string, options: Options, command: Command) => {
      const { organization, ...rest } = options;
      const text = await readText(source);
      let bar: Progress | undefined;
      const onProgress = ({ done, total }: { done: number; total: number }) => {
        bar ??= startProgress('awards', total, { quiet: isQuiet(command) });
        bar.to(done);
      };
      const result = await withCairn(async ({ services }) =>
        importSheet(services, { text, organization }, { ...rest, onProgress }),
      ).finally(() => bar?.end());
      const failed = result.failed > 0;
      report(command, { value: result, text: describe(result), failed });
    });
}

type Services = Parameters<Parameters<typeof withCairn>[0]>[0]['services'];

/** What was refused because of bad rows is a report like any other. */
async function importSheet(
  { organizations, awardImports }: Services,
  { text, organization }: { text: string; organization: string | undefined },
  options: AwardImportOptions,
): Promise<AwardImportReport> {
  const operator = await organizations.operator(organization);
  try {
    return await awardImports.importSheet(operator, text, options);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'award_import.bad_rows') throw error;
    return error.members as unknown as AwardImportReport;
  }
}

function describe(result: AwardImportReport): string {
  const { dryRun, total, awarded, alreadyAwarded, failed, rows, notUsed } = result;
  const wrong = rows.flatMap(({ line, issues = [] }) =>
    issues.map(({ column = '', message }) => [String(line), column, message]),
  );
  const shown = wrong.slice(0, maxShown);
  const waiting = rows.filter(({ outcome }) => outcome === 'ready').length;
  return [
    ...(shown.length === 0
      ? []
      : [formatTable([['LINE', 'COLUMN', 'WHAT IS WRONG'], ...shown]), '']),
    ...(wrong.length > shown.length ? [`… and ${wrong.length - shown.length} more (--json)`] : []),
    ...(notUsed.length === 0 ? [] : [`Columns that were not used: ${notUsed.join(', ')}`]),
    `${total} rows: ${awarded} ${dryRun ? 'would be awarded' : 'awarded'}, ${alreadyAwarded} held already, ${failed} not right`,
    ...(waiting === 0
      ? []
      : ['Nothing was awarded. Correct the rows above, or leave them out with --skip-bad.']),
  ].join('\n');
}
