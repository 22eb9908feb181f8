import { gunzip, gzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import { ServiceError } from '../../shared/errors.ts';

// Bitstring Status List 1.0 §3.3, §3.4: index 0 is the most significant bit of byte 0.

/** Herd privacy: no published list is shorter. */
export const minimumBits = 131_072;
const maxListBytes = 16 * 1024 * 1024;

const inflate = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(gunzip);

export function createBitstring(length: number = minimumBits): Uint8Array {
  if (length < minimumBits || length % 8 !== 0) {
    throw new RangeError(`A status list has at least ${minimumBits} entries, in whole bytes.`);
  }
  return new Uint8Array(length / 8);
}

function mask(index: number): number {
  return 0x80 >> (index & 7);
}

function byteAt(bits: Uint8Array, index: number): number {
  const byte = Number.isSafeInteger(index) && index >= 0 ? bits[Math.floor(index / 8)] : undefined;
  if (byte === undefined) {
    throw new RangeError(
      `The status list has no entry ${index}; it ends at ${bits.length * 8 - 1}.`,
    );
  }
  return byte;
}

/** Throws a RangeError for an index outside of the list. */
export function getBit(bits: Uint8Array, index: number): boolean {
  return (byteAt(bits, index) & mask(index)) !== 0;
}

/** Changes `bits` in place. Never un-set a revocation: the caller knows the purpose of the list. */
export function setBit(bits: Uint8Array, index: number, value = true): void {
  const byte = byteAt(bits, index);
  bits[Math.floor(index / 8)] = value ? byte | mask(index) : byte & ~mask(index);
}

/** Level 6: level 9 is many times slower for a few per cent. */
export function encodeBitstring(bits: Uint8Array): string {
  return `u${gzipSync(bits, { level: 6 }).toString('base64url')}`;
}

function malformed(cause?: unknown): ServiceError {
  return new ServiceError(
    'unprocessable',
    'status_list.malformed',
    'The status list cannot be unpacked.',
    { cause },
  );
}

function isTooLong(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
}

async function unpack(packed: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await inflate(packed, { maxOutputLength: maxBytes });
  } catch (error) {
    if (!isTooLong(error)) throw malformed(error);
    throw new ServiceError(
      'unprocessable',
      'status_list.too_long',
      'The status list is larger than we are willing to unpack.',
    );
  }
}

/** Unpacks what a stranger sent: never more than `maxBytes`, never fewer entries than the specification demands. */
export async function decodeBitstring(
  encoded: string,
  { maxBytes = maxListBytes }: { maxBytes?: number } = {},
): Promise<Uint8Array> {
  if (!/^u[\w-]+$/.test(encoded)) throw malformed();
  const bits = await unpack(Buffer.from(encoded.slice(1), 'base64url'), maxBytes);
  if (bits.length * 8 < minimumBits) {
    throw new ServiceError(
      'unprocessable',
      'status_list.too_short',
      `The status list has fewer than the ${minimumBits} entries that protect its holders.`,
    );
  }
  return bits;
}
