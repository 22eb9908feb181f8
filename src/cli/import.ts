import type { Command } from 'commander';
import type { ImportReport } from '../services/frameworks/framework-imports.ts';
import { readText, report, withCairn } from './run.ts';

interface Options {
  readonly title?: string;
  readonly framework?: string;
  readonly dryRun?: boolean;
  readonly organization?: string;
}

export function addImportCommands(program: Command): void {
  const importing = program.command('import').description('bring in what exists already');
  importing
    .command('standards')
    .argument('<file-or-url>', 'a CASE package (JSON) or a sheet of standards (CSV)')
    .option('--title <title>', 'title of the framework, for a sheet')
    .option('--framework <id>', 'update this framework')
    .option('--dry-run', 'change nothing, tell what would happen')
    .option('--organization <id>', 'which school, when there is more than one')
    .description('import standards; importing the same again changes nothing')
    .action(async (source: string, options: Options, command: Command) => {
      const { organization, ...rest } = options;
      const document = await readDocument(source);
      const result = await withCairn(async ({ services }) =>
        services.frameworkImports.importDocument(
          await services.organizations.operator(organization),
          document,
          rest,
        ),
      );
      report(command, { value: result, text: describe(result) });
    });
}

async function readDocument(source: string): Promise<{ contentType: string; text: string }> {
  if (/^https?:\/\//.test(source)) {
    return { contentType: 'application/json', text: JSON.stringify({ url: source }) };
  }
  const text = await readText(source);
  return {
    contentType: source.toLowerCase().endsWith('.csv') ? 'text/csv' : 'application/json',
    text,
  };
}

function describe({
  framework,
  created,
  updated,
  retired,
  unchanged,
  warnings,
}: ImportReport): string {
  return [
    `${framework.title}: ${created} new, ${updated} changed, ${retired} retired, ${unchanged} unchanged`,
    ...warnings.map(({ path, message }) => `  note: ${path} ${message}`),
  ].join('\n');
}
