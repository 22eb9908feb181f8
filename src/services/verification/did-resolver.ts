import {
  resolveDidJwk,
  resolveDidKey,
  type DidError,
  type DidResolution,
} from '../../credentials/did-methods.ts';
import type { DocumentLoader } from '../../credentials/documents.ts';
import { loadDidWeb } from '../../credentials/verify/controller.ts';
import { didWebHost } from '../../credentials/verify/did-web.ts';
import { Problem } from '../../credentials/verify/problem.ts';
import { createSession } from '../../credentials/verify/session.ts';
import { isObject } from '../../credentials/verify/values.ts';
import type { Clock } from '../../shared/clock.ts';
import { ServiceError } from '../../shared/errors.ts';
import type { SafeFetch } from '../../shared/safe-fetch.ts';
import type { Urls } from '../../shared/urls.ts';
import type { IssuerService } from '../credentials/issuers.ts';

export type { DidError } from '../../credentials/did-methods.ts';

export type DidResolver = ReturnType<typeof createDidResolver>;

/** DID Core §3.1, without what leads into a document (path, query, fragment). */
const didSyntax = /^did:[a-z0-9]+:(?:[\w.:-]|%[0-9A-Fa-f]{2})*(?:[\w.-]|%[0-9A-Fa-f]{2})$/;
const maxLength = 5_000;

/** Finds DID documents: our own without the network, those of keys in themselves, others where they are published. */
export function createDidResolver({
  issuers,
  documents,
  fetch,
  urls,
  now,
}: {
  issuers: Pick<IssuerService, 'getDidDocument'>;
  documents: DocumentLoader;
  fetch: SafeFetch;
  urls: Urls;
  now: Clock;
}) {
  const ownStart = urls.issuerDid('');

  return { resolve };

  async function resolve(did: string): Promise<DidResolution> {
    if (did.length > maxLength || !didSyntax.test(did)) {
      return failure('invalidDid', 'This is not a DID.');
    }
    if (did.startsWith(ownStart)) return resolveOwn(did.slice(ownStart.length));
    const [, method] = did.split(':', 2);
    if (method === 'key') return resolveDidKey(did);
    if (method === 'jwk') return resolveDidJwk(did);
    if (method === 'web') return resolveWeb(did);
    return failure('methodNotSupported', 'Known here are did:key, did:jwk and did:web.');
  }

  async function resolveOwn(id: string): Promise<DidResolution> {
    try {
      return { document: await issuers.getDidDocument(id) };
    } catch (error) {
      if (!(error instanceof ServiceError) || error.kind !== 'not-found') throw error;
      return failure('notFound', 'There is no such issuer here.');
    }
  }

  async function resolveWeb(did: string): Promise<DidResolution> {
    if (didWebHost(did) === undefined) return failure('invalidDid', 'This is no proper did:web.');
    try {
      const document = await loadDidWeb(did, createSession({ documents, fetch, now }));
      return isObject(document) && document.id === did
        ? { document }
        : failure('notFound', 'What is published there is not the document of this DID.');
    } catch (error) {
      if (error instanceof Problem) return failure('invalidDid', error.message);
      if (error instanceof ServiceError) return failure('notFound', error.message);
      throw error;
    }
  }
}

function failure(error: DidError, message: string): DidResolution {
  return { error, message };
}
