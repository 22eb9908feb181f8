import type { VerifyEngine } from '../../credentials/verify/engine/engine.ts';
import type {
  PresentationExpectations,
  PresentationResult,
} from '../../credentials/verify/presentation.ts';
import type { Json } from '../../credentials/verify/types.ts';
import type {
  DetailedResult,
  VerificationResult,
  VerifyDependencies,
} from '../../credentials/verify/verify.ts';
import type { Clock } from '../../shared/clock.ts';
import { ServiceError } from '../../shared/errors.ts';
import { FetchError, type SafeFetch } from '../../shared/safe-fetch.ts';
import type { Urls } from '../../shared/urls.ts';
import type { CredentialService } from '../credentials/credentials.ts';
import type { IssuerService } from '../credentials/issuers.ts';
import type { RegistryService } from './registries.ts';
import type { StatusListService } from '../credentials/status-lists.ts';

const accept =
  'application/vc, application/ld+json, application/json;q=0.9, image/png, image/svg+xml, text/plain';
const maxBytes = 5_000_000;

/** How many documents a presentation may make us ask of the network, all its credentials together. */
const maxLookUps = 24;

/** Finds our own documents (by DID or address); undefined when they are not ours. */
export type FindOwn = (id: string) => Promise<unknown>;

/** Who, beside the issuer itself, knows an issuer or a key of it. */
export type FindIssuer = NonNullable<VerifyDependencies['findIssuer']>;

export type VerificationService = ReturnType<typeof createVerificationService>;

export function createVerificationService({
  engine,
  fetch,
  findOwn,
  findLogged,
  findIssuer,
  findContext,
  findDigest,
  now,
}: {
  engine: VerifyEngine;
  fetch: SafeFetch;
  /** Left out where nothing is our own: the command line of a stranger. */
  findOwn?: FindOwn;
  findLogged?: NonNullable<VerifyDependencies['findLogged']>;
  findIssuer: FindIssuer;
  findContext?: NonNullable<VerifyDependencies['findContext']>;
  findDigest?: NonNullable<VerifyDependencies['findDigest']>;
  now: Clock;
}) {
  /** What the threads of the engine may ask. */
  const outside = {
    fetch,
    findIssuer,
    now,
    ...(findOwn === undefined ? {} : { local: findOwn }),
    ...(findLogged === undefined ? {} : { findLogged }),
    ...(findContext === undefined ? {} : { findContext }),
    ...(findDigest === undefined ? {} : { findDigest }),
  };

  return { verify, verifyWithProofs, verifyUrl, verifyPresentation };

  /** A credential in any form: parsed or as text, compact JWS, PNG or SVG bytes. A bad one is a result, not an error. */
  async function verify(input: string | Uint8Array | object): Promise<VerificationResult> {
    const { proofs: _proofs, ...result } = await verifyWithProofs(input);
    return result;
  }

  function verifyWithProofs(input: string | Uint8Array | object): Promise<DetailedResult> {
    return engine.verifyCredential(input, outside);
  }

  /** `resolve` finds the DID documents of holders. */
  function verifyPresentation(
    presentation: Json,
    expected: PresentationExpectations,
    resolve: (did: string) => Promise<unknown>,
  ): Promise<PresentationResult> {
    const asked = { ...outside, fetch: atMost(maxLookUps, fetch), resolve };
    return engine.verifyPresentation(presentation, expected, asked);
  }

  /** Fetches first. @throws ServiceError when the address cannot be read */
  async function verifyUrl(url: string): Promise<VerificationResult> {
    const own = await findOwn?.(url);
    if (own !== undefined) return verify(own as object);
    const found = await fetch(url, { accept, maxBytes });
    if (found.status === 410) {
      // Open Badges 2.0: a revoked badge may be gone and still say so itself.
      const gone = await verify(found.bytes);
      if (gone.outcome === 'revoked') return gone;
    }
    if (found.status !== 200) {
      throw new ServiceError(
        'unprocessable',
        'verify.not_found',
        `There is nothing to verify at this address: it answered ${found.status}.`,
      );
    }
    return verify(found.bytes);
  }
}

function atMost(times: number, fetch: SafeFetch): SafeFetch {
  let left = times;
  return (url, options) => {
    left -= 1;
    return left >= 0
      ? fetch(url, options)
      : Promise.reject(new FetchError('fetch.blocked', 'It asks for too many documents.'));
  };
}

/** Our own schools, and what the registries say of everybody else. */
export function createFindIssuer({
  issuers,
  registries,
  urls,
}: {
  issuers: Pick<IssuerService, 'isOwn'>;
  registries: Pick<RegistryService, 'find'>;
  urls: Urls;
}): FindIssuer {
  const start = urls.issuerDid('');
  return async (id) => {
    if (id.startsWith(start) && (await issuers.isOwn(id.slice(start.length)))) {
      return { own: true, listings: [], unread: [] };
    }
    return { own: false, ...(await registries.find(id)) };
  };
}

/** Our own documents, without the network and as they are at this moment. */
export function createFindOwn({
  credentials,
  issuers,
  statusLists,
  urls,
}: {
  credentials: Pick<CredentialService, 'findPublic'>;
  issuers: IssuerService;
  statusLists: StatusListService;
  urls: Urls;
}): FindOwn {
  const places: readonly (readonly [start: string, find: (id: string) => Promise<unknown>])[] = [
    [urls.issuerDid(''), issuers.getDidDocument],
    [urls.statusList(''), async (id) => JSON.parse(await statusLists.getSigned(id)) as unknown],
    [urls.credential(''), findCredential],
    [urls.key(''), issuers.getJwk],
    [urls.jwkSet, issuers.getJwkSet],
  ];

  return async (id) => {
    const [start, find] = places.find(([place]) => id.startsWith(place)) ?? [];
    if (start === undefined || find === undefined) return undefined;
    try {
      return await find(id.slice(start.length));
    } catch (error) {
      if (error instanceof ServiceError && error.kind === 'not-found') return undefined;
      throw error;
    }
  };

  /** Public ones only, whichever form was asked for: all are the same badge. */
  async function findCredential(name: string): Promise<unknown> {
    const credential = await credentials.findPublic(name.replace(/\.(json|jwt|png|svg)$/, ''));
    return credential === undefined ? undefined : (JSON.parse(credential.document) as unknown);
  }
}
