import type { Priority } from '../domain/awards.ts';
import type { Settings } from '../config/settings.ts';
import { type DocumentLoader } from '../credentials/documents.ts';
import { type KeyStore } from '../credentials/keys/key-store.ts';
import { type VerifyEngine } from '../credentials/verify/engine/engine.ts';
import type { IssuanceQueue } from '../issuance/queue.ts';
import { createAchievementImageService } from '../services/achievements/achievement-images.ts';
import { createAchievementService } from '../services/achievements/achievements.ts';
import { createApiKeyService } from '../services/school/api-keys.ts';
import { createAuditService, type AuditService } from '../services/audit.ts';
import { createAwardImportService } from '../services/awards/award-imports.ts';
import { createAwardService } from '../services/awards/awards.ts';
import { createBadgeService } from '../services/credentials/badges.ts';
import { createConsentCheck } from '../services/school/consent-check.ts';
import { createContextService, type ContextService } from '../services/verification/contexts.ts';
import {
  createCredentialService,
  type CredentialService,
} from '../services/credentials/credentials.ts';
import { createCredentialStatusService } from '../services/credentials/credential-status.ts';
import { createDidResolver } from '../services/verification/did-resolver.ts';
import { createFindDigest } from '../services/verification/evidence-digests.ts';
import { createErasureService } from '../services/erasure/erasures.ts';
import { createFileService } from '../services/submissions/files.ts';
import { createFrameworkImportService } from '../services/frameworks/framework-imports.ts';
import { createFrameworkService } from '../services/frameworks/frameworks.ts';
import { createIdempotencyService } from '../services/idempotency.ts';
import { createInvariantService } from '../services/invariants/invariants.ts';
import { createIssuanceLogService } from '../services/credentials/issuance-log.ts';
import { createIssuanceService } from '../services/awards/issuances.ts';
import { createLevelRetirements } from '../services/levels/level-retirements.ts';
import { createIssuerService } from '../services/credentials/issuers.ts';
import type { Outgoing } from '../services/letters/letter-sender.ts';
import { createLeftoverService } from '../services/erasure/leftovers.ts';
import { createOrganizationService } from '../services/school/organizations.ts';
import { createPersonService } from '../services/school/people.ts';
import { createPublicAchievementService } from '../services/achievements/public-achievements.ts';
import { createPublicSchoolService } from '../services/school/public-schools.ts';
import { createPublicStandardService } from '../services/frameworks/public-standards.ts';
import {
  createRegistryService,
  type RegistryService,
} from '../services/verification/registries.ts';
import { createReviewQueue } from '../services/submissions/review-queue.ts';
import { createReviewService } from '../services/submissions/reviews.ts';
import {
  createSigningKeyService,
  type SigningKeyService,
} from '../services/credentials/signing-keys.ts';
import { createSignedStatusService } from '../services/credentials/signed-status.ts';
import { createStatusListService } from '../services/credentials/status-lists.ts';
import { createSubmissionService } from '../services/submissions/submissions.ts';
import { createVcApiService } from '../services/credentials/vc-api.ts';
import {
  createFindIssuer,
  createFindOwn,
  createVerificationService,
} from '../services/verification/verification.ts';
import { type Clock } from '../shared/clock.ts';
import type { ClockGuard } from '../shared/clock-guard.ts';
import type { Fault } from '../shared/faults.ts';
import { createFetchCache } from '../shared/fetch-cache.ts';
import type { Log } from '../shared/log.ts';
import { createSafeFetch, type SafeFetch } from '../shared/safe-fetch.ts';
import { type Urls } from '../shared/urls.ts';
import { composeHelp } from './help.ts';
import { composeBossGate, composeLevels } from './levels.ts';
import type { ErasureLog } from '../storage/erasure-log.ts';
import { type Storage } from '../storage/open.ts';
import { composeCurriculum } from './curriculum.ts';
import { composeProgress } from './progress.ts';

type Base = Storage['stores'] & {
  readonly blobs: Storage['blobs'];
  readonly scrub: Storage['scrub'];
  readonly erasureLog: ErasureLog;
  readonly settings: Settings;
  readonly documents: DocumentLoader;
  readonly engine: VerifyEngine;
  readonly keyStore: KeyStore;
  readonly urls: Urls;
  readonly wake: IssuanceQueue['add'];
  /** For those of one import, and levels. */
  readonly wakeMany: (awards: readonly string[], priority?: Priority) => Promise<void>;
  readonly outgoing: Outgoing | undefined;
  readonly assertClock: ClockGuard;
  readonly fault: Fault;
  readonly log: Log;
  readonly now: Clock;
};

export function composeServices(base: Base) {
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
  const evidence = composeEvidence({
    ...{ ...base, audit, keys: signingKeys },
    ...{ fetch, registries, vocabularies },
  });
  const curriculum = composeCurriculum({ ...base, audit, versions: evidence.achievements });
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
    ...evidence,
    ...composeProgress({ ...base, audit, art: curriculum.art }),
    ...curriculum,
  };
}

type EvidenceBase = Base & {
  readonly audit: AuditService;
  readonly keys: SigningKeyService;
  readonly fetch: SafeFetch;
  readonly registries: RegistryService;
  readonly vocabularies: ContextService;
};

function composeVerification(
  base: Omit<EvidenceBase, 'fetch' | 'issuanceLog' | 'statusLists'> & {
    readonly fetch: ReturnType<typeof createFetchCache>;
    readonly issuers: ReturnType<typeof createIssuerService>;
    readonly statusLists: ReturnType<typeof createStatusListService>;
    readonly issuanceLog: ReturnType<typeof createIssuanceLogService>;
    readonly visible: CredentialService;
  },
) {
  return createVerificationService({
    ...base,
    findOwn: createFindOwn({ ...base, credentials: base.visible }),
    findLogged: base.issuanceLog.findTime,
    findIssuer: createFindIssuer(base),
    findContext: base.vocabularies.findContext,
    findDigest: createFindDigest(base),
  });
}

/** From achievements to verified credentials. */
function composeEvidence(base: EvidenceBase) {
  const { maxFileMegabytes } = base.settings;
  const files = createFileService({ ...base, maxFileMegabytes });
  const images = createAchievementImageService({ ...base, files });
  const levelRetirements = createLevelRetirements(base);
  const achievements = createAchievementService({ ...base, images, levelRetirements });
  const bossGate = composeBossGate(base);
  const statusLists = createStatusListService(base);
  const issuers = createIssuerService(base);
  const issuanceLog = createIssuanceLogService(base);
  const awarding = { ...base, versions: achievements, statusLists, bossGate };
  const awards = createAwardService(awarding);
  const awardImports = createAwardImportService({ ...awarding, achievements });
  const consentCheck = createConsentCheck(base);
  const credentials = createCredentialService({ ...base, consentCheck });
  const credentialStatus = createCredentialStatusService({ ...base, visible: credentials });
  const rated = { ...base, versions: achievements, credentialStatus };
  const levels = composeLevels({ ...rated, statusLists, levelRetirements });
  const help = composeHelp({ ...rated, levelRules: levels.levelRules, credentials, consentCheck });
  const lookUp = createFetchCache(base.fetch);
  const verification = composeVerification({
    ...{ ...base, fetch: lookUp },
    ...{ visible: credentials, issuers, statusLists, issuanceLog },
  });
  const resolver = createDidResolver({ ...base, fetch: lookUp, issuers });
  const signedStatus = createSignedStatusService({ ...base, lists: statusLists, credentialStatus });
  const leftovers = createLeftoverService(base);
  const vcApiParts = { issuanceLog, credentials, credentialStatus, signedStatus };
  return {
    files,
    images,
    achievements,
    ...levels,
    ...help,
    statusLists,
    issuers,
    issuanceLog,
    awards,
    awardImports,
    submissions: createSubmissionService({ ...awarding, hasLiveAward: awards.hasLive }),
    reviewQueue: createReviewQueue({ ...base, versions: achievements }),
    reviews: createReviewService({
      ...base,
      versions: achievements,
      requestAward: awards.request,
      sample: help.calibration.sample,
    }),
    ...composePublic(base, { achievements, images, issuers, levelRules: levels.levelRules }),
    issuances: createIssuanceService({ ...base, issuanceLog }),
    credentials,
    credentialStatus,
    erasures: createErasureService({ ...base, credentialStatus }),
    badges: createBadgeService({ versions: achievements, images }),
    verification,
    leftovers,
    invariants: createInvariantService({ ...base, issuanceLog, verification, leftovers }),
    resolver,
    vcApi: createVcApiService({ ...base, ...vcApiParts, verification, resolver }),
  };
}

type PublicParts = Pick<Parameters<typeof createPublicSchoolService>[0], 'levelRules'> &
  Pick<Parameters<typeof createPublicAchievementService>[0], 'achievements' | 'images' | 'issuers'>;

/** What strangers may know of a school. */
function composePublic(base: Base, { levelRules, ...parts }: PublicParts) {
  return {
    publicAchievements: createPublicAchievementService({ ...base, ...parts }),
    publicSchools: createPublicSchoolService({ ...base, levelRules }),
    publicStandards: createPublicStandardService(base),
  };
}
