import type { DocumentLoader } from '../credentials/documents.ts';
import { verifyCredential, type VerificationResult } from '../credentials/verify/verify.ts';
import type { Clock } from '../shared/clock.ts';
import { ServiceError } from '../shared/errors.ts';
import type { SafeFetch } from '../shared/safe-fetch.ts';
import type { Urls } from '../shared/urls.ts';
import type { IssuerService } from './issuers.ts';
import type { StatusListService } from './status-lists.ts';

const accept =
  'application/vc, application/ld+json, application/json;q=0.9, image/png, image/svg+xml, text/plain';
const maxBytes = 5_000_000;

export type VerificationService = ReturnType<typeof createVerificationService>;

export function createVerificationService({
  issuers,
  statusLists,
  documents,
  fetch,
  urls,
  now,
}: {
  issuers: IssuerService;
  statusLists: StatusListService;
  documents: DocumentLoader;
  fetch: SafeFetch;
  urls: Urls;
  now: Clock;
}) {
  return { verify, verifyUrl };

  /** A credential in any form: parsed or as text, compact JWS, PNG or SVG bytes. A bad one is a result, not an error. */
  async function verify(input: string | Uint8Array | object): Promise<VerificationResult> {
    return verifyCredential(input, { documents, fetch, now, local });
  }

  /** Fetches first. @throws ServiceError when the address cannot be read */
  async function verifyUrl(url: string): Promise<VerificationResult> {
    const found = await fetch(url, { accept, maxBytes });
    if (found.status !== 200) {
      throw new ServiceError(
        'unprocessable',
        'verify.not_found',
        `There is nothing to verify at this address: it answered ${found.status}.`,
      );
    }
    return verify(found.bytes);
  }

  /** Our own documents, without the network and as they are at this moment. */
  async function local(id: string): Promise<unknown> {
    const find = ours(id);
    if (find === undefined) return undefined;
    try {
      return await find();
    } catch (error) {
      if (error instanceof ServiceError && error.kind === 'not-found') return undefined;
      throw error;
    }
  }

  function ours(id: string): (() => Promise<unknown>) | undefined {
    const did = after(id, urls.issuerDid(''));
    if (did !== undefined) return () => issuers.getDidDocument(did);
    const list = after(id, urls.statusList(''));
    if (list !== undefined)
      return async () => JSON.parse(await statusLists.getSigned(list)) as unknown;
    const kid = after(id, urls.key(''));
    if (kid !== undefined) return () => issuers.getJwk(kid);
    if (id === `${urls.base}/.well-known/jwks.json`) return () => issuers.getJwkSet();
    return undefined;
  }
}

function after(text: string, start: string): string | undefined {
  return text.startsWith(start) ? text.slice(start.length) : undefined;
}
