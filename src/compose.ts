import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from './config/settings.ts';
import { loadContexts } from './credentials/documents.ts';
import {
  loadOrCreateKeyFile,
  parseKeyEncryptionKey,
} from './credentials/keys/key-encryption-key.ts';
import { createKeyStore } from './credentials/keys/key-store.ts';
import { createLogger } from './observability/logger.ts';
import { createApiKeyService } from './services/api-keys.ts';
import { createAuditService } from './services/audit.ts';
import { createIdempotencyService } from './services/idempotency.ts';
import { createIssuerService } from './services/issuers.ts';
import { createOrganizationService } from './services/organizations.ts';
import { createPersonService } from './services/people.ts';
import { createSigningKeyService } from './services/signing-keys.ts';
import { systemClock, type Clock } from './shared/clock.ts';
import type { Log } from './shared/log.ts';
import { createUrls } from './shared/urls.ts';
import { openStorage, type Storage } from './storage/open.ts';

/** What a test may put in another's place. */
export interface Overrides {
  readonly now?: Clock;
  readonly log?: Log;
}

export type Cairn = Awaited<ReturnType<typeof compose>>;

/** Builds every dependency once, in order: the only place that names concrete drivers. */
export async function compose(settings: Settings, overrides: Overrides = {}) {
  const now = overrides.now ?? systemClock;
  const log = overrides.log ?? createLogger(settings.logLevel);
  const urls = createUrls(settings.url);
  const documents = loadContexts();
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  const kek =
    settings.keyEncryptionKey === undefined
      ? await loadOrCreateKeyFile(join(settings.dataDir, 'key-encryption-key'))
      : parseKeyEncryptionKey(settings.keyEncryptionKey);

  const storage = await openStorage({
    mongodbUri: settings.mongodbUri,
    dataDir: settings.dataDir,
    strict: settings.environment === 'test',
  });
  const stores = storage.stores;
  const keyStore = createKeyStore({ kek, keys: stores.signingKeys, clock: now });
  const services = composeServices({ stores, keyStore, urls, now });

  return {
    settings,
    log,
    urls,
    documents,
    storage,
    services,
    [Symbol.asyncDispose]: async () => {
      await storage.close();
    },
  };
}

function composeServices({
  stores,
  keyStore,
  urls,
  now,
}: {
  stores: Storage['stores'];
  keyStore: ReturnType<typeof createKeyStore>;
  urls: ReturnType<typeof createUrls>;
  now: Clock;
}) {
  const audit = createAuditService({ ...stores, now });
  const apiKeys = createApiKeyService({ ...stores, audit, now });
  const signingKeys = createSigningKeyService({ ...stores, keyStore, audit });
  return {
    audit,
    apiKeys,
    signingKeys,
    idempotency: createIdempotencyService({ ...stores, now }),
    issuers: createIssuerService({ ...stores, urls }),
    organizations: createOrganizationService({
      ...stores,
      apiKeys,
      audit,
      makeKeys: signingKeys.ensureKeys,
      now,
    }),
    people: createPersonService({ ...stores, audit, now }),
  };
}
