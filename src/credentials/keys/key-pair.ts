import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyKind, PublicJwk, SigningKey } from '../../domain/keys.ts';
import { encodeMultikey } from '../multibase.ts';

const generate = promisify(generateKeyPair);

/** A key pair before its private half is wrapped. */
export interface KeyPair extends Pick<
  SigningKey,
  'id' | 'kind' | 'publicJwk' | 'publicKeyMultibase'
> {
  readonly privateKey: KeyObject;
}

/** RFC 7638: the required members only, in alphabetical order. */
export function thumbprint(jwk: PublicJwk): string {
  const members =
    jwk.kty === 'OKP'
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x }
      : { e: jwk.e, kty: jwk.kty, n: jwk.n };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

export function publicJwkOf(privateKey: KeyObject): PublicJwk {
  const { kty, x, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  if (kty === 'OKP' && x) return { kty, crv: 'Ed25519', x };
  if (kty === 'RSA' && n && e) return { kty, n, e };
  throw new TypeError('Only Ed25519 and RSA keys sign here.');
}

/** Off the main thread: an RSA pair takes a while. */
export async function createKeyPair(kind: KeyKind): Promise<KeyPair> {
  const { privateKey } = await (kind === 'Ed25519'
    ? generate('ed25519')
    : generate('rsa', { modulusLength: 2048 }));
  const publicJwk = publicJwkOf(privateKey);
  return {
    id: thumbprint(publicJwk),
    kind,
    publicJwk,
    ...(publicJwk.kty === 'OKP' && {
      publicKeyMultibase: encodeMultikey(Buffer.from(publicJwk.x, 'base64url')),
    }),
    privateKey,
  };
}
