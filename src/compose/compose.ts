import { randomInt } from 'node:crypto';
import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { loadContexts } from '../credentials/documents.ts';
import { createKeyStore } from '../credentials/keys/key-store.ts';
import { type SignerThread } from '../credentials/keys/signer-thread.ts';
import { createVerifyEngine } from '../credentials/verify/engine/engine.ts';
import { createLogger } from '../observability/logger.ts';
import { createMetrics, type Metrics } from '../observability/metrics.ts';
import { createDispatcher } from '../issuance/dispatcher.ts';
import { createClockGuard } from '../shared/clock-guard.ts';
import { systemClock, type Clock } from '../shared/clock.ts';
import { unusable } from '../shared/errors.ts';
import { createFaults, createRandom, type Fault } from '../shared/faults.ts';
import type { Log } from '../shared/log.ts';
import { stopAll } from '../shared/stop-all.ts';
import { createUrls } from '../shared/urls.ts';
import { createErasureLog } from '../storage/erasure-log.ts';
import { openStorage } from '../storage/open.ts';
import { observeEngine, observeSigner, watchStock } from './observed.ts';
import { openOutgoing } from './mail.ts';
import { createBell, openQueue } from './queue.ts';
import { composeServices } from './services.ts';
import { startSigner } from './signer.ts';

/** What a test may put in another's place, and what a restore needs. */
export interface Overrides {
  readonly now?: Clock;
  readonly log?: Log;
  readonly storeTime?: () => Promise<Date>;
  /** Opens what a restore has not finished. */
  readonly unfinished?: boolean;
  /** How long a mail server may be silent. */
  readonly mailMs?: number;
}

export type Cairn = Awaited<ReturnType<typeof compose>>;

/** Builds every dependency once, in order: the only place that names concrete drivers. */
export async function compose(settings: Settings, overrides: Overrides = {}) {
  const now = overrides.now ?? systemClock;
  const metrics = createMetrics();
  const log = metrics.countEvents(overrides.log ?? createLogger(settings.logLevel));
  const urls = createUrls(settings.url);
  await openDataDir(settings.dataDir);
  // First of all threads, so that no other is given the secrets with its environment.
  const signer = startSigner(settings, log);
  const { unfinished, storeTime } = overrides;
  const storage = await openWithSigner(settings, signer, { log, metrics, unfinished });
  const queue = openQueue(settings, log);
  const keyStore = createKeyStore({
    driver: observeSigner(signer, metrics),
    keys: storage.stores.signingKeys,
    clock: now,
  });
  const engine = observeEngine(createVerifyEngine({ log }), metrics);
  const base = {
    ...storage.stores,
    blobs: storage.blobs,
    erasureLog: openErasureLog(settings),
    scrub: storage.scrub,
    settings,
    documents: loadContexts(),
    engine,
    urls,
    outgoing: openOutgoing(settings, overrides.mailMs),
    assertClock: createClockGuard(storeTime ?? storage.time),
    fault: startFaults(settings, log),
    log,
    now,
  };
  const services = composeServices({ ...base, keyStore, ...createBell(settings, queue) });
  const dispatcher = createDispatcher({
    issuances: storage.stores.issuances,
    queue,
    settle: listSettlers(services),
    log,
    now,
  });
  const { issuances, letterSender } = services;
  watchStock({ queue, issuances, letterSender, settings, now }, metrics);
  const users = [dispatcher, services.levelWork, services.letterSender, queue, engine, signer];

  return {
    settings,
    log,
    metrics,
    urls,
    storage,
    queue,
    dispatcher,
    services,
    [Symbol.asyncDispose]: () =>
      stopAll([...users.map((user) => () => user[Symbol.asyncDispose]()), storage.close]),
  };
}

/** Whatever a crash may have left half done. */
function listSettlers(services: ReturnType<typeof composeServices>) {
  return {
    reviews: services.reviews.settleDue,
    statuses: services.credentialStatus.settleDue,
    erasures: services.erasures.settleDue,
    consents: services.consents.settleDue,
    jobs: services.jobs.settleDue,
    levels: services.levelWork.start,
    letters: services.letterSender.start,
  };
}

function openErasureLog({ erasureLog, dataDir }: Settings) {
  return createErasureLog(erasureLog ?? join(dataDir, 'erasures.jsonl'));
}

/** For the tests that let processes die; the seed is said, so that a run can be done again. */
function startFaults({ faults, faultSeed }: Settings, log: Log): Fault {
  const seed = faultSeed ?? randomInt(2 ** 32);
  if (faults.length > 0) log.warn({ seed }, 'FAULT is set: this process dies on purpose');
  return createFaults(faults, createRandom(seed));
}

/** Both take a moment, so they start together; when one fails the other is closed. */
async function openWithSigner(
  settings: Settings,
  signer: SignerThread,
  { log, metrics, unfinished }: { log: Log; metrics: Metrics; unfinished: boolean | undefined },
) {
  const opened = signer.opened();
  opened.catch(() => undefined);
  try {
    const storage = await openStorage({
      mongodbUri: settings.mongodbUri,
      dataDir: settings.dataDir,
      strict: settings.environment === 'test',
      log,
      onCommand: metrics.storeCommand,
      unfinished,
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
