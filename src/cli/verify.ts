import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { composeVerification } from '../compose/verification.ts';
import { parseSettings } from '../config/settings.ts';
import { ServiceError } from '../shared/errors.ts';
import { formatTable, report } from './run.ts';

const marks = { pass: 'ok', fail: 'FAIL', warn: 'note', skip: '-' } as const;

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .argument('<file-or-url>', 'a credential: JSON, JWT, PNG or SVG, as a file or an https address')
    .description('check a credential of any issuer; needs no data folder')
    .action(async (source: string, _options: unknown, command: Command) => {
      const verification = composeVerification(parseSettings());
      const result = /^https?:\/\//.test(source)
        ? await verification.verifyUrl(source)
        : await verification.verify(await read(source));
      const rows = result.checks.map(({ id, outcome, title, detail }) => [
        marks[outcome],
        id,
        `${title}: ${detail}`,
      ]);
      report(command, {
        value: result,
        text: `${result.outcome.replaceAll('_', ' ').toUpperCase()}\n${formatTable(rows)}`,
        failed: !result.verified,
      });
    });
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new ServiceError('invalid', 'verify.no_file', `There is no file to read at ${path}.`, {
      cause,
    });
  }
}
