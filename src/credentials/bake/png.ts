import { crc32 } from 'node:zlib';
import { assertBakeable, assertSearchable, brokenImage, maxCredentialBytes } from './limits.ts';

// PNG (third edition) §5.2, §5.3 and §11.3.3.4 iTXt; Open Badges 3.0 §5.3.1 Baking.
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const keyword = 'openbadgecredential';
/** CLR 2.0 transcripts are baked in the same way under their own keyword. */
const readableKeywords = [keyword, 'clrcredential'];
/** Open Badges 1 and 2: an assertion, its signature or its address; the oldest used a plain text chunk. */
const olderKeyword = 'openbadges';

interface Chunk {
  readonly type: string;
  /** Where the chunk begins (its length field) and where the next one does. */
  readonly start: number;
  readonly end: number;
  readonly data: Buffer;
}

export function isPng(bytes: Uint8Array): boolean {
  return signature.equals(bytes.subarray(0, signature.length));
}

/** Puts the signed JSON text or the compact JWS into the picture; an earlier one is replaced. */
export function bakePng(image: Uint8Array, credential: string): Uint8Array {
  assertBakeable(image, credential);
  const bytes = asBuffer(image);
  const pieces: Buffer[] = [bytes.subarray(0, signature.length)];
  for (const chunk of chunks(bytes)) {
    if (textKeyword(chunk) === keyword) continue;
    pieces.push(bytes.subarray(chunk.start, chunk.end));
    if (chunk.type === 'IHDR') pieces.push(credentialChunk(credential));
  }
  return Buffer.concat(pieces);
}

/**
 * The credential in the picture (signed JSON text or compact JWS), or undefined when there is none. A badge of an
 * older kind is only looked for when there is none of today's.
 */
export function unbakePng(image: Uint8Array): string | undefined {
  assertSearchable(image);
  let older: string | undefined;
  for (const chunk of chunks(asBuffer(image))) {
    const found = textKeyword(chunk);
    if (chunk.type === 'iTXt' && found !== undefined && readableKeywords.includes(found)) {
      return chunkText(chunk, found);
    }
    if (found === olderKeyword && chunk.type !== 'zTXt') older ??= chunkText(chunk, found);
  }
  return older;
}

function* chunks(bytes: Buffer): Generator<Chunk> {
  if (!isPng(bytes)) throw brokenImage('This is not a PNG picture.');
  let start = signature.length;
  let type = '';
  while (type !== 'IEND') {
    if (start + 12 > bytes.length) throw brokenImage('The PNG picture is cut off.');
    const end = start + 12 + bytes.readUInt32BE(start);
    if (end > bytes.length) throw brokenImage('The PNG picture is cut off.');
    type = bytes.toString('latin1', start + 4, start + 8);
    if (start === signature.length && type !== 'IHDR') {
      throw brokenImage('The PNG picture does not begin with its header.');
    }
    yield { type, start, end, data: bytes.subarray(start + 8, end - 4) };
    start = end;
  }
}

/** The keyword of a text chunk of any of the three kinds; at most 79 bytes by the standard. */
function textKeyword({ type, data }: Chunk): string | undefined {
  if (type !== 'iTXt' && type !== 'tEXt' && type !== 'zTXt') return undefined;
  const end = data.subarray(0, 80).indexOf(0);
  return end < 0 ? undefined : data.toString('latin1', 0, end);
}

function credentialChunk(credential: string): Buffer {
  // Not compressed, no language tag, no translated keyword.
  const data = Buffer.concat([
    Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'),
    Buffer.from(credential),
  ]);
  const chunk = Buffer.alloc(data.length + 12);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write('iTXt', 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), chunk.length - 4);
  return chunk;
}

function chunkText({ type, data }: Chunk, found: string): string {
  const stored = asBuffer(new Uint8Array(data.buffer, data.byteOffset + data.length, 4));
  if (crc32(data, crc32(type)) !== stored.readUInt32BE(0)) {
    throw brokenImage('The credential in the picture is damaged.');
  }
  const flags = found.length + 1;
  if (type === 'tEXt') return decode(data.subarray(flags));
  const language = data.indexOf(0, flags + 2);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  if (translated < 0) throw brokenImage('The credential in the picture is damaged.');
  // Open Badges 3.0 §5.3.1 forbids compression, and what is not unpacked cannot be a bomb.
  if (data[flags] !== 0) throw brokenImage('The credential in the picture is compressed.');
  return decode(data.subarray(translated + 1));
}

function decode(body: Buffer): string {
  if (body.length > maxCredentialBytes) {
    throw brokenImage('The credential in the picture is too large.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (error) {
    throw brokenImage('The credential in the picture is damaged.', error);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
