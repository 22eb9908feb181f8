import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { createApiKeyStore } from './api-keys.ts';
import { createAuditEventStore } from './audit-events.ts';
import { createAwardStore } from './awards.ts';
import { buildIndexes, connectStore } from './connect.ts';
import { createCredentialStore } from './credentials.ts';
import { startEmbedded } from './embedded/embedded.ts';
import { createIdempotencyKeyStore } from './idempotency-keys.ts';
import { createIssuanceStore } from './issuances.ts';
import { createOrganizationStore } from './organizations.ts';
import { createPersonStore } from './people.ts';
import { createSigningKeyStore } from './signing-keys.ts';
import { createStatusListStore } from './status-lists.ts';

export interface StorageOptions {
  readonly mongodbUri?: string | undefined;
  readonly dataDir: string;
  /** A query that no index serves is an error: for tests. */
  readonly strict: boolean;
}

export type Storage = Awaited<ReturnType<typeof openStorage>>;

/** Every collection, on MongoDB when an address is given, else on the embedded store in the data folder. */
export async function openStorage({ mongodbUri, dataDir, strict }: StorageOptions) {
  const embedded =
    mongodbUri === undefined
      ? await startEmbedded({ file: join(dataDir, 'store.db'), strict })
      : undefined;
  const connection = await connectStore(mongodbUri ?? embedded?.uri ?? '');
  const stores = createStores(connection);
  await buildIndexes(connection);

  return {
    engine: embedded === undefined ? ('mongodb' as const) : ('embedded' as const),
    stores,
    ping: async () => connection.db?.command({ ping: 1 }),
    close: async () => {
      await connection.close();
      await embedded?.close();
    },
  };
}

function createStores(connection: Connection) {
  return {
    apiKeys: createApiKeyStore(connection),
    auditEvents: createAuditEventStore(connection),
    awards: createAwardStore(connection),
    credentials: createCredentialStore(connection),
    idempotencyKeys: createIdempotencyKeyStore(connection),
    issuances: createIssuanceStore(connection),
    organizations: createOrganizationStore(connection),
    people: createPersonStore(connection),
    signingKeys: createSigningKeyStore(connection),
    statusLists: createStatusListStore(connection),
  };
}
