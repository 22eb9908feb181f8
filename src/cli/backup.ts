import type { Command } from 'commander';
import { checkBackup, makeBackup } from '../compose/backup.ts';
import { restoreBackup, type RestoreReport } from '../compose/restore.ts';
import type { Settings } from '../config/settings.ts';
import { readPassphrase } from './passphrase.ts';
import { isQuiet, startProgress, type Progress } from './progress.ts';
import { formatTable, openSettings, report } from './run.ts';

export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .argument('<file>', 'where to write it')
    .option('--verify', 'write nothing: read this backup to its end and compare every digest')
    .option('--force', 'replace the file when it is there')
    .option('--without-key', 'leave out the key encryption key that Cairn made in the data folder')
    .description('write everything into one encrypted file, while Cairn runs')
    .action(async (file: string, options: BackupFlags, command: Command) => {
      if (options.verify === true) await verify(file, command);
      else await backUp(file, options, command);
    });
  program
    .command('restore')
    .argument('<file>', 'a backup')
    .option('--check', 'change nothing: read this backup to its end and compare every digest')
    .option('--force', 'replace what is there')
    .option('--erasures <file...>', 'a journal of people who were erased after the backup')
    .option('--without-keys', 'go on when the signing keys do not open; rotate them afterwards')
    .description('make a backup the installation that the settings name; Cairn has to be stopped')
    .action(async (file: string, options: RestoreFlags, command: Command) => {
      if (options.check === true) await verify(file, command);
      else await restore(file, options, command);
    });
}

interface BackupFlags {
  readonly verify?: boolean;
  readonly force?: boolean;
  readonly withoutKey?: boolean;
}

interface RestoreFlags {
  readonly erasures?: readonly string[];
  readonly check?: boolean;
  readonly force?: boolean;
  readonly withoutKeys?: boolean;
}

type Manifest = Awaited<ReturnType<typeof checkBackup>>;

async function backUp(file: string, flags: BackupFlags, command: Command): Promise<void> {
  const settings = openSettings();
  const passphrase = await readPassphrase(settings, { twice: true });
  let bar: Progress | undefined;
  let files: Progress | undefined;
  const manifest = await makeBackup(
    settings,
    { file, passphrase, force: flags.force === true, withKey: flags.withoutKey !== true },
    {
      documents: (done, total) => {
        bar ??= startProgress('documents', total, { quiet: isQuiet(command) });
        bar.to(done);
      },
      files: (bytes) => {
        bar?.end();
        bar = undefined;
        files ??= startProgress('files', 0, { unit: 'bytes', quiet: isQuiet(command) });
        files.to(bytes);
      },
    },
  );
  bar?.end();
  files?.end();
  const text = [
    `${file}: everything as it was at ${manifest.madeAt}`,
    describe(manifest),
    tellOfKey(manifest, settings),
  ].join('\n');
  report(command, { value: { file, ...manifest }, text, failed: isDamaged(manifest) });
}

async function verify(file: string, command: Command): Promise<void> {
  const settings = openSettings();
  const passphrase = await readPassphrase(settings, { twice: false });
  const bar = startProgress('reading', 0, { unit: 'bytes', quiet: isQuiet(command) });
  const manifest = await checkBackup(file, passphrase, bar.to);
  bar.end();
  const text = [`${file} is whole: everything as it was at ${manifest.madeAt}`, describe(manifest)];
  const failed = isDamaged(manifest);
  report(command, { value: { file, ...manifest }, text: text.join('\n'), failed });
}

async function restore(file: string, flags: RestoreFlags, command: Command): Promise<void> {
  const settings = openSettings();
  const passphrase = await readPassphrase(settings, { twice: false });
  let bar: Progress | undefined;
  const options = {
    file,
    passphrase,
    force: flags.force === true,
    withoutKeys: flags.withoutKeys === true,
    erasures: flags.erasures ?? [],
  };
  const restored = await restoreBackup(settings, options, (done, total) => {
    bar ??= startProgress('restoring', total, { unit: 'bytes', quiet: isQuiet(command) });
    bar.to(done);
  });
  bar?.end();
  const { manifest, keysOpen, unreadable, problems } = restored;
  const failed = isDamaged(manifest) || !keysOpen || unreadable > 0 || problems.length > 0;
  report(command, { value: restored, text: describeRestored(restored), failed });
}

/** What was done is done, but somebody has to look. */
const isDamaged = ({ files }: Manifest) => files.damaged.length > 0;

function describe({ collections, files, checkpoints, organizations }: Manifest): string {
  const documents = Object.values(collections).reduce((sum, tally) => sum + tally.documents, 0);
  const rows = [
    ['organizations', String(organizations.length)],
    ['credentials', String(collections.credentials?.documents ?? 0)],
    ['documents', `${documents} in ${Object.keys(collections).length} collections`],
    ['files', `${files.count} (${(files.bytes / 1_000_000).toFixed(1)} MB)`],
    ...checkpoints.map(({ organization, size, root }) => [
      'issuance log',
      `${size} entries, root ${root ?? 'unknown: the log has a gap'} (${organization})`,
    ]),
    ...files.damaged.map((id) => ['WRONG', `file ${id} was missing or damaged already`]),
  ];
  return formatTable(rows.map(([what = '', detail = '']) => [`  ${what}`, detail]));
}

function tellOfKey({ keyEncryptionKey }: Manifest, { keyDriver }: Settings): string {
  if (keyEncryptionKey) {
    return 'The key encryption key is inside: whoever has this file and its passphrase can sign in your name. Keep the two apart.';
  }
  return keyDriver === 'transit'
    ? 'Signing keys are in your signing service: back it up, too.'
    : 'The key encryption key is NOT inside: keep it, too. Without it nothing can be signed after a restore.';
}

function describeRestored(restored: RestoreReport): string {
  const { manifest, statusLists, lettersWaiting, keysOpen, erased, unreadable, problems } =
    restored;
  return [
    `Restored: everything as it was at ${manifest.madeAt}`,
    describe(manifest),
    keysOpen
      ? 'Every active signing key opens and signs.'
      : 'WRONG: the signing keys do not open. Run: cairn keys rotate',
    `${erased} people were erased again, because a journal says that they were erased after the backup.`,
    ...(unreadable === 0
      ? []
      : [
          `WRONG: ${unreadable} ${unreadable === 1 ? 'line' : 'lines'} of the journals cannot be read, so whoever is named there may be back.`,
        ]),
    ...problems.map((problem) => `WRONG: ${problem}`),
    'What happened after that time is not in it. Do again what you know of: approvals, revocations and suspensions, keys that were rotated or compromised.',
    `A badge that was revoked after that time counts as valid until you revoke it again (${statusLists} status lists have a new version, and new badges go on new lists).`,
    `Letters about weeks that are over by now are kept and not mailed, for they may have been mailed since the backup, in which ${lettersWaiting} waited. The next week's go out. Who stopped letters after the backup has to be noted again.`,
  ].join('\n');
}
