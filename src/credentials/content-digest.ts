import { decodeBase58 } from './multibase.ts';

/** Hash of some bytes, in lower-case hex. */
export interface ContentDigest {
  readonly algorithm: 'sha256' | 'sha384' | 'sha512';
  readonly hex: string;
}

/** From the weakest to the strongest, with the code of the multihash (multicodec table). */
const kinds = [
  { algorithm: 'sha256', code: 0x12, length: 32 },
  { algorithm: 'sha384', code: 0x20, length: 48 },
  { algorithm: 'sha512', code: 0x13, length: 64 },
] as const;
const maxHashes = 10;

/** VCDM 2.0 §5.3 `digestMultibase`: a multihash in base64url or base58. Undefined for every other kind. */
export function parseDigestMultibase(text: string): ContentDigest | undefined {
  const bytes = decodeMultibase(text.slice(0, 200));
  const kind = kinds.find(
    ({ code, length }) => bytes?.length === 2 + length && bytes[0] === code && bytes[1] === length,
  );
  if (bytes === undefined || kind === undefined) return undefined;
  return { algorithm: kind.algorithm, hex: Buffer.from(bytes.subarray(2)).toString('hex') };
}

function decodeMultibase(text: string): Uint8Array | undefined {
  if (text.startsWith('z')) return decodeBase58(text.slice(1));
  return /^u[\w-]+$/.test(text) ? Buffer.from(text.slice(1), 'base64url') : undefined;
}

/**
 * VCDM 2.0 §5.3 `digestSRI`: of several hashes the strongest kind counts, and any of that kind will do (Subresource
 * Integrity §3.3.4). Empty when none is of a kind that is known here.
 */
export function parseDigestSri(text: string): readonly ContentDigest[] {
  const found = text.slice(0, 2_000).trim().split(/\s+/).slice(0, maxHashes).flatMap(parseHash);
  const strongest = kinds.findLast(({ algorithm }) =>
    found.some((digest) => digest.algorithm === algorithm),
  );
  return found.filter(({ algorithm }) => algorithm === strongest?.algorithm);
}

function parseHash(text: string): readonly ContentDigest[] {
  const [, name, base64 = ''] = /^(sha\d{3})-([\w+/-]+={0,2})(?:\?\S*)?$/.exec(text) ?? [];
  const kind = kinds.find(({ algorithm }) => algorithm === name);
  const bytes = Buffer.from(base64, 'base64');
  return kind?.length === bytes.length
    ? [{ algorithm: kind.algorithm, hex: bytes.toString('hex') }]
    : [];
}
