import type { Command } from 'commander';
import { formatTable, report, withCairn } from './run.ts';

export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('signing keys');
  keys
    .command('list')
    .description('every signing key: kind, state, since when')
    .action(async (_options: unknown, command: Command) => {
      const found = await withCairn(({ services }) => services.signingKeys.listAll());
      const rows = found.map(({ id, organization, kind, state, createdAt }) => ({
        id,
        organization,
        kind,
        state,
        createdAt,
      }));
      const text = formatTable([
        ['KEY', 'KIND', 'STATE', 'SINCE', 'ORGANIZATION'],
        ...rows.map((row) => [
          row.id,
          row.kind,
          row.state,
          row.createdAt.toISOString(),
          row.organization,
        ]),
      ]);
      report(command, { value: rows, text });
    });
}
