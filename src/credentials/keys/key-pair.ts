import { createHash, createPublicKey, generateKeyPair, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyKind, PublicJwk, SigningKey } from '../../domain/keys.ts';

const generate = promisify(generateKeyPair);

/** RFC 7638: the required members only, in alphabetical order. */
export function thumbprint(jwk: PublicJwk): string {
  const members =
    jwk.kty === 'OKP'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x }
      : { e: jwk.e, kty: jwk.kty, n: jwk.n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

/** Of a public key, or of a private one its public half. */
export function publicJwkOf(key: KeyObject): PublicJwk {
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  const { kty, crv, x, n, e } = publicKey.export({ format: 'jwk' });
  if (kty === 'OKP' && crv === 'Ed25519' && x) return { kty, crv, x };
  if (kty === 'RSA' && n && e) return { kty, n, e };
  throw new TypeError('Only Ed25519 and RSA keys sign here.');
}

/** Not on the thread that asks: an RSA pair takes a while. */
export async function createPrivateKey(kind: KeyKind): Promise<KeyObject> {
  const { privateKey } = await (kind === 'Ed25519'
    ? generate('ed25519')
    : generate('rsa', { modulusLength: 2048 }));
  return privateKey;
}

/** Whether this is the signature of this key on this data. */
export function isSignedBy(
  { kind, publicJwk }: Pick<SigningKey, 'kind' | 'publicJwk'>,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  return verify(kind === 'Ed25519' ? null : 'sha256', data, key, signature);
}
