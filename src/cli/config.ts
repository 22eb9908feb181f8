import type { Command } from 'commander';
import { describeSettings, parseSettings } from '../config/settings.ts';
import { formatTable, report } from './run.ts';

export function addConfigCommand(program: Command): void {
  program
    .command('config')
    .description('print every setting: what holds now, its default, what it means')
    .action((_options: unknown, command: Command) => {
      const rows = describeSettings(parseSettings());
      const text = formatTable([
        ['VARIABLE', 'NOW', 'DEFAULT', 'MEANING'],
        ...rows.map((row) => [row.variable, row.value, row.default, row.doc]),
      ]);
      report(command, { value: rows, text });
    });
}
