import { createServer, type RequestListener, type Server } from 'node:http';
import { unusable } from './shared/errors.ts';

interface Place {
  readonly port: number;
  readonly host: string;
  /** The settings that name another place. */
  readonly variables: string;
}

/** Serves until stopped; then answers what it has begun, for `drainMs` at most, and takes nothing new. */
export async function serveOn(
  listener: RequestListener,
  { port, host, variables }: Place,
  drainMs: number,
): Promise<() => Promise<void>> {
  const server = createServer({ requestTimeout: 60_000, headersTimeout: 10_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      const message = `Cairn cannot listen on port ${port} (${variables} name another place)`;
      reject(unusable(message, error));
    });
    server.listen(port, host, resolve);
  });
  return () => close(server, drainMs);
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
