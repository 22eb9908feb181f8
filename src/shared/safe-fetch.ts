import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Response } from 'undici';
import { ServiceError } from './errors.ts';
import { createHostBudget, type HostBudget } from './host-budget.ts';

export type FetchErrorCode =
  | 'fetch.blocked'
  | 'fetch.failed'
  | 'fetch.too_large'
  | 'fetch.timeout'
  /** Its host was asked too often of late. */
  | 'fetch.busy';

/** A document on the web could not be had: forbidden by us, absent, too big or too slow. */
export class FetchError extends ServiceError {
  declare readonly code: FetchErrorCode;

  constructor(code: FetchErrorCode, message: string, cause?: unknown) {
    const ours = code === 'fetch.blocked' || code === 'fetch.too_large';
    super(ours ? 'unprocessable' : 'unavailable', code, message, { cause });
    this.name = 'FetchError';
  }
}

export interface FetchOptions {
  readonly accept?: string;
  /** Cap on the decoded body. */
  readonly maxBytes?: number;
  /** For everything together: look-up, connection, redirects, body. */
  readonly timeoutMs?: number;
}

export interface FetchedDocument {
  readonly status: number;
  /** The address after redirects. */
  readonly url: string;
  /** Media type in lower case without parameters; empty when the server names none. */
  readonly contentType: string;
  /** The header of that name. */
  readonly cacheControl?: string;
  /** Shares its memory with nothing else. */
  readonly bytes: Uint8Array;
}

export type SafeFetch = (url: string, options?: FetchOptions) => Promise<FetchedDocument>;

export interface SafeFetchSettings {
  /** `host:port` that may be reached although it is not public https. */
  readonly allow: readonly string[];
  /** How often hosts may be asked that are not in `allow`. */
  readonly budget?: HostBudget;
  /** Name resolution; tests hand in their own. */
  readonly lookup?: Lookup;
}

type Lookup = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const maxRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
const defaults = { accept: '*/*', maxBytes: 1024 * 1024, timeoutMs: 5000 };

/**
 * The only way out: strangers choose the addresses (did:web, status lists, webhooks), so nothing but public
 * https is reached, and the address that was checked is the address that is connected to.
 */
export function createSafeFetch({
  allow,
  budget = createHostBudget(),
  lookup = systemLookup,
}: SafeFetchSettings): SafeFetch {
  const allowed = new Set(allow.map((entry) => entry.trim().toLowerCase()));
  let clients: ReturnType<typeof createClients> | undefined;

  return async (url, options = {}) => {
    const wanted = { ...defaults, ...options };
    const signal = AbortSignal.timeout(wanted.timeoutMs);
    try {
      return await follow(url, wanted, signal);
    } catch (error) {
      throw toFetchError(error, signal);
    }
  };

  async function follow(
    start: string,
    wanted: Required<FetchOptions>,
    signal: AbortSignal,
  ): Promise<FetchedDocument> {
    let url = parseUrl(start);
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const answer = await visit(url, wanted, signal);
      if (!(answer instanceof URL)) return answer;
      url = answer;
    }
    throw new FetchError('fetch.failed', 'The address redirects too often.');
  }

  /** What this address answers, or where it leads to. Also who is only led to counts as asked. */
  async function visit(
    url: URL,
    { accept, maxBytes }: Required<FetchOptions>,
    signal: AbortSignal,
  ): Promise<FetchedDocument | URL> {
    clients ??= createClients(lookup);
    const { fetch, guarded, open } = await clients;
    const trusted = allowed.has(hostAndPort(url));
    if (!trusted) assertPublicHttps(url);
    const leave = trusted ? () => undefined : await enter(url, signal);
    try {
      const response = await fetch(url, {
        dispatcher: trusted ? open : guarded,
        redirect: 'manual',
        signal,
        headers: { accept, 'user-agent': 'Cairn' },
      });
      const location = redirects.has(response.status) && response.headers.get('location');
      if (typeof location !== 'string') return await readDocument(response, maxBytes);
      await response.body?.cancel();
      return parseUrl(location, url);
    } finally {
      leave();
    }
  }

  async function enter({ host }: URL, signal: AbortSignal): Promise<() => void> {
    const leave = await budget.enter(host, signal);
    if (leave !== undefined) return leave;
    throw new FetchError('fetch.busy', 'This host was asked too often in the last minute.');
  }
}

async function readDocument(response: Response, maxBytes: number): Promise<FetchedDocument> {
  const cacheControl = response.headers.get('cache-control');
  return {
    status: response.status,
    url: response.url,
    contentType: mediaType(response),
    ...(cacheControl !== null && { cacheControl }),
    bytes: await readUpTo(response, maxBytes),
  };
}

/** Large, and many schools never look anything up: loaded when first needed. */
async function createClients(lookup: Lookup) {
  const { Agent, fetch } = await import('undici');
  const guarded = new Agent({ connect: { lookup: publicOnly(lookup) } });
  return { fetch, guarded, open: new Agent() };
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base) ? new URL(text, base) : undefined;
  if (!url) throw new FetchError('fetch.blocked', 'This is not a web address.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new FetchError('fetch.blocked', 'Only https addresses can be looked up.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new FetchError('fetch.blocked', 'An address with a user name in it is not looked up.');
  }
  url.hash = '';
  return url;
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

function assertPublicHttps(url: URL): void {
  if (url.protocol !== 'https:' || url.port !== '') {
    throw new FetchError('fetch.blocked', 'Only https on the usual port can be looked up.');
  }
  // A literal address never reaches the look-up of the connection, so it is judged here.
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.isValid(literal) && !isPublic(literal)) throw privateAddress();
}

function isPublic(address: string): boolean {
  // `process` unwraps IPv4 addresses that are mapped into IPv6.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

function privateAddress(): FetchError {
  return new FetchError('fetch.blocked', 'The address does not lead to the public internet.');
}

/** Refuses a name as soon as any of its addresses is not public: a mixed answer is an attack. */
export function publicOnly(lookup: Lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const [first] = addresses;
      if (!first) {
        callback(new Error(`no address for ${hostname}`), '', 0);
      } else if (!addresses.every(({ address }) => isPublic(address))) {
        callback(privateAddress(), '', 0);
      } else if (options.all) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1).join('').trim().toLowerCase();
}

/** Counts after decompression: a small body may unfold into a huge one. */
async function readUpTo(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new FetchError('fetch.too_large', 'The document at this address is too large.');
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function toFetchError(error: unknown, signal: AbortSignal): FetchError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FetchError) return cause;
  }
  return signal.aborted
    ? new FetchError('fetch.timeout', 'The address did not answer in time.', error)
    : new FetchError('fetch.failed', 'The address could not be reached.', error);
}
