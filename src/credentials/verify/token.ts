import { calculateJwkThumbprint, compactVerify, importJWK, type JWK } from 'jose';
import { sha256 } from '../../shared/ids.ts';
import { parseMultikey } from '../public-key.ts';
import {
  resolveController,
  sameOrigin,
  unreachable,
  type VerificationMethod,
} from './controller.ts';
import type { Proven } from './data-integrity.ts';
import { didWebHost } from './did-web.ts';
import { assertKeyInForce, vouchForWithdrawn } from './key.ts';
import { Problem } from './problem.ts';
import type { Session } from './session.ts';
import { assertClaims, assertHeader } from './token-rules.ts';
import type { Json, Secured } from './types.ts';
import { idOf, isObject, list } from './values.ts';

export type Token = Extract<Secured, { kind: 'jwt' }>;

/** Which keys an algorithm may be used with: the token names the algorithm, the issuer's key has the last word. */
const algorithms: Readonly<Record<string, { kty: string; crv?: string }>> = {
  RS256: { kty: 'RSA' },
  ES256: { kty: 'EC', crv: 'P-256' },
  EdDSA: { kty: 'OKP', crv: 'Ed25519' },
  Ed25519: { kty: 'OKP', crv: 'Ed25519' },
};

/** Open Badges 3.0 §8.2: a credential as compact JWS, proved by a key that its issuer publishes. */
export async function verifyToken(secured: Token, session: Session): Promise<Proven> {
  const { header, token, credential } = secured;
  readAlgorithm(header);
  assertHeader(header, token);
  const issuer = idOf(credential.issuer) ?? '';
  const proven = await findKey(issuer, secured, session);
  await assertSignedWith(proven.method, secured, session.now);
  assertClaims(secured, issuer, session.now);
  return proven;
}

function readAlgorithm({ alg }: Json) {
  const kind =
    typeof alg === 'string' && Object.hasOwn(algorithms, alg) ? algorithms[alg] : undefined;
  if (typeof alg === 'string' && kind) return { alg, kind };
  throw broken('ALGORITHM_NOT_ALLOWED', 'It is signed in a way that is not accepted.');
}

/** The cryptography of a token: this key, in force, of the kind that the algorithm is for, made its signature. */
export async function assertSignedWith(
  method: VerificationMethod,
  { header, token }: Pick<Token, 'header' | 'token'>,
  now: Date,
): Promise<void> {
  const { alg, kind } = readAlgorithm(header);
  assertKeyInForce(method, now);
  const jwk = jwkOf(method);
  if (jwk.kty !== kind.kty || (kind.crv !== undefined && jwk.crv !== kind.crv)) {
    throw broken(
      'ALGORITHM_NOT_ALLOWED',
      'The issuer’s key is of another kind than the signature.',
    );
  }
  await assertSignature(token, jwk, alg);
}

async function assertSignature(token: string, jwk: Json, alg: string): Promise<void> {
  try {
    await compactVerify(token, await importJWK(jwk as JWK, alg), { algorithms: [alg] });
  } catch {
    throw broken(
      'PROOF_INVALID',
      'It was changed after it was signed, or signed with another key.',
    );
  }
}

async function findKey(
  issuer: string,
  { header, token }: Token,
  session: Session,
): Promise<Proven> {
  if (!issuer.startsWith('did:')) return findWebKey(issuer, header, session);
  const controller = await resolveController(issuer, session);
  const { methods, withdrawn = [] } = controller;
  const wanted = await wantedThumbprint(header, issuer, session, [...methods, ...withdrawn]);
  const isNamed = async (method: VerificationMethod) =>
    method.id === header.kid || (wanted !== undefined && (await thumbprintOf(method)) === wanted);
  for (const method of methods) {
    if (await isNamed(method)) return { controller, method };
  }
  for (const method of withdrawn) {
    if (await isNamed(method)) {
      return vouchForWithdrawn(controller, method, () =>
        session.findLogged?.('jwt', sha256(token)),
      );
    }
  }
  throw notPublished();
}

/**
 * The thumbprint of the key that the token asks for. A `kid` on the issuer's own host may be named after the
 * thumbprint or lead to the key; a `jwk` in the head only says which of the published keys is meant.
 */
async function wantedThumbprint(
  { kid, jwk }: Json,
  issuer: string,
  session: Session,
  methods: readonly VerificationMethod[],
): Promise<string | undefined> {
  if (typeof kid !== 'string') return isObject(jwk) ? thumbprint(jwk) : undefined;
  if (methods.some(({ id }) => id === kid)) return undefined;
  if (!URL.canParse(kid) || new URL(kid).host !== didWebHost(issuer)) return undefined;
  const named = new URL(kid).pathname.split('/').at(-1);
  for (const method of methods) {
    if ((await thumbprintOf(method)) === named) return named;
  }
  const found = await session.load(kid).catch(unreachable);
  return isObject(found) ? thumbprint(found) : undefined;
}

/** An issuer with a web address publishes its keys on its host (implementation guide, key provenance). */
async function findWebKey(issuer: string, header: Json, session: Session): Promise<Proven> {
  const { kid } = header;
  for (const jwk of await loadKeySet(issuer, session)) {
    if (belongsTo(jwk, issuer) && (await isWanted(jwk, header))) return webKey(issuer, jwk, kid);
  }
  if (typeof kid !== 'string' || !sameOrigin(kid, issuer)) throw notPublished();
  const found = kid.includes('#') ? undefined : await session.load(kid).catch(unreachable);
  if (!isObject(found) || typeof found.kty !== 'string') {
    return findControllersKey(issuer, kid, session);
  }
  if (!belongsTo(found, issuer)) throw notPublished();
  return webKey(issuer, found, kid);
}

async function loadKeySet(issuer: string, session: Session): Promise<readonly Json[]> {
  const { href } = new URL('/.well-known/jwks.json', issuer);
  const found = await session.load(href).catch(() => undefined);
  return isObject(found) ? list(found.keys).filter(isObject).slice(0, 100) : [];
}

/** The key stands in the document that the issuer's address answers with, or is a document of its own. */
async function findControllersKey(issuer: string, kid: string, session: Session): Promise<Proven> {
  const controller = await resolveController(issuer, session, kid);
  const method = controller.methods.find(({ id }) => id === kid);
  if (method?.controller !== issuer) throw notPublished();
  return { controller, method };
}

/** `iss` in a key tells the issuers on one host apart. */
function belongsTo({ iss }: Json, issuer: string): boolean {
  return iss === undefined || iss === issuer;
}

async function isWanted(jwk: Json, header: Json): Promise<boolean> {
  if (typeof header.kid === 'string') return jwk.kid === header.kid;
  return isObject(header.jwk) && (await thumbprint(jwk)) === (await thumbprint(header.jwk));
}

function webKey(issuer: string, jwk: Json, kid: unknown): Proven {
  const method = { id: typeof kid === 'string' ? kid : issuer, controller: issuer, jwk };
  return { controller: { id: issuer, methods: [method], confirmed: true }, method };
}

function jwkOf({ jwk, multikey }: VerificationMethod): Json {
  return jwk ?? parseMultikey(multikey ?? '')?.jwk ?? {};
}

function thumbprintOf(method: VerificationMethod): Promise<string | undefined> {
  return thumbprint(jwkOf(method));
}

async function thumbprint(jwk: Json): Promise<string | undefined> {
  return calculateJwkThumbprint(jwk as JWK).catch(() => undefined);
}

function notPublished(): Problem {
  return broken(
    'KEY_NOT_AUTHORIZED',
    'It was signed with a key that its issuer does not publish for signing.',
  );
}

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
