import type { BSONRegExp, Binary, ObjectId, Timestamp } from 'bson';
import { T, UNDEF, binaryParts, bracket, regexParts } from './brackets.ts';
import type { Document } from './document.ts';
import { numberKey } from './numbers.ts';

/*
 * Index keys are byte strings that memcmp puts in MongoDB's order of the values (the part KeyString plays there).
 * A component starts with its type bracket and delimits itself, so components can be joined into compound keys, and
 * a descending component is the same bytes inverted.
 */

type Encoder = (out: Uint8Array[], value: never) => void;

const END = Buffer.from([0]);
const END_OF_TEXT = Buffer.from([0, 0]);

const ENCODERS: Readonly<Record<number, Encoder>> = {
  [T.num]: (out, value: unknown) => out.push(numberKey(value)),
  [T.str]: encodeText,
  [T.obj]: encodeFields,
  [T.arr]: encodeElements,
  [T.bin]: encodeBinary,
  [T.oid]: (out, value: ObjectId) => out.push(value.id),
  [T.bool]: (out, value: boolean) => out.push(Buffer.from([Number(value)])),
  [T.date]: encodeDate,
  [T.ts]: encodeTimestamp,
  [T.re]: encodeRegex,
};

/** One component of an index key. */
export function encode(value: unknown, descending = false): Buffer {
  const out: Uint8Array[] = [];
  encodeInto(out, value);
  const key = Buffer.concat(out);
  return descending ? invert(key) : key;
}

function encodeInto(out: Uint8Array[], value: unknown, name?: string): void {
  const type = value === UNDEF ? T.undef : bracket(value);
  out.push(Buffer.from([type]));
  if (name !== undefined) encodeText(out, name);
  ENCODERS[type]?.(out, value as never);
}

/** UTF-8, ended by 00 00; a zero byte inside is followed by FF, so that it sorts after the end. */
function encodeText(out: Uint8Array[], text: string): void {
  const bytes = Buffer.from(text);
  if (bytes.includes(0)) {
    const escaped: number[] = [];
    for (const byte of bytes) escaped.push(...(byte === 0 ? [0, 0xff] : [byte]));
    out.push(Buffer.from(escaped));
  } else out.push(bytes);
  out.push(END_OF_TEXT);
}

function encodeFields(out: Uint8Array[], document: Document): void {
  for (const name of Object.keys(document)) encodeInto(out, document[name], name);
  out.push(END);
}

function encodeElements(out: Uint8Array[], elements: readonly unknown[]): void {
  for (const element of elements) encodeInto(out, element);
  out.push(END);
}

function encodeBinary(out: Uint8Array[], value: Binary | Uint8Array): void {
  const { bytes, subtype } = binaryParts(value);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.length);
  head[4] = subtype;
  out.push(head, bytes);
}

function encodeDate(out: Uint8Array[], date: Date): void {
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE(BigInt.asUintN(64, BigInt(date.getTime()) ^ (1n << 63n)));
  out.push(key);
}

function encodeTimestamp(out: Uint8Array[], value: Timestamp): void {
  const key = Buffer.alloc(8);
  key.writeUInt32BE(value.t);
  key.writeUInt32BE(value.i, 4);
  out.push(key);
}

function encodeRegex(out: Uint8Array[], value: RegExp | BSONRegExp): void {
  const { pattern, options } = regexParts(value);
  encodeText(out, pattern);
  encodeText(out, options);
}

/** The same key in a descending index. */
export function invert(bytes: Uint8Array): Buffer {
  const inverted = Buffer.from(bytes);
  for (const [i, byte] of inverted.entries()) inverted[i] = byte ^ 0xff;
  return inverted;
}

/** The least byte string that is greater than every string starting with these bytes. */
export function after(bytes: Uint8Array): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0xff) end -= 1;
  if (end === 0) return Buffer.alloc(12, 0xff);
  const next = Buffer.from(bytes.subarray(0, end));
  next[end - 1] = (next[end - 1] ?? 0) + 1;
  return next;
}
