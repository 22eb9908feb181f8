import type { Settings } from '../config/settings.ts';
import { createLogger } from '../observability/logger.ts';
import { openMigrations } from '../storage/open.ts';

export type Migrations = Awaited<ReturnType<typeof openMigrationsOf>>;

/** The store that the settings name, as it is: nothing of it is read in the way of this version. */
export function openMigrationsOf({ mongodbUri, dataDir, logLevel }: Settings) {
  return openMigrations({ mongodbUri, dataDir, strict: false, log: createLogger(logLevel) });
}
