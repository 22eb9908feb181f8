import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApartSecret, Settings } from './config/settings.ts';
import { loadContexts, type DocumentLoader } from './credentials/documents.ts';
import { createKeyStore, type KeyStore } from './credentials/keys/key-store.ts';
import type { SecretSource } from './credentials/keys/secret-source.ts';
import { createSignerThread, type SignerThread } from './credentials/keys/signer-thread.ts';
import { createVerifyEngine, type VerifyEngine } from './credentials/verify/engine/engine.ts';
import { createLogger } from './observability/logger.ts';
import { createDispatcher } from './issuance/dispatcher.ts';
import { createEmbeddedQueue } from './issuance/embedded-queue.ts';
import type { IssuanceQueue } from './issuance/queue.ts';
import { createAchievementImageService } from './services/achievement-images.ts';
import { createAchievementService } from './services/achievements.ts';
import { createApiKeyService } from './services/api-keys.ts';
import { createAuditService, type AuditService } from './services/audit.ts';
import { createAwardService } from './services/awards.ts';
import { createBadgeService } from './services/badges.ts';
import { createContextService, type ContextService } from './services/contexts.ts';
import { createCredentialService } from './services/credentials.ts';
import { createCredentialStatusService } from './services/credential-status.ts';
import { createDidResolver } from './services/did-resolver.ts';
import { createFindDigest } from './services/evidence-digests.ts';
import { createFileService } from './services/files.ts';
import { createFrameworkImportService } from './services/framework-imports.ts';
import { createFrameworkService } from './services/frameworks.ts';
import { createIdempotencyService } from './services/idempotency.ts';
import { createIssuanceLogService } from './services/issuance-log.ts';
import { createIssuanceService } from './services/issuances.ts';
import { createIssuerService } from './services/issuers.ts';
import { createOrganizationService } from './services/organizations.ts';
import { createPersonService } from './services/people.ts';
import { createPublicAchievementService } from './services/public-achievements.ts';
import { createPublicStandardService } from './services/public-standards.ts';
import { createRegistryService, type RegistryService } from './services/registries.ts';
import { createReviewQueue } from './services/review-queue.ts';
import { createReviewService } from './services/reviews.ts';
import { createSigningKeyService, type SigningKeyService } from './services/signing-keys.ts';
import { createSignedStatusService } from './services/signed-status.ts';
import { createStatusListService } from './services/status-lists.ts';
import { createSubmissionService } from './services/submissions.ts';
import { createVcApiService } from './services/vc-api.ts';
import {
  createFindIssuer,
  createFindOwn,
  createVerificationService,
} from './services/verification.ts';
import { systemClock, type Clock } from './shared/clock.ts';
import { unusable } from './shared/errors.ts';
import { createFetchCache } from './shared/fetch-cache.ts';
import type { Log } from './shared/log.ts';
import { createSafeFetch, type SafeFetch } from './shared/safe-fetch.ts';
import { createUrls, type Urls } from './shared/urls.ts';
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
  await openDataDir(settings.dataDir);
  // First of all threads, so that no other is given the secrets with its environment.
  const signer = startSigner(settings, log);
  const storage = await openWithSigner(settings, signer, log);
  const queue = createEmbeddedQueue({ log });
  const keyStore = createKeyStore({
    driver: signer,
    keys: storage.stores.signingKeys,
    clock: now,
  });
  const engine = createVerifyEngine({ log });
  const base = {
    ...storage.stores,
    blobs: storage.blobs,
    settings,
    documents,
    engine,
    urls,
    log,
    now,
  };
  const services = composeServices({ ...base, keyStore, wake: (award) => queue.add(award) });
  const dispatcher = createDispatcher({
    issuances: storage.stores.issuances,
    queue,
    settleDue: async () => {
      await services.reviews.settleDue();
      await services.credentialStatus.settleDue();
    },
    log,
    now,
  });

  return {
    settings,
    log,
    urls,
    storage,
    queue,
    dispatcher,
    services,
    [Symbol.asyncDispose]: async () => {
      await dispatcher[Symbol.asyncDispose]();
      await queue[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await signer[Symbol.asyncDispose]();
      await storage.close();
    },
  };
}

/** The thread that holds what private keys are locked with. From here on this one has none of it. */
function startSigner(settings: Settings, log: Log): SignerThread {
  const { keyDriver: driver, keyEncryptionKey, transitUrl, transitToken } = settings;
  const ownFile = join(settings.dataDir, 'key-encryption-key');
  const transit = transitUrl !== undefined &&
    transitToken !== undefined && {
      url: transitUrl,
      mount: settings.transitMount,
      namespace: settings.transitNamespace,
      token: handOver(transitToken),
    };
  return createSignerThread(
    {
      driver,
      kek: keyEncryptionKey ? handOver(keyEncryptionKey) : { ownFile, create: driver === 'file' },
      ...(transit && { transit }),
    },
    {
      onLost: (willRestart) => {
        const next = willRestart ? 'It is started again.' : 'Start Cairn again.';
        log.error({}, `The thread that signs has ended. ${next}`);
      },
    },
  );
}

function handOver(secret: ApartSecret): SecretSource {
  return 'take' in secret ? { text: secret.take() } : secret;
}

/** Both take a moment, so they start together; when one fails the other is closed. */
async function openWithSigner(settings: Settings, signer: SignerThread, log: Log) {
  const opened = signer.opened();
  opened.catch(() => undefined);
  try {
    const storage = await openStorage({
      mongodbUri: settings.mongodbUri,
      dataDir: settings.dataDir,
      strict: settings.environment === 'test',
      log,
    });
    await opened.catch(async (error: unknown) => {
      await storage.close();
      throw error;
    });
    return storage;
  } catch (error) {
    await signer[Symbol.asyncDispose]();
    throw error;
  }
}

async function openDataDir(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw unusable('The data folder cannot be used (CAIRN_DATA_DIR names it)', error);
  }
}

/** Verification without a store, for the command line of somebody who only wants to check a badge. */
export function composeVerification(settings: Settings) {
  const fetch = createSafeFetch({ allow: settings.fetchAllow });
  const log = createLogger('error');
  const registries = createRegistryService({
    sources: settings.registries,
    fetch,
    log,
    now: systemClock,
  });
  return createVerificationService({
    engine: createVerifyEngine(),
    fetch,
    findIssuer: async (id) => ({ own: false, ...(await registries.find(id)) }),
    now: systemClock,
  });
}

type Base = Storage['stores'] & {
  readonly blobs: Storage['blobs'];
  readonly settings: Settings;
  readonly documents: DocumentLoader;
  readonly engine: VerifyEngine;
  readonly keyStore: KeyStore;
  readonly urls: Urls;
  readonly wake: IssuanceQueue['add'];
  readonly log: Log;
  readonly now: Clock;
};

function composeServices(base: Base) {
  const audit = createAuditService(base);
  const apiKeys = createApiKeyService({ ...base, audit });
  const signingKeys = createSigningKeyService({ ...base, audit });
  const organizations = createOrganizationService({
    ...base,
    apiKeys,
    audit,
    makeKeys: signingKeys.ensureKeys,
  });
  const fetch = createSafeFetch({ allow: base.settings.fetchAllow });
  const registries = createRegistryService({ ...base, sources: base.settings.registries, fetch });
  const vocabularies = createContextService({ ...base, audit });
  return {
    audit,
    apiKeys,
    signingKeys,
    organizations,
    registries,
    contexts: vocabularies,
    people: createPersonService({ ...base, audit }),
    idempotency: createIdempotencyService(base),
    frameworks: createFrameworkService({ ...base, audit }),
    frameworkImports: createFrameworkImportService({ ...base, audit, safeFetch: fetch }),
    ...composeEvidence({ ...base, audit, keys: signingKeys, fetch, registries, vocabularies }),
  };
}

type EvidenceBase = Base & {
  readonly audit: AuditService;
  readonly keys: SigningKeyService;
  readonly fetch: SafeFetch;
  readonly registries: RegistryService;
  readonly vocabularies: ContextService;
};

/** From achievements to verified credentials. */
function composeEvidence(base: EvidenceBase) {
  const { maxFileMegabytes } = base.settings;
  const files = createFileService({ ...base, maxFileMegabytes });
  const images = createAchievementImageService({ ...base, files });
  const achievements = createAchievementService({ ...base, images });
  const statusLists = createStatusListService(base);
  const issuers = createIssuerService(base);
  const issuanceLog = createIssuanceLogService(base);
  const awards = createAwardService({ ...base, versions: achievements, statusLists });
  const credentials = createCredentialService(base);
  const credentialStatus = createCredentialStatusService({ ...base, visible: credentials });
  const lookUp = createFetchCache(base.fetch);
  const verification = createVerificationService({
    ...base,
    fetch: lookUp,
    findOwn: createFindOwn({ ...base, issuers, statusLists }),
    findLogged: issuanceLog.findTime,
    findIssuer: createFindIssuer({ ...base, issuers }),
    findContext: base.vocabularies.findContext,
    findDigest: createFindDigest(base),
  });
  const resolver = createDidResolver({ ...base, fetch: lookUp, issuers });
  const signedStatus = createSignedStatusService({ ...base, lists: statusLists, credentialStatus });
  const vcApiParts = { issuanceLog, credentials, credentialStatus, signedStatus };
  return {
    files,
    images,
    achievements,
    statusLists,
    issuers,
    issuanceLog,
    awards,
    submissions: createSubmissionService({
      ...base,
      versions: achievements,
      hasLiveAward: awards.hasLive,
    }),
    reviewQueue: createReviewQueue({ ...base, versions: achievements }),
    reviews: createReviewService({ ...base, versions: achievements, requestAward: awards.request }),
    publicAchievements: createPublicAchievementService({ ...base, achievements, images, issuers }),
    publicStandards: createPublicStandardService(base),
    issuances: createIssuanceService({ ...base, issuanceLog }),
    credentials,
    credentialStatus,
    badges: createBadgeService({ versions: achievements, images }),
    verification,
    resolver,
    vcApi: createVcApiService({ ...base, ...vcApiParts, verification, resolver }),
  };
}
