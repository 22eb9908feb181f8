import type { Command } from 'commander';
import { compose, type Cairn } from '../compose/compose.ts';
import { openMigrationsOf } from '../compose/migrate.ts';
import { parseSettings, type Settings } from '../config/settings.ts';
import { ServiceError } from '../shared/errors.ts';
import { examine } from './doctor/examine.ts';
import { look, type Finding, type Note } from './doctor/finding.ts';
import { checkEnvironment, checkFolder, checkNode } from './doctor/surroundings.ts';
import { examineInvariants, parseSample } from './invariants.ts';
import { formatTable, report, withCairn } from './run.ts';

interface Options {
  readonly invariants?: true;
  readonly removeLeftovers?: true;
  readonly sample?: number;
}

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at everything that Cairn needs and say what is wrong in a sentence')
    .option('--invariants', 'read the whole store instead: does everything in it fit together')
    .option('--remove-leftovers', 'delete files older than a day that belong to no record')
    .option('--sample <n>', 'with --invariants: verify so many of the credentials', parseSample)
    .action(async (options: Options, command: Command) => {
      if (options.removeLeftovers === true) {
        await removeLeftovers(command);
        return;
      }
      if (options.invariants === true) {
        await examineInvariants(command, options.sample);
        return;
      }
      const findings = await examineAll();
      const text = formatTable(
        findings.map(({ ok, note, what, detail }) => [
          note === true ? 'note' : ok ? 'ok' : 'WRONG',
          what,
          detail,
        ]),
      );
      report(command, { value: findings, text, failed: findings.some(({ ok }) => !ok) });
    });
}

async function removeLeftovers(command: Command): Promise<void> {
  const removed = await withCairn(({ services }) => services.leftovers.remove());
  const bytes = removed.reduce((sum, { size }) => sum + size, 0);
  const text = [
    ...removed.map(({ id }) => `removed ${id}`),
    `${removed.length} files, ${bytes} bytes`,
  ];
  report(command, {
    value: { removed: removed.map(({ id }) => id), bytes },
    text: text.join('\n'),
  });
}

/** From the outside in, as far as one gets: what cannot be opened is said, and what needs it is left out. */
async function examineAll(): Promise<readonly Finding[]> {
  const node = await look('Node.js', () => checkNode());
  process.env.CAIRN_LOG_LEVEL ??= 'silent';
  let settings: Settings;
  try {
    settings = parseSettings();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const detail = error.issues.map(({ path, message }) => `${path} ${message}`).join('; ');
    return [node, { what: 'settings', ok: false, detail }];
  }
  const around = [
    node,
    await look('settings', () => checkEnvironment(settings)),
    await look('data folder', () => checkFolder(settings.dataDir)),
  ];
  if (around.some(({ what, ok }) => what === 'data folder' && !ok)) return around;
  const schema = await look('schema', () => checkSchema(settings));
  if (!schema.ok || schema.note === true) return [...around, schema];
  return [...around, schema, ...(await examineOpened(settings))];
}

/** Before anything else opens the store: that would bring it up to date, and a doctor only looks. */
async function checkSchema(settings: Settings): Promise<string | Note> {
  const migrations = await openMigrationsOf(settings);
  try {
    const coming = await migrations.plan();
    if (coming.length === 0) return 'is that of this version';
    await migrations.assertStarts(coming);
    const names = coming.map(({ migration }) => migration.name).join(', ');
    return {
      note: `the next start, or cairn migrate, changes the store (${names}); the rest can be looked at after that`,
    };
  } finally {
    await migrations.close();
  }
}

async function examineOpened(settings: Settings): Promise<readonly Finding[]> {
  let cairn: Cairn | undefined;
  const start = await look('start', async () => {
    cairn = await compose(settings);
    return `the store (${cairn.storage.engine}) and the thread that signs could be opened`;
  });
  if (cairn === undefined) return [start];
  try {
    return [start, ...(await examine(cairn))];
  } finally {
    await cairn[Symbol.asyncDispose]();
  }
}
