import express from 'express';
import { createApp } from './app.ts';
import { compose, type Cairn } from './compose/compose.ts';
import type { Settings } from './config/settings.ts';
import { serveOn } from './http-server.ts';
import { createHealth, type Health } from './observability/health.ts';
import { ServiceError } from './shared/errors.ts';
import { stopAll } from './shared/stop-all.ts';

const drainMs = 10_000;
const lingerMs = 1_000;
/** How often the outbox is read: the longest that an approval waits when nobody rang, or nobody can. */
const sweepMs = { rung: 1_000, alone: 250 };

type Stop = () => Promise<void>;

/** Starts the roles that the settings ask for and stops them on SIGTERM or Ctrl-C. */
export async function serve(settings: Settings): Promise<void> {
  const cairn = await compose(settings);
  const stop = await start(cairn).catch(async (error: unknown) => {
    await cairn[Symbol.asyncDispose]();
    throw error;
  });
  const shutDown = async (signal: string) => {
    cairn.log.info({ event: 'process.stopping', signal }, 'stopping');
    try {
      await stopAll([stop, () => cairn[Symbol.asyncDispose]()]);
      cairn.log.info({ event: 'process.stopped', signal }, 'stopped');
    } catch (error) {
      cairn.log.error({ event: 'process.not-stopped', signal, error }, 'something did not stop');
      process.exitCode = 1;
    }
    // Everything is stopped; a library that still waits for a Redis that is away keeps nobody.
    setTimeout(() => process.exit(), lingerMs).unref();
  };
  // Ctrl-C after SIGTERM asks for what is under way.
  let stopping: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.once(signal, () => void (stopping ??= shutDown(signal)));
  }
}

/**
 * First start, then the roles. The answer stops what was started: first no new work, then the rest is finished. What
 * fails leaves nothing started but what `cairn` itself stops.
 */
export async function start(cairn: Cairn): Promise<Stop> {
  const { settings, services, log } = cairn;
  const setupLink = await firstStart(cairn);
  await services.signingKeys.selfTest().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    log.error({ event: 'keys.unusable' }, `Nothing can be signed: ${reason}`);
  });
  const queueReady = createQueueCheck(cairn);
  await queueReady().catch((error: unknown) => {
    // A Redis that is away may come back, and approvals go on without it; a wrong setting stays wrong.
    if (!(error instanceof ServiceError) || error.kind !== 'unavailable') throw error;
  });
  // Connected before the first approval wants to ring.
  void cairn.queue.depth().catch(() => undefined);
  const health = createHealth({
    store: cairn.storage.ping,
    queue: queueReady,
    keys: services.signingKeys.selfTest,
  });
  const leave = await cairn.storage.announce();
  const stops: Stop[] = [];
  const stop = async () => {
    health.stop();
    await stopAll([...stops.splice(0), leave]);
  };
  try {
    await startRoles(cairn, { health, setupLink, stops });
  } catch (error) {
    await stop();
    throw error;
  }
  const { engine } = cairn.storage;
  const { url: address, roles } = settings;
  log.info({ event: 'process.ready', address, store: engine, roles }, 'Cairn is ready');
  if (process.stdout.isTTY) process.stdout.write(`\nCairn is ready: ${settings.url}\n`);
  return stop;
}

interface Starting {
  readonly health: Health;
  readonly setupLink: string | undefined;
  /** Gets what stops each that was started, in the order in which they are to stop. */
  readonly stops: Stop[];
}

async function startRoles(cairn: Cairn, { health, setupLink, stops }: Starting): Promise<void> {
  const { settings } = cairn;
  if (settings.roles.includes('worker')) {
    cairn.queue.process(cairn.services.issuances.process);
    const canBeRung = settings.redisUrl !== undefined || settings.roles.includes('web');
    cairn.dispatcher.start(canBeRung ? sweepMs.rung : sweepMs.alone);
  }
  if (settings.roles.includes('web')) {
    const { port, host, stopNotice } = settings;
    const place = { port, host, variables: 'PORT and HOST' };
    stops.push(
      await serveOn(createApp(cairn, health), place, { noticeMs: stopNotice * 1_000, drainMs }),
    );
    if (setupLink !== undefined) {
      process.stdout.write(`\nSet up your school (this link works once): ${setupLink}\n\n`);
    }
  }
  // Last to start and last to stop: it tells of the others.
  stops.push(await serveMetrics(cairn, health));
}

/** Makes the first organization, or answers the link with which a person makes it. */
async function firstStart({ settings, services, urls }: Cairn): Promise<string | undefined> {
  if (settings.bootstrapAdminKey !== undefined) {
    await services.organizations
      .found(settings.bootstrapOrganization, settings.bootstrapAdminKey)
      .catch(ignoreOtherProcess);
    return undefined;
  }
  const token = await services.organizations.openSetup();
  return token && `${urls.base}/setup/${token}`;
}

/** Where several processes start at once, one of them makes the key that all were given. */
function ignoreOtherProcess(error: unknown): void {
  if (!(error instanceof ServiceError) || error.code !== 'api_key.exists') throw error;
}

/** Says what is wrong with the queue when it goes wrong, and not each time that somebody asks. */
function createQueueCheck({ queue, log }: Cairn): () => Promise<void> {
  let said = '';
  return async () => {
    try {
      tell('warn', await queue.examine());
    } catch (error) {
      tell('error', [error instanceof Error ? error.message : String(error)]);
      throw error;
    }
  };

  function tell(level: 'warn' | 'error', sentences: readonly string[]): void {
    const text = sentences.join(' ');
    if (text !== said && text !== '') log[level]({ event: 'queue.warning' }, text);
    said = text;
  }
}

/** Metrics and health on a port of their own, so that a process without pages has them too. */
async function serveMetrics(
  { settings, metrics }: Cairn,
  health: Health,
): Promise<() => Promise<void>> {
  const { metricsPort: port, metricsHost: host } = settings;
  metrics.watchProcess();
  metrics.watch({ cairn_ready: '1 when /readyz answers 200' }, async () => ({
    cairn_ready: (await health.isReady()) ? 1 : 0,
  }));
  if (port === undefined) return () => Promise.resolve();
  const app = express().disable('x-powered-by').use(health.router).get('/metrics', metrics.handler);
  return serveOn(
    app,
    { port, host, variables: 'CAIRN_METRICS_PORT and CAIRN_METRICS_HOST' },
    { noticeMs: 0, drainMs: 0 },
  );
}
