import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { VerificationResult } from '../../src/credentials/verify/types.ts';
import { startCairn } from './cairn.ts';
import { createIssuer } from './issuer.ts';
import type { Json } from './json-places.ts';
import { verdictOf } from './verdict.ts';

/** The day on which the attacked instance lives. */
export const today = '2026-12-01T00:00:00Z';

/** One attack: what it was, what came back, and what it cost the instance. */
interface Row {
  readonly attack: string;
  readonly answer: string;
  readonly ms: number;
  /** Longest time in which the instance heard nobody. The attacker lives in the same process: an upper bound. */
  readonly 'event loop ms': number;
  readonly 'memory +MB': number;
}

export type Target = Awaited<ReturnType<typeof openTarget>>;

/** A Cairn on loopback, and beside it a school that serves whatever the attacker wants it to and counts who asks. */
/**
 * An attack is to be answered within 2 seconds, which the printed tables show. Only what takes much longer than that is
 * judged: a machine may have other things to do.
 */
export const hangsMs = 10_000;

export async function openTarget(env: Readonly<Record<string, string>> = {}) {
  const published = new Map<string, unknown>();
  const asked: string[] = [];
  const web = createServer((request, response) => {
    const url = `http://${request.headers.host ?? ''}${request.url ?? ''}`;
    asked.push(url);
    const body = published.get(url);
    response.statusCode = body === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json');
    response.setHeader('cache-control', 'no-store');
    if (body instanceof URL) response.writeHead(302, { location: body.href }).end();
    else if (Buffer.isBuffer(body)) response.setHeader('content-encoding', 'gzip').end(body);
    else response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
  });
  const port = await listen(web);
  const [school, other] = [
    createIssuer(`localhost:${port}`, `http://localhost:${port}`),
    createIssuer(`127.0.0.1:${port}`, `http://127.0.0.1:${port}`),
  ];
  const cairn = await startCairn({
    now: () => new Date(today),
    env: {
      CAIRN_FETCH_ALLOW: `localhost:${port},127.0.0.1:${port}`,
      // Each attack comes from another address: the limit for one address is not what is tested.
      CAIRN_TRUST_PROXY: '1',
      ...env,
    },
  });
  const server = createServer(cairn.app);
  const base = `http://127.0.0.1:${await listen(server)}`;
  const rows: Row[] = [];
  let attackers = 0;

  /** The school's documents: these entries set in its list, and this as its keys. */
  const publish = async (set: readonly number[] = [], document: Json = school.document) => {
    published.set(school.documentUrl, document);
    published.set(other.documentUrl, other.document);
    published.set(school.listUrl, await school.sign(school.statusList(set)));
  };
  await publish();

  async function post(
    body: string | Uint8Array | object,
    { path = '/verify', type = typeOf(body), ...headers }: Readonly<Record<string, string>> = {},
  ) {
    attackers += 1;
    const answer = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: {
        'content-type': type,
        'x-forwarded-for': `10.${attackers >> 16}.${(attackers >> 8) & 255}.${attackers & 255}`,
        ...headers,
      },
      body: body instanceof Uint8Array ? Buffer.from(body) : textOf(body),
    });
    const text = await answer.text();
    return { status: answer.status, text, body: JSON.parse(text) as Json };
  }

  /** Verifies over HTTP, and notes what it cost. */
  async function attack(name: string, body: Parameters<typeof post>[0], headers = {}) {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const memory = process.memoryUsage().rss;
    asked.length = 0;
    delay.enable();
    const start = performance.now();
    const { status, text, body: found } = await post(body, headers);
    const ms = performance.now() - start;
    delay.disable();
    const result = found as unknown as VerificationResult;
    const answer =
      status === 200 && 'checks' in found
        ? verdictOf(result)
        : `${status} ${String(found.code ?? found.verified)}`;
    rows.push({
      attack: name,
      answer,
      ms: Math.round(ms),
      'event loop ms': Math.round(Math.max(0, delay.max / 1e6 - 5)),
      'memory +MB': Math.round((process.memoryUsage().rss - memory) / 1e6),
    });
    return { answer, status, text, result, ms, asked: [...asked] };
  }

  return {
    ...cairn,
    base,
    school,
    other,
    /** What is to be found at which address. */
    published,
    publish,
    post,
    attack,
    /** Prints what every attack came to, and stops everything. */
    close: async (title: string) => {
      console.info(`${title}\n${table(rows)}`);
      for (const listening of [server, web]) {
        listening.closeAllConnections();
        await new Promise((resolve) => listening.close(resolve));
      }
      await cairn.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function textOf(body: string | object): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function typeOf(body: unknown): string {
  if (typeof body === 'string') return 'text/plain';
  return body instanceof Uint8Array ? 'image/png' : 'application/json';
}

/** Plain columns: what is read in a log. */
export function table(rows: readonly object[]): string {
  const [first] = rows;
  if (first === undefined) return 'nothing';
  const lines = [Object.keys(first), ...rows.map((row) => Object.values(row).map(String))];
  const widths = Object.keys(first).map((_name, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
