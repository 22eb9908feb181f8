import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Settings } from '../config/settings.ts';
import { invalid } from '../shared/errors.ts';

const shortest = 12;

/**
 * The passphrase of a backup: from the settings, or asked on the terminal, where it is not shown.
 * @throws ServiceError `backup.no_passphrase`, `backup.short_passphrase`, `backup.passphrases_differ`
 */
export async function readPassphrase(
  { backupPassphrase }: Settings,
  { twice }: { twice: boolean },
): Promise<string> {
  if (backupPassphrase !== undefined) {
    return assertLong(
      'take' in backupPassphrase
        ? backupPassphrase.take()
        : (await readFile(backupPassphrase.path, 'utf8')).trim(),
    );
  }
  if (!process.stdin.isTTY) {
    throw invalid(
      'backup.no_passphrase',
      'A backup needs a passphrase: set CAIRN_BACKUP_PASSPHRASE or CAIRN_BACKUP_PASSPHRASE_FILE, or run this on a terminal.',
    );
  }
  const passphrase = assertLong(await ask('Passphrase of the backup: '));
  if (twice && (await ask('The same again: ')) !== passphrase) {
    throw invalid('backup.passphrases_differ', 'The two passphrases are not the same.');
  }
  return passphrase;
}

function assertLong(passphrase: string): string {
  if (passphrase.length >= shortest) return passphrase;
  throw invalid(
    'backup.short_passphrase',
    `The passphrase of a backup must have at least ${shortest} characters: whoever has the file may try as many as they like.`,
  );
}

/** Asks on standard error, and writes nothing of what is typed. */
async function ask(question: string): Promise<string> {
  const nowhere = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  process.stderr.write(question);
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
