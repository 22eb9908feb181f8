import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { createAchievementVersionStore } from './achievement-versions.ts';
import { createAchievementStore } from './achievements.ts';
import { unusable } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { createApiKeyStore } from './api-keys.ts';
import { createAuditEventStore } from './audit-events.ts';
import { createAwardStore } from './awards.ts';
import { openBlobStore } from './blobs.ts';
import { buildIndexes, connectStore, type StoreCommand } from './connect.ts';
import { createContextStore } from './contexts.ts';
import { createCredentialStore } from './credentials.ts';
import { startEmbedded, type EmbeddedStore } from './embedded/embedded.ts';
import { createFrameworkSourceStore } from './framework-sources.ts';
import { createFrameworkStore } from './frameworks.ts';
import { createFileStore } from './files.ts';
import { createIdempotencyKeyStore } from './idempotency-keys.ts';
import { createInvariantStore } from './invariants.ts';
import { createIssuanceLogStore } from './issuance-log.ts';
import { createIssuanceStore } from './issuances.ts';
import { databaseName } from './mongodb/address.ts';
import { explainStart } from './mongodb/start-errors.ts';
import { createOrganizationStore } from './organizations.ts';
import { createPersonStore } from './people.ts';
import { createSigningKeyStore } from './signing-keys.ts';
import { createStandardStore } from './standards.ts';
import { createStatusListStore } from './status-lists.ts';
import { createSubmissionStore } from './submissions.ts';
import { isUnfinished, unfinished } from './transfer/marker.ts';
import { isHalfSwitched } from './transfer/staging.ts';

export interface StorageOptions {
  readonly mongodbUri?: string | undefined;
  readonly dataDir: string;
  /** A query that no index serves is an error: for tests. */
  readonly strict: boolean;
  readonly log: Log;
  readonly onCommand?: (command: StoreCommand) => void;
  /** Opens what a restore has not finished: for the restore. */
  readonly unfinished?: boolean | undefined;
}

export type Storage = Awaited<ReturnType<typeof openStorage>>;

/** Every collection, on MongoDB when an address is given, else on the embedded store in the data folder. */
export async function openStorage(options: StorageOptions) {
  const { mongodbUri, dataDir } = options;
  if (isHalfSwitched(dataDir)) throw unfinished();
  const blobs = await openBlobStore(join(dataDir, 'blobs'));
  const embedded = mongodbUri === undefined ? await openEmbedded(options) : undefined;
  const isEmbedded = embedded !== undefined;
  const connection = await connectStore(mongodbUri ?? embedded?.uri ?? '', options.onCommand);
  const close = async () => {
    await connection.close();
    await embedded?.close();
  };
  const stores = createStores(connection);
  try {
    if (!isEmbedded && options.unfinished !== true && (await isUnfinished(connection))) {
      throw unfinished();
    }
    await buildIndexes(connection);
  } catch (error) {
    await close();
    throw isEmbedded
      ? unusable(`The store in ${dataDir} cannot be used`, error)
      : explainStart(error);
  }

  return {
    engine: embedded === undefined ? ('mongodb' as const) : ('embedded' as const),
    stores,
    blobs,
    ping: async () => connection.db?.command({ ping: 1 }),
    /** What time it is for the server of the store. */
    time: async () => (await connection.db?.command({ hello: 1 }))?.localTime as Date,
    /** What is out of step inside the embedded store; MongoDB looks after itself. */
    verify: async (): Promise<readonly string[]> => {
      if (embedded === undefined) return [];
      const answer = await connection.db?.command({ cairnVerifyStore: 1 });
      return (answer?.problems ?? []) as readonly string[];
    },
    close,
  };
}

async function openEmbedded({ dataDir, strict, log }: StorageOptions): Promise<EmbeddedStore> {
  const file = join(dataDir, 'store.db');
  const onWarning = (warning: string) => {
    log.warn({ store: 'embedded' }, warning);
  };
  try {
    return await startEmbedded({ file, database: databaseName, strict, onWarning });
  } catch (error) {
    throw unusable(`The store in ${file} cannot be opened`, error);
  }
}

export function createStores(connection: Connection) {
  return {
    achievements: createAchievementStore(connection),
    achievementVersions: createAchievementVersionStore(connection),
    apiKeys: createApiKeyStore(connection),
    auditEvents: createAuditEventStore(connection),
    awards: createAwardStore(connection),
    contexts: createContextStore(connection),
    credentials: createCredentialStore(connection),
    frameworkSources: createFrameworkSourceStore(connection),
    frameworks: createFrameworkStore(connection),
    files: createFileStore(connection),
    idempotencyKeys: createIdempotencyKeyStore(connection),
    issuanceLog: createIssuanceLogStore(connection),
    issuances: createIssuanceStore(connection),
    organizations: createOrganizationStore(connection),
    people: createPersonStore(connection),
    signingKeys: createSigningKeyStore(connection),
    standards: createStandardStore(connection),
    statusLists: createStatusListStore(connection),
    submissions: createSubmissionStore(connection),
    // Last: it reads through the models of the others.
    invariants: createInvariantStore(connection),
  };
}
