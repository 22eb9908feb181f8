// A command as it came over the wire, what may come back, and how its fields are read.
import type { Document } from './document.ts';
import { isObj } from './document.ts';
import { refuse } from './error.ts';
import { toNumber } from './order.ts';
import type { CursorReply, Cursors } from './cursors.ts';
import type { Store } from './store.ts';

export interface Command {
  readonly name: string;
  readonly db: string;
  readonly body: Document;
  /** The documents of an insert, as bytes: they are stored as they were sent. */
  readonly inserts: readonly Uint8Array[];
}

export type Reply = { readonly fields: Document } | { readonly cursor: CursorReply };

export interface Engine {
  readonly store: Store;
  readonly cursors: Cursors;
}

export interface Handler {
  readonly run: (command: Command, engine: Engine) => Reply;
  /** Runs under the write lock, in the transaction of its batch. */
  readonly writes?: true;
  /** Nothing matches, so nothing will be written: answered without the lock, so that idle pollers do not queue for it. */
  readonly isIdle?: (command: Command, engine: Engine) => boolean;
}

export type Handlers = Readonly<Record<string, Handler>>;

const BAD_VALUE = 2;
const TYPE_MISMATCH = 14;
const INVALID_NAMESPACE = 73;

export function answer(fields: Document = {}): Reply {
  return { fields: { ...fields, ok: 1 } };
}

/** `db.collection`, the collection being the value of the command's own field. */
export function namespaceOf({ db, body, name }: Command): string {
  const collection = body[name];
  if (typeof collection !== 'string' || !collection) {
    return refuse(INVALID_NAMESPACE, `collection name has invalid type in '${name}'`);
  }
  if (collection.includes('$') || collection.includes('\0')) {
    refuse(INVALID_NAMESPACE, `Invalid namespace specified '${db}.${collection}'`);
  }
  return `${db}.${collection}`;
}

export function numberOr(value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  const number = toNumber(value);
  return Number.isFinite(number) ? Math.trunc(number) : refuse(TYPE_MISMATCH, 'Expected a number');
}

export function flag(value: unknown, fallback = false): boolean {
  if (value === undefined || value === null) return fallback;
  return typeof value === 'boolean' ? value : toNumber(value) !== 0;
}

export function documentOr(value: unknown, fallback: Document): Document {
  if (value === undefined || value === null) return fallback;
  return isObj(value) ? value : refuse(TYPE_MISMATCH, 'Expected a document');
}

export function optionalDocument(value: unknown): Document | undefined {
  return value === undefined || value === null ? undefined : documentOr(value, {});
}

export function documentList(value: unknown, name: string): readonly Document[] {
  if (!Array.isArray(value) || !value.every(isObj)) {
    return refuse(TYPE_MISMATCH, `'${name}' must be an array of documents`);
  }
  return value;
}

export function optionalList(value: unknown, name: string): readonly Document[] | undefined {
  return value === undefined ? undefined : documentList(value, name);
}

/** Options that would change the result and are not there; what only advises (hint, comment, allowDiskUse) is ignored. */
export function refuseOptions(body: Document, names: readonly string[]): void {
  for (const name of names) {
    const value = body[name];
    const harmless = !value || (isObj(value) && isHarmless(name, value));
    if (!harmless) refuse(BAD_VALUE, `Option '${name}' is not supported`);
  }
}

function isHarmless(name: string, value: Document): boolean {
  return !Object.keys(value).length || (name === 'collation' && value.locale === 'simple');
}

export function deadlineOf(body: Document): number | undefined {
  const limit = numberOr(body.maxTimeMS, 0);
  return limit ? Date.now() + limit : undefined;
}
