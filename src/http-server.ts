import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { unusable } from './shared/errors.ts';

interface Place {
  readonly port: number;
  readonly host: string;
  /** The settings that name another place. */
  readonly variables: string;
}

interface Stopping {
  /** How long requests are still taken, each on a connection that ends with it: a load balancer has to notice first. */
  readonly noticeMs: number;
  /** How long what was begun may take after that. */
  readonly drainMs: number;
}

/** Serves until stopped; then answers what it has begun and takes nothing new. */
export async function serveOn(
  listener: RequestListener,
  { port, host, variables }: Place,
  { noticeMs, drainMs }: Stopping,
): Promise<() => Promise<void>> {
  let isStopping = false;
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 10_000 }, listener);
  server.prependListener('request', (_request, response) => {
    if (isStopping) response.setHeader('Connection', 'close');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `Cairn cannot listen on port ${port} (${variables} name another place)`;
      reject(unusable(message, error));
    });
    server.listen(port, host, resolve);
  });
  return async () => {
    isStopping = true;
    await sleep(noticeMs);
    await close(server, drainMs);
  };
}

function close(server: Server, drainMs: number): Promise<void> {
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
