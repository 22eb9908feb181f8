import { statusListRecords } from './0001-status-list-records.ts';
import { credentialStates } from './0002-credential-states.ts';
import { keyDrivers } from './0003-key-drivers.ts';
import { vocabularyByLanguage } from './0004-vocabulary-by-language.ts';
import type { Migration } from './migration.ts';

/** In order, without a gap; what was released is never changed. */
export const migrations: readonly Migration[] = [
  statusListRecords,
  credentialStates,
  keyDrivers,
  vocabularyByLanguage,
];
