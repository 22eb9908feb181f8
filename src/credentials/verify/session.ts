import { FetchError } from '../../shared/safe-fetch.ts';
import { withAddedContexts } from '../documents.ts';
import type { VerifyDependencies } from './types.ts';

/** How many documents one verification may ask of the network, all its proofs and lists together. */
const maxLoads = 8;

/** One verification: its time, and each document looked up once. */
export interface Session extends Pick<
  VerifyDependencies,
  'documents' | 'findLogged' | 'findIssuer'
> {
  readonly now: Date;
  /** Parsed JSON, or the text when it is no JSON (a token). Throws a FetchError. */
  readonly load: (id: string, url?: string) => Promise<unknown>;
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
  findContext,
}: VerifyDependencies): Session {
  const loaded = new Map<string, Promise<unknown>>();
  const places = new Map<string, string>();
  let loads = 0;

  async function find(id: string, url: string): Promise<unknown> {
    const own = await local?.(id);
    if (own !== undefined) return own;
    loads += 1;
    if (loads > maxLoads) throw new FetchError('fetch.blocked', 'It asks for too many documents.');
    const accept =
      'application/json, application/vc, application/did+json, application/ld+json;q=0.9';
    const { status, bytes, url: place } = await fetch(url, { accept });
    places.set(id, place);
    if (status !== 200) throw new AnswerError(status);
    return parse(Buffer.from(bytes).toString());
  }

  return {
    documents: findContext ? withAddedContexts(documents, findContext) : documents,
    ...(findLogged && { findLogged }),
    ...(findIssuer && { findIssuer }),
    now: now(),
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
