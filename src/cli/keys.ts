import { Option, type Command } from 'commander';
import type { SigningKeyService } from '../services/credentials/signing-keys.ts';
import { invalid } from '../shared/errors.ts';
import { formatTable, report, withCairn } from './run.ts';

export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('signing keys');
  keys
    .command('list')
    .description('every signing key: kind, state, since when')
    .action(async (_options: unknown, command: Command) => {
      reportKeys(command, await withCairn(({ services }) => services.signingKeys.listAll()));
    });
  keys
    .command('rotate')
    .description('new keys for what is signed from now on; the old ones go on verifying')
    .addOption(new Option('--kind <kind>', 'only this kind').choices(kinds))
    .option('--organization <id>', 'which school, when there is more than one')
    .action(async (options: Place & { kind?: Kind }, command: Command) => {
      const made = await withCairn(async ({ services: { organizations, signingKeys } }) => {
        const operator = await organizations.operator(options.organization);
        return signingKeys.rotate(operator, options.kind && [options.kind]);
      });
      reportKeys(command, made);
    });
  keys
    .command('compromise <key>')
    .description('somebody else may have this key: it signs nothing more')
    // One key in sixty begins with a dash, and is no option.
    .allowUnknownOption()
    .helpOption('--help')
    .requiredOption('--at <time>', 'since when, for example 2026-11-22T09:00:00Z')
    .requiredOption('--reason <text>', 'what happened, for the audit chain')
    .option('--organization <id>', 'which school, when there is more than one')
    .action(async (key: string, options: Place & Report, command: Command) => {
      const at = parseTime(options.at);
      const marked = await withCairn(async ({ services: { organizations, signingKeys } }) => {
        const operator = await organizations.operator(options.organization);
        return signingKeys.compromise(operator, key, { at, reason: options.reason });
      });
      reportKeys(command, [marked]);
    });
}

type Kind = NonNullable<Parameters<SigningKeyService['rotate']>[1]>[number];
type SigningKey = Awaited<ReturnType<SigningKeyService['listAll']>>[number];

const kinds: readonly Kind[] = ['Ed25519', 'RS256'];

interface Place {
  readonly organization?: string;
}

interface Report {
  readonly at: string;
  readonly reason: string;
}

/** With its zone: a time that means another moment on another server is worth nothing as evidence. */
function parseTime(text: string): Date {
  const isWhole = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*(Z|[+-]\d{2}:\d{2})$/.test(text);
  if (isWhole && !Number.isNaN(Date.parse(text))) return new Date(text);
  throw invalid('key.bad_time', 'Say the time like this: 2026-11-22T09:00:00Z');
}

/** Everything about keys but what they are made of. */
function reportKeys(command: Command, found: readonly SigningKey[]): void {
  const rows = found.map(({ id, organization, kind, driver, state, createdAt, compromisedAt }) => ({
    id,
    organization,
    kind,
    driver,
    state,
    createdAt,
    ...(compromisedAt && { compromisedAt }),
  }));
  const text = formatTable([
    ['KEY', 'KIND', 'DRIVER', 'STATE', 'SINCE', 'ORGANIZATION'],
    ...rows.map((row) => [
      row.id,
      row.kind,
      row.driver,
      row.state,
      row.createdAt.toISOString(),
      row.organization,
    ]),
  ]);
  report(command, { value: rows, text });
}
