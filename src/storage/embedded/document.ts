import { EJSON, deserialize, serialize } from 'bson';

/** A decoded BSON document: plain keys, values of the driver's types. */
export type Document = Record<string, unknown>;

/** Every BSON class of the `bson` package carries this tag. */
export function bsonType(value: object): string | undefined {
  return (value as { _bsontype?: string })._bsontype;
}

/** True of an embedded document; false of arrays and of every scalar, even those that are objects in JavaScript. */
export function isObj(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (value instanceof Date || value instanceof RegExp || value instanceof Uint8Array) return false;
  return bsonType(value) === undefined;
}

export function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** For reading: numbers and strings as JavaScript has them; int64, decimals and binaries stay exact. */
export function decode(bytes: Uint8Array): Document {
  return deserialize(bytes, { promoteLongs: false, promoteBuffers: false, bsonRegExp: true });
}

/** For updating: every number keeps its BSON class, so that what is not touched is written back as it was. */
export function decodeExact(bytes: Uint8Array): Document {
  return deserialize(bytes, { promoteValues: false, bsonRegExp: true });
}

export function encodeDocument(document: Document): Uint8Array {
  return serialize(document, { ignoreUndefined: true });
}

/** A value as it reads in an error message. */
export function show(value: unknown): string {
  return value === undefined ? 'undefined' : EJSON.stringify(value);
}

/** Whether two values would be stored as the same bytes; 1 and 1.0 would not. */
export function identical(a: unknown, b: unknown): boolean {
  return Buffer.compare(encodeDocument({ value: a }), encodeDocument({ value: b })) === 0;
}

/** Assigns a field; `__proto__` becomes an ordinary field, as in BSON. */
export function setField(document: Document, name: string, value: unknown): void {
  if (name !== '__proto__') document[name] = value;
  else
    Object.defineProperty(document, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

/** The field itself, never something inherited from Object.prototype. */
export function getField(document: Document, name: string): unknown {
  return Object.hasOwn(document, name) ? document[name] : undefined;
}

/** Copies documents and arrays; scalars are shared, as nothing here changes them in place. */
export function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clone);
  return isObj(value) ? cloneDocument(value) : value;
}

export function cloneDocument(document: Document): Document {
  const copy: Document = {};
  for (const name of Object.keys(document)) setField(copy, name, clone(document[name]));
  return copy;
}

/** True of a path part that can also be a position in an array. */
export function isIndex(part: string): boolean {
  return /^(0|[1-9]\d*)$/.test(part);
}
