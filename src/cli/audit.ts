import type { Command } from 'commander';
import { report, withCairn } from './run.ts';

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the chain of decisions');
  audit
    .command('verify')
    .description('walk every organization’s chain; a gap or a change shows')
    .action(async (_options: unknown, command: Command) => {
      const reports = await withCairn(({ services }) => services.audit.verify());
      const lines = reports.map(({ organization, events, fault }) =>
        fault === undefined
          ? `ok      ${organization}  ${events} events`
          : `BROKEN  ${organization}  after ${events} events: ${fault}`,
      );
      const failed = reports.some(({ fault }) => fault !== undefined);
      report(command, {
        value: reports,
        text: lines.join('\n') || 'nothing to verify yet',
        failed,
      });
    });
}
