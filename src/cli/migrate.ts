import type { Command } from 'commander';
import { openMigrationsOf, type Migrations } from '../compose/migrate.ts';
import { parseSettings } from '../config/settings.ts';
import { invalid } from '../shared/errors.ts';
import { isQuiet, startProgress, type Progress } from './progress.ts';
import { formatTable, report } from './run.ts';

interface Flags {
  readonly to?: number;
  readonly status?: boolean;
  readonly dryRun?: boolean;
}

type Step = Awaited<ReturnType<Migrations['plan']>>[number];

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the store up to date, or back to what an older version understands')
    .option(
      '--to <number>',
      'the last change that is to be in force; 0 takes all back',
      parseNumber,
    )
    .option('--status', 'change nothing: say which changes are in force')
    .option('--dry-run', 'change nothing: say what would be done')
    .action(async (flags: Flags, command: Command) => {
      process.env.CAIRN_LOG_LEVEL ??= 'error';
      const opened = await openMigrationsOf(parseSettings());
      try {
        await (flags.status === true
          ? showStatus(opened, command)
          : migrate(opened, flags, command));
      } finally {
        await opened.close();
      }
    });
}

async function showStatus(opened: Migrations, command: Command): Promise<void> {
  const states = await opened.list();
  const text = formatTable([
    ['CHANGE', 'NAME', 'STATE', 'SINCE'],
    ...states.map(({ number, name, state, at }) => [
      String(number),
      name,
      state,
      at?.toISOString() ?? '',
    ]),
  ]);
  report(command, { value: states, text });
}

async function migrate(opened: Migrations, flags: Flags, command: Command): Promise<void> {
  const steps =
    flags.dryRun === true ? await opened.plan(flags.to) : await run(opened, flags.to, command);
  const value = steps.map(({ migration: { number, name }, direction }) => ({
    number,
    name,
    direction,
  }));
  const verb = flags.dryRun === true ? 'would be done' : 'done';
  const text =
    value.length === 0
      ? 'The store is up to date.'
      : value
          .map(({ number, name, direction }) => `${number} ${name} ${direction}: ${verb}`)
          .join('\n');
  report(command, { value, text });
}

async function run(
  opened: Migrations,
  to: number | undefined,
  command: Command,
): Promise<readonly Step[]> {
  let current: Step['migration'] | undefined;
  let bar: Progress | undefined;
  const steps = await opened.migrate({
    to,
    onProgress: ({ migration, direction }, done, total) => {
      if (current !== migration) {
        bar?.end();
        bar = startProgress(`${migration.name} ${direction}`, total, { quiet: isQuiet(command) });
      }
      current = migration;
      bar?.to(done);
    },
  });
  bar?.end();
  if ((await opened.list()).every(({ state }) => state === 'done')) await opened.buildIndexes();
  return steps;
}

function parseNumber(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw invalid('store.no_such_migration', 'Say the number of a change, for example 2.');
}
