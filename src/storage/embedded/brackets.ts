import { BSONRegExp, Binary } from 'bson';
import { bsonType } from './document.ts';
import { refuse } from './error.ts';

/** Type brackets in MongoDB's comparison order; each is also the first byte of a key. */
export const T = {
  minkey: 1,
  undef: 5,
  null: 10,
  num: 15,
  str: 20,
  obj: 25,
  arr: 30,
  bin: 35,
  oid: 40,
  bool: 45,
  date: 50,
  ts: 55,
  re: 60,
  maxkey: 127,
} as const;

/** Stands for an empty array in sorting and in index keys, where MongoDB uses the old type "undefined". */
export const UNDEF: unique symbol = Symbol('empty array');

const BRACKET_BY_CLASS: Readonly<Record<string, number>> = {
  Int32: T.num,
  Double: T.num,
  Long: T.num,
  Decimal128: T.num,
  ObjectId: T.oid,
  Binary: T.bin,
  BSONRegExp: T.re,
  Timestamp: T.ts,
  MinKey: T.minkey,
  MaxKey: T.maxkey,
};

const BRACKET_BY_TYPEOF: Readonly<Record<string, number>> = {
  undefined: T.null,
  number: T.num,
  bigint: T.num,
  string: T.str,
  boolean: T.bool,
  symbol: T.undef,
};

/** Values of different brackets never equal each other and sort by bracket. A missing value counts as null. */
export function bracket(value: unknown): number {
  const simple = BRACKET_BY_TYPEOF[typeof value];
  if (simple !== undefined) return simple;
  if (value === null) return T.null;
  if (typeof value !== 'object') return refuse(2, `A ${typeof value} is not a BSON value`);
  const type = bsonType(value);
  if (type === undefined) return bracketOfPlainObject(value);
  return (
    BRACKET_BY_CLASS[type] ?? refuse(2, `Values of type ${type} are not supported by this store`)
  );
}

function bracketOfPlainObject(value: object): number {
  if (Array.isArray(value)) return T.arr;
  if (value instanceof Date) return T.date;
  if (value instanceof RegExp) return T.re;
  return value instanceof Uint8Array ? T.bin : T.obj;
}

export function binaryParts(value: Binary | Uint8Array): { bytes: Uint8Array; subtype: number } {
  return value instanceof Binary
    ? { bytes: value.buffer.subarray(0, value.position), subtype: value.sub_type }
    : { bytes: value, subtype: Binary.SUBTYPE_DEFAULT };
}

export function isRegex(value: unknown): value is RegExp | BSONRegExp {
  return value instanceof RegExp || value instanceof BSONRegExp;
}

export function regexParts(value: RegExp | BSONRegExp): { pattern: string; options: string } {
  return value instanceof BSONRegExp
    ? { pattern: value.pattern, options: value.options }
    : { pattern: value.source, options: value.flags };
}
