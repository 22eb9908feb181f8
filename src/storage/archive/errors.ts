import { isDiskFull } from '../../shared/disk.ts';
import { ServiceError } from '../../shared/errors.ts';

const refused = (code: string, message: string, cause?: unknown) =>
  new ServiceError('unprocessable', `backup.${code}`, message, { cause });

export const damaged = (cause?: unknown) =>
  refused(
    'damaged',
    'This backup is damaged or not complete, so nothing of it was used. Take another copy of it.',
    cause,
  );

export const wrongPassphrase = () =>
  refused(
    'wrong_passphrase',
    'This passphrase does not open the backup. (Or the first lines of the file are damaged.)',
  );

export const notABackup = () =>
  refused('not_a_backup', 'This file is not a backup of Cairn, or its beginning is damaged.');

export const newerFormat = (format: number) =>
  refused(
    'newer_format',
    `This backup was made by a newer version of Cairn (format ${format}). Restore it with that version or a later one.`,
  );

export const noFile = (path: string) => refused('no_file', `There is no file to read at ${path}.`);

export const notAJournal = (path: string) =>
  refused(
    'not_a_journal',
    `No line of ${path} can be read as one of a journal of erased people. Nothing was changed.`,
  );

export const exists = (path: string) =>
  refused('exists', `${path} exists already. Choose another name, or replace it with --force.`);

export const notWritable = (path: string, cause: unknown) =>
  refused('not_writable', `The backup cannot be written to ${path}.`, cause);

/** Errors of the disk as a sentence; every other one as it is. */
export function explainDisk(error: unknown): unknown {
  if (!isDiskFull(error)) return error;
  return new ServiceError(
    'storage-full',
    'backup.no_room',
    'There is not enough room on the disk. Nothing was changed.',
    { cause: error },
  );
}
