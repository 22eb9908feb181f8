// Takes fields out of stored bytes without decoding the rest: most of a document is not what was asked for.
import { refuse } from './error.ts';

/** Fields of a document by name; true is the whole value. */
export type FieldTree = ReadonlyMap<string, FieldTree | true>;

export type Cut = (raw: Uint8Array) => Uint8Array;

interface Work {
  readonly from: Buffer;
  /** As long as `from`: what is left of a document is never longer than it was. */
  readonly to: Buffer;
  at: number;
}

const DOCUMENT = 0x03;
const ARRAY = 0x04;
const REGEX = 0x0b;

/** Bytes of values that are always the same length, by BSON type. */
const FIXED = new Map([
  ...[0x06, 0x0a, 0x7f, 0xff].map((type) => [type, 0] as const),
  [0x08, 1],
  [0x10, 4],
  ...[0x01, 0x09, 0x11, 0x12].map((type) => [type, 8] as const),
  [0x07, 12],
  [0x13, 16],
]);

/** What a value has beside the length that it begins with: that length itself, and what a length does not count. */
const BESIDE_LENGTH = new Map([
  ...[DOCUMENT, ARRAY, 0x0f].map((type) => [type, 0] as const),
  ...[0x02, 0x0d, 0x0e].map((type) => [type, 4] as const),
  [0x05, 5],
  [0x0c, 16],
]);

/**
 * Compiles a tree of fields. Of documents in arrays the same fields are kept, and scalars that have none of them go,
 * as with a projection.
 */
export function compileCut(tree: FieldTree): Cut {
  const names = inBytes(tree);
  return (raw) => {
    const from = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
    const work = { from, to: Buffer.allocUnsafe(from.length), at: 0 };
    keepFields(work, 0, names);
    // A copy, so that what is kept of a large document does not hold all of its length in memory.
    return Buffer.from(work.to.subarray(0, work.at));
  };
}

/** Names as they lie in the bytes, one character for each: cheaper to read than UTF-8. */
function inBytes(tree: FieldTree): FieldTree {
  return new Map(
    [...tree].map(([name, branch]) => [
      Buffer.from(name).toString('latin1'),
      branch === true ? true : inBytes(branch),
    ]),
  );
}

function keepFields(work: Work, start: number, tree: FieldTree): void {
  const { from } = work;
  const opened = open(work);
  const end = start + from.readInt32LE(start) - 1;
  for (let at = start + 4; at < end;) {
    const nameEnd = from.indexOf(0, at + 1);
    const next = nameEnd + 1 + sizeOf(from, at, nameEnd + 1);
    const branch = tree.get(from.toString('latin1', at + 1, nameEnd));
    if (branch === true) copy(work, at, next);
    else if (branch !== undefined) keepInside(work, { at, value: nameEnd + 1 }, branch);
    at = next;
  }
  close(work, opened);
}

function keepElements(work: Work, start: number, tree: FieldTree): void {
  const { from } = work;
  const opened = open(work);
  const end = start + from.readInt32LE(start) - 1;
  let kept = 0;
  for (let at = start + 4; at < end;) {
    const value = from.indexOf(0, at + 1) + 1;
    const type = from[at];
    if (type === DOCUMENT || type === ARRAY) {
      work.at = work.to.writeUInt8(type, work.at);
      work.at += work.to.write(`${kept}\0`, work.at, 'latin1');
      keepValue(work, type, value, tree);
      kept += 1;
    }
    at = value + sizeOf(from, at, value);
  }
  close(work, opened);
}

function keepInside(work: Work, { at, value }: { at: number; value: number }, tree: FieldTree) {
  const type = work.from[at];
  if (type !== DOCUMENT && type !== ARRAY) return;
  copy(work, at, value);
  keepValue(work, type, value, tree);
}

function keepValue(work: Work, type: number, start: number, tree: FieldTree): void {
  if (type === ARRAY) keepElements(work, start, tree);
  else keepFields(work, start, tree);
}

function copy(work: Work, start: number, end: number): void {
  work.at += work.from.copy(work.to, work.at, start, end);
}

function open(work: Work): number {
  work.at += 4;
  return work.at - 4;
}

function close(work: Work, opened: number): void {
  work.at = work.to.writeUInt8(0, work.at);
  work.to.writeInt32LE(work.at - opened, opened);
}

function sizeOf(from: Buffer, at: number, value: number): number {
  const type = from[at] ?? 0;
  const fixed = FIXED.get(type);
  if (fixed !== undefined) return fixed;
  const beside = BESIDE_LENGTH.get(type);
  if (beside !== undefined) return beside + from.readInt32LE(value);
  if (type === REGEX) return from.indexOf(0, from.indexOf(0, value) + 1) + 1 - value;
  return refuse(22, `a stored document has a value of the unknown type ${type}`);
}
