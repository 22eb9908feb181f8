import { FetchError } from '../../shared/safe-fetch.ts';
import { resolveDidJwk, resolveDidKey, type DidResolution } from '../did-methods.ts';
import { parseMultikey, parsePublicJwk } from '../public-key.ts';
import { didWebUrls } from './did-web.ts';
import { Problem } from './problem.ts';
import type { Session } from './session.ts';
import type { Json } from './types.ts';
import { isObject, list } from './values.ts';

/** A public key that its controller lets assert things (Controlled Identifiers 1.0 §2.2, §2.3). */
export interface VerificationMethod {
  readonly id: string;
  readonly controller: string;
  /** `z6Mk…` */
  readonly multikey?: string;
  readonly jwk?: Json;
  readonly revoked?: unknown;
  readonly expires?: unknown;
}

export interface Controller {
  readonly id: string;
  /** Only those that may be used for the purpose in question. */
  readonly methods: readonly VerificationMethod[];
  /** Taken out of use by their controller, with the time from which on they prove nothing. */
  readonly withdrawn?: readonly VerificationMethod[];
  /** False when the key was only named by the credential itself: anybody could have made it. */
  readonly confirmed: boolean;
}

const maxMethods = 100;

/** The keys that the issuer itself publishes: never those that a credential brings along. */
export async function resolveController(
  issuer: string,
  session: Session,
  methodId?: string,
): Promise<Controller> {
  if (issuer.startsWith('did:key:')) return fromDidKey(issuer);
  if (issuer.startsWith('did:jwk:')) return fromKeyDid(resolveDidJwk(issuer), issuer);
  if (issuer.startsWith('did:web:')) return fromDidWeb(issuer, session);
  if (/^https?:\/\//.test(issuer)) return fromWeb(issuer, session, methodId);
  const detail = `Issuers of the kind "${issuer.split(':', 2).join(':').slice(0, 40)}" are not known here.`;
  throw new Problem('issuer', 'unverifiable', 'ISSUER_NOT_SUPPORTED', detail);
}

function fromDidKey(did: string): Controller {
  const controller = fromKeyDid(resolveDidKey(did), did);
  // Some wallets name the key without its fragment.
  const unnamed = controller.methods.map((method) => ({ ...method, id: did }));
  return { ...controller, methods: [...controller.methods, ...unnamed] };
}

/** The identifier is the key. */
function fromKeyDid(resolution: DidResolution, did: string): Controller {
  if ('document' in resolution) return parseController(resolution.document, did);
  const detail = 'The issuer’s identifier is a key of a kind that is not known here.';
  throw new Problem('issuer', 'unverifiable', 'ISSUER_NOT_SUPPORTED', detail);
}

async function fromDidWeb(did: string, session: Session): Promise<Controller> {
  return parseController(await loadDidWeb(did, session).catch(unreachable), did);
}

/** Whatever the address of a did:web answers with. Throws a FetchError. */
export async function loadDidWeb(did: string, session: Session): Promise<unknown> {
  const [secure, plain] = didWebUrls(did);
  return session.load(did, secure).catch((error: unknown) => {
    // Plain http is for hosts of the allow-list, which the fetch knows; for all others it stays blocked.
    if (!(error instanceof FetchError) || error.code !== 'fetch.failed') throw error;
    return session.load(plain).catch(() => Promise.reject(error));
  });
}

async function fromWeb(
  issuer: string,
  session: Session,
  methodId: string | undefined,
): Promise<Controller> {
  const document = await session.load(issuer).catch((error: unknown) => {
    // What we refuse to ask might have told of other keys.
    if (error instanceof FetchError && error.code === 'fetch.blocked') unreachable(error);
    return undefined;
  });
  if (isObject(document) && ('assertionMethod' in document || 'verificationMethod' in document)) {
    return parseController(document, issuer);
  }
  // OB 3.0 implementation guide, key provenance: the fragment of the address may be the key itself.
  const [address, fragment = ''] = (methodId ?? '').split('#', 2);
  if (methodId !== undefined && address === issuer && parseMultikey(fragment)) {
    const method = { id: methodId, controller: issuer, multikey: fragment };
    return {
      id: issuer,
      methods: [method],
      confirmed: await isInKeySet(fragment, issuer, session),
    };
  }
  return fromKeyDocument(issuer, session, methodId);
}

/** Key provenance, again: the keys of a host may stand in one set, where `iss` tells its issuers apart. */
async function isInKeySet(multikey: string, issuer: string, session: Session): Promise<boolean> {
  const { href } = new URL('/.well-known/jwks.json', issuer);
  const found = await session.load(href).catch(() => undefined);
  const keys = isObject(found) ? list(found.keys).filter(isObject).slice(0, maxMethods) : [];
  return keys.some(
    (jwk) => (jwk.iss ?? issuer) === issuer && parsePublicJwk(jwk)?.multikey === multikey,
  );
}

/** The key has an address of its own on the issuer's host, and names the issuer as its controller. */
async function fromKeyDocument(
  issuer: string,
  session: Session,
  methodId: string | undefined,
): Promise<Controller> {
  if (methodId === undefined || !sameOrigin(methodId, issuer)) {
    throw new Problem(
      'issuer',
      'unverifiable',
      'ISSUER_UNREACHABLE',
      'The issuer’s keys were not found.',
    );
  }
  const document = await session.load(methodId).catch(unreachable);
  const method = isObject(document) ? parseMethod(document, issuer) : undefined;
  if (method?.id !== methodId || method.controller !== issuer) throw mismatch();
  return { id: issuer, methods: [method], confirmed: true };
}

/** The keys that a controller document names for a purpose (Controlled Identifiers 1.0 §2.3). */
export function parseController(
  document: unknown,
  id: string,
  purpose: 'assertionMethod' | 'authentication' = 'assertionMethod',
): Controller {
  if (!isObject(document) || document.id !== id) throw mismatch();
  const entries = [...list(document.verificationMethod), ...list(document[purpose])];
  if (entries.length > 2 * maxMethods) throw mismatch();
  const allowed = new Set(
    list(document[purpose]).map((entry) => absolute(isObject(entry) ? entry.id : entry, id)),
  );
  const all = entries
    .filter(isObject)
    .map((entry) => parseMethod(entry, id))
    .filter((method) => method !== undefined);
  return {
    id,
    methods: all.filter((method) => allowed.has(method.id)),
    withdrawn: all.filter((method) => !allowed.has(method.id) && method.revoked !== undefined),
    confirmed: true,
  };
}

function parseMethod(entry: Json, base: string): VerificationMethod | undefined {
  const id = absolute(entry.id, base);
  const { controller, publicKeyMultibase: multikey, publicKeyJwk: jwk, revoked, expires } = entry;
  if (id === undefined || typeof controller !== 'string') return undefined;
  return {
    id,
    controller,
    ...(typeof multikey === 'string' && { multikey }),
    ...(isObject(jwk) && { jwk }),
    ...(revoked !== undefined && { revoked }),
    ...(expires !== undefined && { expires }),
  };
}

function absolute(id: unknown, base: string): string | undefined {
  if (typeof id !== 'string') return undefined;
  return id.startsWith('#') ? base + id : id;
}

export function sameOrigin(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin;
}

/** Turns a failed look-up into the words of the issuer check. */
export function unreachable(error: unknown): never {
  if (!(error instanceof FetchError)) throw error;
  const blocked = error.code === 'fetch.blocked';
  throw new Problem(
    'issuer',
    'unverifiable',
    blocked ? 'FETCH_BLOCKED' : 'ISSUER_UNREACHABLE',
    `The issuer’s published keys could not be looked up. ${error.message}`,
  );
}

function mismatch(): Problem {
  const detail = 'What the issuer’s address answers with is not a document about this issuer.';
  return new Problem('issuer', 'unverifiable', 'ISSUER_DOCUMENT_MISMATCH', detail);
}
