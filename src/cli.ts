#!/usr/bin/env node
import { Command } from 'commander';
import { addApiKeyCommands } from './cli/api-key.ts';
import { addAwardCommand } from './cli/award.ts';
import { addAuditCommands } from './cli/audit.ts';
import { addBackupCommands } from './cli/backup.ts';
import { addConfigCommand } from './cli/config.ts';
import { addContextCommands } from './cli/contexts.ts';
import { addDoctorCommand } from './cli/doctor.ts';
import { addErasureCommands } from './cli/erasures.ts';
import { addImportCommands } from './cli/import.ts';
import { addKeyCommands } from './cli/keys.ts';
import { addMigrateCommand } from './cli/migrate.ts';
import { addServeCommands } from './cli/serve.ts';
import { addStoreCommands } from './cli/store.ts';
import { addVerifyCommand } from './cli/verify.ts';
import { formatRefusal, ServiceError } from './shared/errors.ts';
import { version } from './shared/version.ts';

const program = new Command('cairn')
  .description('Open Badges 3.0 for schools that teach for mastery')
  .version(version)
  .option('--json', 'answer for machines')
  .showHelpAfterError();

for (const add of [
  addServeCommands,
  addVerifyCommand,
  addImportCommands,
  addAwardCommand,
  addKeyCommands,
  addApiKeyCommands,
  addAuditCommands,
  addErasureCommands,
  addContextCommands,
  addBackupCommands,
  addMigrateCommand,
  addStoreCommands,
  addConfigCommand,
  addDoctorCommand,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof ServiceError)) throw error;
  process.stderr.write(`${formatRefusal(error)}\n`);
  process.exitCode = 1;
}
