import type { Command } from 'commander';
import { report, withCairn } from './run.ts';

export function addAuditCommands(program: Command): void {
  const audit = program
    .command('audit')
    .description('the chain of decisions, the log of credentials');
  audit
    .command('verify')
    .description('walk every organization’s chain and issuance log; a gap or a change shows')
    .action(async (_options: unknown, command: Command) => {
      const { chains, logs } = await withCairn(async ({ services }) => ({
        chains: await services.audit.verify(),
        logs: await services.issuanceLog.verify(),
      }));
      const reports = [
        ...chains.map((chain) => ({ what: 'events', count: chain.events, ...chain })),
        ...logs.map((log) => ({ what: 'log entries', count: log.entries, ...log })),
      ].map(({ organization, what, count, fault }) => ({ organization, what, count, fault }));
      const lines = reports.map(({ organization, what, count, fault }) =>
        fault === undefined
          ? `ok      ${organization}  ${count} ${what}`
          : `BROKEN  ${organization}  after ${count} ${what}: ${fault}`,
      );
      const failed = reports.some(({ fault }) => fault !== undefined);
      report(command, {
        value: reports,
        text: lines.join('\n') || 'nothing to verify yet',
        failed,
      });
    });
}
