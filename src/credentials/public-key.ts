import { createPublicKey, ECDH } from 'node:crypto';
import { decodeMultikey, encodeMultikey, type KeyKind } from './multibase.ts';

/** A key that proofs are checked with, in both forms in which issuers publish it. */
export interface PublicKey {
  readonly kind: KeyKind;
  readonly multikey: string;
  readonly jwk: Readonly<Record<string, string>>;
}

type Curve = Exclude<KeyKind, 'Ed25519'>;

const curves: Readonly<Record<Curve, { name: string; size: number }>> = {
  'P-256': { name: 'prime256v1', size: 32 },
  'P-384': { name: 'secp384r1', size: 48 },
};

const isCurve = (name: unknown): name is Curve =>
  typeof name === 'string' && Object.hasOwn(curves, name);

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Undefined for all but a whole key of a kind that is known here; points have to lie on their curve. */
export function parseMultikey(multikey: string): PublicKey | undefined {
  const decoded = decodeMultikey(multikey);
  if (decoded === undefined) return undefined;
  const { kind, publicKey } = decoded;
  if (kind === 'Ed25519') {
    return { kind, multikey, jwk: { kty: 'OKP', crv: kind, x: base64url(publicKey) } };
  }
  const point = decompress(publicKey, kind);
  if (point === undefined) return undefined;
  const { size } = curves[kind];
  const [x, y] = [point.subarray(1, 1 + size), point.subarray(1 + size)];
  return { kind, multikey, jwk: { kty: 'EC', crv: kind, x: base64url(x), y: base64url(y) } };
}

function decompress(point: Uint8Array, kind: Curve): Buffer | undefined {
  try {
    const { name } = curves[kind];
    return ECDH.convertKey(point, name, undefined, undefined, 'uncompressed') as Buffer;
  } catch {
    return undefined;
  }
}

/** The same from a JWK (RFC 7517). */
export function parsePublicJwk(jwk: Readonly<Record<string, unknown>>): PublicKey | undefined {
  const { kty, crv, x, y } = jwk;
  if (typeof x !== 'string') return undefined;
  if (kty === 'OKP' && crv === 'Ed25519') {
    return parseMultikey(encodeMultikey(Buffer.from(x, 'base64url')));
  }
  if (kty !== 'EC' || !isCurve(crv) || typeof y !== 'string') return undefined;
  return isOnCurve({ kty, crv, x, y }) ? parseMultikey(compress(crv, x, y)) : undefined;
}

function isOnCurve(jwk: Record<string, string>): boolean {
  try {
    createPublicKey({ key: jwk, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

/** SEC 1 §2.3.3: the sign of y, then x. */
function compress(kind: Curve, x: string, y: string): string {
  const sign = 2 + ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1);
  return encodeMultikey(Uint8Array.from([sign, ...Buffer.from(x, 'base64url')]), kind);
}
