import { FetchError, type FetchedDocument, type SafeFetch } from './safe-fetch.ts';

interface Limits {
  readonly entries: number;
  readonly bytes: number;
}

type Outcome = { readonly found: FetchedDocument } | { readonly error: FetchError };

interface Entry {
  readonly outcome: Outcome;
  readonly until: number;
  readonly size: number;
}

const seconds = 1_000;
/** Nothing is believed for longer than this, whatever its host says. */
const longest = 300;
const usual = 60;
/** What may be better in a moment. */
const brief = 10;
const defaultLimits: Limits = { entries: 500, bytes: 16 * 1024 * 1024 };

/**
 * Remembers for a short while what was looked up, and that it could not be: verifying the badges of a class asks their
 * issuer once. Requests for the same that come at once are one request.
 */
export function createFetchCache(
  fetch: SafeFetch,
  {
    elapsed = () => performance.now(),
    ...options
  }: Partial<Limits> & { elapsed?: () => number } = {},
): SafeFetch {
  const limits = { ...defaultLimits, ...options };
  const entries = new Map<string, Entry>();
  const underWay = new Map<string, Promise<Outcome>>();
  let bytes = 0;

  return async (url, options) => {
    const key = JSON.stringify([url, options]);
    const outcome = find(key) ?? (await ask(key, () => fetch(url, options)));
    if ('error' in outcome) throw outcome.error;
    return outcome.found;
  };

  function find(key: string): Outcome | undefined {
    const entry = entries.get(key);
    if (entry === undefined || entry.until > elapsed()) return entry?.outcome;
    drop(key, entry);
    return undefined;
  }

  function ask(key: string, look: () => Promise<FetchedDocument>): Promise<Outcome> {
    const earlier = underWay.get(key);
    if (earlier !== undefined) return earlier;
    const work = settle(look)
      .then((outcome) => {
        keep(key, outcome);
        return outcome;
      })
      .finally(() => underWay.delete(key));
    underWay.set(key, work);
    return work;
  }

  function keep(key: string, outcome: Outcome): void {
    const ttl = 'error' in outcome ? ttlOfError(outcome.error) : ttlOf(outcome.found);
    const size = key.length + ('error' in outcome ? 0 : outcome.found.bytes.byteLength);
    if (ttl === 0 || size > limits.bytes / 4) return;
    entries.set(key, { outcome, size, until: elapsed() + ttl * seconds });
    bytes += size;
    for (const [oldest, entry] of entries) {
      if (bytes <= limits.bytes && entries.size <= limits.entries) break;
      drop(oldest, entry);
    }
  }

  function drop(key: string, { size }: Entry): void {
    entries.delete(key);
    bytes -= size;
  }
}

async function settle(look: () => Promise<FetchedDocument>): Promise<Outcome> {
  try {
    return { found: await look() };
  } catch (error) {
    if (error instanceof FetchError) return { error };
    throw error;
  }
}

function ttlOfError({ code }: FetchError): number {
  switch (code) {
    case 'fetch.blocked':
    case 'fetch.too_large':
      return usual;
    case 'fetch.failed':
    case 'fetch.timeout':
      return brief;
    case 'fetch.busy':
      return 0;
  }
}

/** RFC 9111 §5.2.2, as far as it says how long; answers that are none are remembered, too. */
function ttlOf({ status, cacheControl = '' }: FetchedDocument): number {
  if (/\bno-(?:store|cache)\b/i.test(cacheControl)) return 0;
  if (status >= 500 || status === 429) return brief;
  const age = /\bmax-age="?(\d{1,10})/i.exec(cacheControl)?.[1];
  return status === 200 && age !== undefined ? Math.min(Number(age), longest) : usual;
}
