import { createPublicKey, type KeyObject } from 'node:crypto';
import { compactVerify } from 'jose';
import { unreachable } from '../controller.ts';
import { assertKeyInForce } from '../key.ts';
import { Problem } from '../problem.ts';
import { assertNotListed } from '../revocation-list.ts';
import type { Session } from '../session.ts';
import { assertHeader } from '../token-rules.ts';
import type { Json, Secured } from '../types.ts';
import { idOf, isObject, list } from '../values.ts';
import { loadAward, loadPlain, webAddress, type Award } from './parts.ts';

type Token = Extract<Secured, { kind: 'jwt' }>;

const maxKeys = 20;

/** Open Badges 2.0, signed verification: a compact JWS by a key that the issuer's profile lists. */
export async function confirmSigned(
  { token, header, credential: assertion }: Token,
  session: Session,
): Promise<Award> {
  assertHeader(header, token);
  const award = await loadAward(assertion, session);
  const { creator } = (assertion.verification ?? assertion.verify) as Json;
  const key = await findKey(award.issuer, idOf(creator), session);
  const { algorithm, publicKey } = readKey(key);
  if (header.alg !== algorithm) {
    const detail = 'The issuer’s key is of another kind than the signature.';
    throw broken('ALGORITHM_NOT_ALLOWED', detail);
  }
  await compactVerify(token, publicKey, { algorithms: [algorithm] }).catch(() => {
    throw broken(
      'PROOF_INVALID',
      'It was changed after it was signed, or signed with another key.',
    );
  });
  return award;
}

/** Throws a Problem unless the issuer's list was read and does not name it; false when there is no list. */
export async function isListKept({ assertion, issuer }: Award, session: Session): Promise<boolean> {
  const url = webAddress(idOf(issuer.revocationList));
  if (url === undefined) return false;
  const id = idOf(assertion) ?? '';
  const member = 'revokedAssertions';
  await assertNotListed({ url, id, issuer: issuer.id, member }, session);
  return true;
}

/** The key that the assertion names, or the only one; the token itself never brings a key. */
async function findKey(
  issuer: Award['issuer'],
  creator: string | undefined,
  session: Session,
): Promise<Json> {
  const listed = list(issuer.publicKey).slice(0, maxKeys);
  const [only] = listed.length === 1 ? listed : [];
  const named = creator === undefined ? only : listed.find((entry) => idOf(entry) === creator);
  const id = idOf(named);
  if (named === undefined || id === undefined) throw notPublished();
  const key = isObject(named) && 'publicKeyPem' in named ? named : await loadKey(id, session);
  if (key?.id !== id || idOf(key.owner) !== issuer.id) throw notPublished();
  const { revoked, expires } = key;
  assertKeyInForce({ id, controller: issuer.id, revoked, expires }, session.now);
  return key;
}

function loadKey(id: string, session: Session): Promise<Json | undefined> {
  return webAddress(id) === undefined
    ? Promise.resolve(undefined)
    : loadPlain(id, session).catch(unreachable);
}

/** Which algorithm a key may be used with is for the key to say, never for the token. */
function readKey({ publicKeyPem }: Json): { algorithm: string; publicKey: KeyObject } {
  const isPublic =
    typeof publicKeyPem === 'string' &&
    /^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(publicKeyPem);
  const publicKey = isPublic ? parseKey(publicKeyPem) : undefined;
  const algorithm = publicKey && algorithmOf(publicKey);
  if (publicKey !== undefined && algorithm !== undefined) return { algorithm, publicKey };
  const detail =
    'The issuer’s key is of a kind that is not known here, or too weak to prove anything.';
  throw new Problem('proof', 'unverifiable', 'PROOF_NOT_SUPPORTED', detail);
}

function parseKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  const { modulusLength = 0, namedCurve } = asymmetricKeyDetails ?? {};
  if (asymmetricKeyType === 'rsa' && modulusLength >= 2048) return 'RS256';
  if (asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  return asymmetricKeyType === 'ed25519' ? 'EdDSA' : undefined;
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
