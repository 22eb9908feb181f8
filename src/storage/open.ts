import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { createAchievementVersionStore } from './achievement-versions.ts';
import { createAchievementStore } from './achievements.ts';
import { isDiskFull, storeFull } from '../shared/disk.ts';
import { createApiKeyStore } from './api-keys.ts';
import { createArtStore } from './art.ts';
import { createAuditEventStore } from './audit-events.ts';
import { createAwardStore } from './awards.ts';
import { createBlobNameStore } from './blob-names.ts';
import { openBlobStore } from './blobs.ts';
import { buildIndexes } from './connect.ts';
import { createCompositionStore } from './compositions.ts';
import { createClassStore } from './classes.ts';
import { createCalibrationStore } from './calibrations.ts';
import { createConsentStore } from './consents.ts';
import { createContextStore } from './contexts.ts';
import { createCourseStore } from './courses.ts';
import { createCredentialStore } from './credentials.ts';
import { createEstimateOverrideStore } from './estimate-overrides.ts';
import { createDigestStore } from './digests.ts';
import { isInUse } from './embedded/snapshot.ts';
import { createErasureStore } from './erasures.ts';
import { createFrameworkSourceStore } from './framework-sources.ts';
import { createFrameworkStore } from './frameworks.ts';
import { createFileStore } from './files.ts';
import { createGraduateProfileStore } from './graduate-profiles.ts';
import { createIdempotencyKeyStore } from './idempotency-keys.ts';
import { createInvariantStore } from './invariants.ts';
import { createIssuanceLogStore } from './issuance-log.ts';
import { createIssuanceStore } from './issuances.ts';
import { createLevelAwardStore } from './level-awards.ts';
import { createLevelRuleStore } from './level-rules.ts';
import { createLearningStore } from './learning.ts';
import { assertStarts, migrateAtStart, migrateFile } from './migrations/at-start.ts';
import { createLevelWaitStore } from './level-waits.ts';
import { createLockStore, readStoreTime } from './locks.ts';
import { migrations } from './migrations/migrations.ts';
import {
  createMigrator,
  type MigrateOptions,
  type MigrationStep,
  type Migrator,
} from './migrations/migrator.ts';
import { openDocuments, type Documents, type DocumentsOptions } from './open-documents.ts';
import { createJobRunStore } from './job-runs.ts';
import { createLetterLinkStore } from './letter-links.ts';
import { createMentorOfferStore } from './mentor-offers.ts';
import { createMentorshipStore } from './mentorships.ts';
import { createNormingStore } from './norming.ts';
import { createOrganizationStore } from './organizations.ts';
import { createPathwayStore } from './pathways.ts';
import { createPersonStore } from './people.ts';
import { createProposalStore } from './proposals.ts';
import { createReportStore } from './reports.ts';
import { createSigningKeyStore } from './signing-keys.ts';
import { createStandardStore } from './standards.ts';
import { createStatusListStore } from './status-lists.ts';
import { createSubmissionStore } from './submissions.ts';
import { createSupportFlagStore } from './support-flags.ts';
import { isHalfSwitched, isUnfinished, unfinished } from './transfer/marker.ts';
import { announcePresence } from './transfer/presence.ts';
import { inUse, storeFile } from './transfer/place.ts';
import { databaseOf } from './transfer/source.ts';

export interface StorageOptions extends DocumentsOptions {
  /** Opens what a restore has not finished: for the restore. */
  readonly unfinished?: boolean | undefined;
}

export type Storage = Awaited<ReturnType<typeof openStorage>>;

/** Every collection, on MongoDB when an address is given, else on the embedded store in the data folder. */
export async function openStorage(options: StorageOptions) {
  const { dataDir } = options;
  if (isHalfSwitched(dataDir)) throw unfinished();
  const blobs = await openBlobStore(join(dataDir, 'blobs')).catch((error: unknown) => {
    throw isDiskFull(error) ? storeFull(error) : error;
  });
  const documents = await openDocuments(options);
  const { connection, engine, close } = documents;
  const stores = createStores(connection);
  try {
    await prepare(documents, options);
  } catch (error) {
    await close();
    throw documents.explain(error);
  }

  return {
    engine,
    stores,
    blobs,
    ping: async () => connection.db?.command({ ping: 1 }),
    /** What time it is for the server of the store. */
    time: () => readStoreTime(databaseOf(connection)),
    /**
     * Says that a process is at work here, until the answer is called. A file of the embedded store says so by itself.
     * @throws ServiceError `store.restore_unfinished`
     */
    announce: async (): Promise<() => Promise<void>> => {
      if (engine === 'embedded') return () => Promise.resolve();
      const leave = await announcePresence(databaseOf(connection));
      // A restore that had begun before this was said did not see it.
      if (!(await isUnfinished(connection))) return leave;
      await leave();
      throw unfinished();
    },
    /** What is out of step inside the embedded store; MongoDB looks after itself. */
    verify: async (): Promise<readonly string[]> => {
      if (engine === 'mongodb') return [];
      const answer = await connection.db?.command({ cairnVerifyStore: 1 });
      return (answer?.problems ?? []) as readonly string[];
    },
    /** Leaves nothing of deleted documents in the embedded store's files; MongoDB reuses the room in time. */
    scrub: async () => {
      if (engine === 'embedded') await connection.db?.command({ cairnScrubStore: 1 });
    },
    close,
  };
}

/** The schema as this version knows it. */
async function prepare(
  { connection, file }: Documents,
  { unfinished: isRestore, log }: StorageOptions,
): Promise<void> {
  const isWhole = file !== undefined || isRestore === true || !(await isUnfinished(connection));
  if (!isWhole) throw unfinished();
  const migrator = createOwnMigrator(connection);
  // Nobody else is at work on it.
  if (isRestore === true) await migrator.migrate();
  await migrateAtStart(migrator, { db: databaseOf(connection), file, log });
  await buildIndexes(connection);
}

function createOwnMigrator(connection: Connection): Migrator {
  return createMigrator({ db: databaseOf(connection), migrations, now: () => new Date() });
}

/**
 * For `cairn migrate`: the store as it is, whatever it was written by.
 * @throws ServiceError `store.restore_unfinished`
 */
export async function openMigrations(options: StorageOptions) {
  const { dataDir, mongodbUri } = options;
  if (isHalfSwitched(dataDir)) throw unfinished();
  // Before it is open here.
  const isRunning = mongodbUri === undefined && (await isInUse(storeFile(dataDir)));
  const { connection, file, close, explain } = await openDocuments(options);
  if (file === undefined && (await isUnfinished(connection))) {
    await close();
    throw unfinished();
  }
  const migrator = createOwnMigrator(connection);
  const db = databaseOf(connection);
  const explained = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw explain(error);
    }
  };
  return {
    list: () => explained(migrator.list()),
    plan: (to?: number) => explained(migrator.plan(to)),
    /** Whether a start would do by itself what is to be done. */
    assertStarts: async (steps: readonly MigrationStep[]) => {
      if (file === undefined) await explained(assertStarts(steps, db));
    },
    migrate: async (wanted: MigrateOptions) => {
      if (isRunning && (await explained(migrator.plan(wanted.to))).length > 0) throw inUse(dataDir);
      return explained(
        file === undefined ? migrator.migrate(wanted) : migrateFile(migrator, { db, file }, wanted),
      );
    },
    /** Only of the newest schema: an older one has others. */
    buildIndexes: () => {
      createStores(connection);
      return explained(buildIndexes(connection));
    },
    close,
  };
}

export function createStores(connection: Connection) {
  return {
    achievements: createAchievementStore(connection),
    achievementVersions: createAchievementVersionStore(connection),
    apiKeys: createApiKeyStore(connection),
    art: createArtStore(connection),
    auditEvents: createAuditEventStore(connection),
    awards: createAwardStore(connection),
    compositions: createCompositionStore(connection),
    classes: createClassStore(connection),
    calibrations: createCalibrationStore(connection),
    consents: createConsentStore(connection),
    contexts: createContextStore(connection),
    courses: createCourseStore(connection),
    credentials: createCredentialStore(connection),
    digests: createDigestStore(connection),
    erasures: createErasureStore(connection),
    estimateOverrides: createEstimateOverrideStore(connection),
    frameworkSources: createFrameworkSourceStore(connection),
    frameworks: createFrameworkStore(connection),
    files: createFileStore(connection),
    graduateProfiles: createGraduateProfileStore(connection),
    idempotencyKeys: createIdempotencyKeyStore(connection),
    issuanceLog: createIssuanceLogStore(connection),
    issuances: createIssuanceStore(connection),
    levelAwards: createLevelAwardStore(connection),
    levelRules: createLevelRuleStore(connection),
    jobRuns: createJobRunStore(connection),
    letterLinks: createLetterLinkStore(connection),
    locks: createLockStore(connection),
    mentorOffers: createMentorOfferStore(connection),
    mentorships: createMentorshipStore(connection),
    norming: createNormingStore(connection),
    levelWaits: createLevelWaitStore(connection),
    organizations: createOrganizationStore(connection),
    pathways: createPathwayStore(connection),
    people: createPersonStore(connection),
    proposals: createProposalStore(connection),
    signingKeys: createSigningKeyStore(connection),
    standards: createStandardStore(connection),
    statusLists: createStatusListStore(connection),
    submissions: createSubmissionStore(connection),
    supportFlags: createSupportFlagStore(connection),
    // Last: they read through the models of the others.
    learning: createLearningStore(connection),
    reports: createReportStore(connection),
    invariants: createInvariantStore(connection),
    blobNames: createBlobNameStore(connection),
  };
}
