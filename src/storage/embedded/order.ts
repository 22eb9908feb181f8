import type { BSONRegExp, Binary, ObjectId, Timestamp } from 'bson';
import { T, binaryParts, bracket, regexParts } from './brackets.ts';
import type { Document } from './document.ts';
import { compareNumbers } from './numbers.ts';

export { T, UNDEF, bracket } from './brackets.ts';
export { after, encode, invert } from './key-encoding.ts';
export { toNumber } from './numbers.ts';

type Comparator = (a: never, b: never) => number;

const COMPARATORS: Readonly<Record<number, Comparator>> = {
  [T.num]: compareNumbers,
  [T.str]: compareStrings,
  [T.obj]: compareDocuments,
  [T.arr]: compareArrays,
  [T.bin]: compareBinaries,
  [T.oid]: (a: ObjectId, b: ObjectId) => Buffer.compare(a.id, b.id),
  [T.bool]: (a: boolean, b: boolean) => Number(a) - Number(b),
  [T.date]: (a: Date, b: Date) => a.getTime() - b.getTime(),
  [T.ts]: (a: Timestamp, b: Timestamp) => a.compare(b),
  [T.re]: compareRegexes,
};

/** MongoDB's total order over BSON values: negative, zero or positive. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b);
  const type = bracket(a);
  const difference = type - bracket(b);
  if (difference !== 0) return difference;
  return COMPARATORS[type]?.(a as never, b as never) ?? 0;
}

export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b) === 0;
}

/** By code point, which is the order of the UTF-8 bytes; JavaScript's own order differs beyond U+FFFF. */
function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Moves surrogates (U+D800 to U+DFFF) above the rest of the code units, because they stand for what lies beyond. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

function compareArrays(a: readonly unknown[], b: readonly unknown[]): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const order = compare(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Field by field in stored order: type first, then name, then value. */
function compareDocuments(a: Document, b: Document): number {
  const names = Object.keys(a);
  const others = Object.keys(b);
  for (const [i, name] of names.entries()) {
    const other = others[i];
    if (other === undefined) return 1;
    const order =
      bracket(a[name]) - bracket(b[other]) ||
      compareStrings(name, other) ||
      compare(a[name], b[other]);
    if (order !== 0) return order;
  }
  return names.length - others.length;
}

function compareBinaries(a: Binary | Uint8Array, b: Binary | Uint8Array): number {
  const x = binaryParts(a);
  const y = binaryParts(b);
  return (
    x.bytes.length - y.bytes.length || x.subtype - y.subtype || Buffer.compare(x.bytes, y.bytes)
  );
}

function compareRegexes(a: RegExp | BSONRegExp, b: RegExp | BSONRegExp): number {
  const x = regexParts(a);
  const y = regexParts(b);
  return compareStrings(x.pattern, y.pattern) || compareStrings(x.options, y.options);
}
