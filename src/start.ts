import { createServer, type Server } from 'node:http';
import { createApp } from './app.ts';
import { compose, type Cairn } from './compose/compose.ts';
import type { Settings } from './config/settings.ts';
import { createHealth } from './observability/health.ts';
import { ServiceError, unusable } from './shared/errors.ts';

const drainMs = 10_000;
/** How often the outbox is read: the longest that an approval waits when nobody rang. */
const sweepMs = 1_000;

/** Starts the roles that the settings ask for and stops them, in reverse, on SIGTERM or Ctrl-C. */
export async function serve(settings: Settings): Promise<void> {
  const cairn = await compose(settings);
  const stop = await start(cairn).catch(async (error: unknown) => {
    await cairn[Symbol.asyncDispose]();
    throw error;
  });
  const shutDown = async (signal: string) => {
    cairn.log.info({ signal }, 'stopping');
    await stop();
    await cairn[Symbol.asyncDispose]();
    cairn.log.info({ signal }, 'stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void shutDown(signal));
}

/** First start, then the roles. The answer stops what was started: first no new work, then the rest is finished. */
export async function start(cairn: Cairn): Promise<() => Promise<void>> {
  const { settings, services, log } = cairn;
  const setupLink = await firstStart(cairn);
  await services.signingKeys.selfTest().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    log.error({}, `Nothing can be signed: ${reason}`);
  });
  const stops: (() => Promise<void>)[] = [];
  if (settings.roles.includes('worker')) {
    cairn.queue.process(cairn.services.issuances.process);
    cairn.dispatcher.start(sweepMs);
  }
  if (settings.roles.includes('web')) {
    stops.push(await serveHttp(cairn));
    if (setupLink !== undefined) {
      process.stdout.write(`\nSet up your school (this link works once): ${setupLink}\n\n`);
    }
  }
  const { engine } = cairn.storage;
  log.info({ address: settings.url, store: engine, roles: settings.roles }, 'Cairn is ready');
  if (process.stdout.isTTY) process.stdout.write(`\nCairn is ready: ${settings.url}\n`);
  return async () => {
    for (const stop of stops.reverse()) await stop();
  };
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

/** Serves Cairn over HTTP until stopped; then answers what it has begun and takes nothing new. */
async function serveHttp(cairn: Cairn): Promise<() => Promise<void>> {
  const { settings, storage, services } = cairn;
  const health = createHealth({
    store: storage.ping,
    queue: () => cairn.queue.depth(),
    keys: services.signingKeys.selfTest,
  });
  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 10_000 },
    createApp(cairn, health),
  );
  await listen(server, settings.port, settings.host);

  return async () => {
    health.stop();
    await close(server);
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        unusable(`Cairn cannot listen on port ${port} (PORT and HOST name another place)`, error),
      );
    });
    server.listen(port, host, () => {
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => {
      server.closeAllConnections();
    }, drainMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
