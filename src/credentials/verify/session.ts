import { FetchError, type FetchedDocument, type FetchOptions } from '../../shared/safe-fetch.ts';
import { withAddedContexts } from '../documents.ts';
import type { VerifyDependencies } from './types.ts';

/** How many documents one verification may ask of the network, all its proofs and lists together. */
const maxLoads = 8;

/** How long something may take that is good to know and nothing depends on. */
const patienceMs = 2_000;

/** One verification: its time, and each document looked up once. */
export interface Session extends Pick<
  VerifyDependencies,
  'documents' | 'findLogged' | 'findIssuer' | 'findDigest'
> {
  readonly now: Date;
  /** Parsed JSON, or the text when it is no JSON (a token). Throws a FetchError. */
  readonly load: (id: string, url?: string) => Promise<unknown>;
  /** What is at an address that anybody may ask, if it is small and comes soon. Throws a FetchError. */
  readonly loadBytes: (url: string) => Promise<FetchedDocument>;
  /** The address that a document came from in the end, after redirects. */
  readonly placeOf: (id: string) => string;
}

/** The address answered, though not with a document. */
export class AnswerError extends FetchError {
  readonly status: number;

  constructor(status: number) {
    super('fetch.failed', `The address answered with ${status}.`);
    this.name = 'AnswerError';
    this.status = status;
  }
}

export function createSession({
  documents,
  fetch,
  now,
  local,
  findLogged,
  findIssuer,
  findDigest,
  findContext,
}: VerifyDependencies): Session {
  const loaded = new Map<string, Promise<unknown>>();
  const places = new Map<string, string>();
  let loads = 0;

  async function find(id: string, url: string): Promise<unknown> {
    const own = await local?.(id);
    if (own !== undefined) return own;
    const accept =
      'application/json, application/vc, application/did+json, application/ld+json;q=0.9';
    const { status, bytes, url: place } = await ask(url, { accept });
    places.set(id, place);
    if (status !== 200) throw new AnswerError(status);
    return parse(Buffer.from(bytes).toString());
  }

  async function ask(url: string, options: FetchOptions): Promise<FetchedDocument> {
    loads += 1;
    if (loads > maxLoads) throw new FetchError('fetch.blocked', 'It asks for too many documents.');
    return fetch(url, options);
  }

  return {
    documents: findContext ? withAddedContexts(documents, findContext) : documents,
    ...(findLogged && { findLogged }),
    ...(findIssuer && { findIssuer }),
    ...(findDigest && { findDigest }),
    now: now(),
    loadBytes: (url) => ask(url, { timeoutMs: patienceMs }),
    placeOf: (id) => places.get(id) ?? id,
    load: (id, url = id) => {
      const earlier = loaded.get(id);
      if (earlier) return earlier;
      const work = find(id, url);
      loaded.set(id, work);
      return work;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text.trim();
  }
}
