import type { Command } from 'commander';
import { parseSettings } from '../config/settings.ts';
import { serve } from '../start.ts';

export function addServeCommands(program: Command): void {
  program
    .command('serve')
    .description('run the roles that CAIRN_ROLES names (both, unless it is set)')
    .action(() => serve(parseSettings()));
  program
    .command('worker')
    .description('run only the worker, which signs')
    .action(() => {
      // No copy of the environment: secrets are taken out of it.
      process.env.CAIRN_ROLES = 'worker';
      return serve(parseSettings());
    });
}
