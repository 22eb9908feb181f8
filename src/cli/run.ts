import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { compose, type Cairn } from '../compose/compose.ts';
import { parseSettings, type Settings } from '../config/settings.ts';
import { invalid } from '../shared/errors.ts';

/** The settings for one command. Logs stay out of the answer. */
export function openSettings(): Settings {
  // No copy of the environment: secrets are taken out of it.
  process.env.CAIRN_LOG_LEVEL ??= 'error';
  return parseSettings();
}

/** Opens Cairn as the settings say, for one command, and closes it whatever happens. */
export async function withCairn<T>(work: (cairn: Cairn) => Promise<T>): Promise<T> {
  const cairn = await compose(openSettings());
  try {
    return await work(cairn);
  } finally {
    await cairn[Symbol.asyncDispose]();
  }
}

/** @throws ServiceError when there is no such file */
export async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw invalid('import.no_file', `There is no file to read at ${path}.`);
  });
}

/** Prints for people, or as JSON with `--json`; `failed` makes the exit code 1. */
export function report(
  command: Command,
  answer: { value: unknown; text: string; failed?: boolean },
): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  process.stdout.write(
    json === true ? `${JSON.stringify(answer.value, null, 2)}\n` : `${answer.text}\n`,
  );
  if (answer.failed === true) process.exitCode = 1;
}

/** Rows in columns, as wide as their widest cell. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, i) => Math.max(widest[i] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
