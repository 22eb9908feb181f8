// Writes one document and its index entries. Every unique key is checked before anything of the document is written,
// so a refused document leaves no trace.
import { Binary, EJSON, ObjectId, UUID } from 'bson';
import type { Catalogue, Collection } from './catalogue.ts';
import type { Document } from './document.ts';
import { encodeDocument, isObj } from './document.ts';
import { DbError, refuse } from './error.ts';
import type { Index, IndexEntries, IndexEntry } from './index.ts';
import { isRegex } from './match.ts';
import { UNDEF } from './order.ts';
import type { Sqlite } from './sqlite.ts';
import { integer } from './sqlite.ts';

export interface Rows {
  readonly insert: (collection: Collection, raw: Buffer, document: Document) => void;
  readonly replace: (collection: Collection, rid: number, change: Change) => void;
  readonly remove: (collection: Collection, rid: number, document: Document) => void;
  /** Adds one document to a new index; gives the parts that hold arrays. */
  readonly addEntries: (
    collection: Collection,
    index: Index,
    rid: number,
    document: Document,
  ) => number;
}

export interface Change {
  readonly before: Document;
  readonly after: Document;
}

const DUPLICATE_KEY = 11000;
const INVALID_ID = 53;
const TOO_LARGE = 10334;
const LARGEST_DOCUMENT = 16 * 1024 * 1024;

export function createRows(db: Sqlite, catalogue: Catalogue): Rows {
  /** A unique key must be free, or this document's own already. */
  const claim = (
    { ns }: Collection,
    index: Index,
    entries: readonly IndexEntry[],
    rid: number,
  ): void => {
    if (!index.definition.unique) return;
    const owner = db.prepare(`SELECT rid FROM ${index.table} WHERE k=?`);
    for (const { key, values } of entries) {
      const row = owner.get(key);
      if (row && integer(row, 'rid') !== rid) throw duplicateKey(ns, index, values);
    }
  };

  const addAll = (index: Index, entries: readonly IndexEntry[], rid: number): void => {
    const add = db.prepare(`INSERT INTO ${index.table}(k, rid) VALUES(?, ?)`);
    for (const { key } of entries) add.run(key, rid);
  };

  const removeAll = (index: Index, entries: readonly IndexEntry[], rid: number): void => {
    const remove = db.prepare(`DELETE FROM ${index.table} WHERE k=? AND rid=?`);
    for (const { key } of entries) remove.run(key, rid);
  };

  const noteArrays = (index: Index, { arrays }: IndexEntries): void => {
    if ((arrays & ~index.arrays) !== 0) catalogue.markArrays(index, arrays);
  };

  return {
    insert: (collection, raw, document) => {
      checkSize(raw);
      checkId(document._id);
      const { primary, table, indexes } = collection;
      const [id] = primary.entries(document).list;
      if (!id) return refuse(INVALID_ID, "The '_id' value cannot be indexed");
      const entries = indexes.map((index) => [index, index.entries(document)] as const);
      claim(collection, primary, [id], -1);
      for (const [index, { list }] of entries) claim(collection, index, list, -1);
      const insert = db.prepare(`INSERT INTO ${table}(k, doc) VALUES(?, ?)`);
      const rid = Number(insert.run(id.key, raw).lastInsertRowid);
      for (const [index, found] of entries) {
        addAll(index, found.list, rid);
        noteArrays(index, found);
      }
    },

    replace: (collection, rid, { before, after }) => {
      const raw = Buffer.from(encodeDocument(after));
      checkSize(raw);
      const changes = collection.indexes.map((index) => changeOf(index, before, after));
      for (const { index, fresh } of changes) claim(collection, index, fresh, rid);
      db.prepare(`UPDATE ${collection.table} SET doc=? WHERE rid=?`).run(raw, rid);
      for (const { index, gone, fresh, entries } of changes) {
        removeAll(index, gone, rid);
        addAll(index, fresh, rid);
        noteArrays(index, entries);
      }
    },

    remove: (collection, rid, document) => {
      for (const index of collection.indexes) removeAll(index, index.entries(document).list, rid);
      db.prepare(`DELETE FROM ${collection.table} WHERE rid=?`).run(rid);
    },

    addEntries: (collection, index, rid, document) => {
      const { list, arrays } = index.entries(document);
      claim(collection, index, list, rid);
      addAll(index, list, rid);
      return arrays;
    },
  };
}

interface IndexChange {
  readonly index: Index;
  readonly gone: readonly IndexEntry[];
  readonly fresh: readonly IndexEntry[];
  readonly entries: IndexEntries;
}

function changeOf(index: Index, before: Document, after: Document): IndexChange {
  const old = index.entries(before).list;
  const entries = index.entries(after);
  const without = (list: readonly IndexEntry[], others: readonly IndexEntry[]): IndexEntry[] => {
    const names = new Set(others.map(({ key }) => key.toString('latin1')));
    return list.filter(({ key }) => !names.has(key.toString('latin1')));
  };
  return { index, gone: without(old, entries.list), fresh: without(entries.list, old), entries };
}

function checkSize(raw: Buffer): void {
  if (raw.length > LARGEST_DOCUMENT) {
    refuse(
      TOO_LARGE,
      `BSONObj size: ${raw.length} is invalid. Size must be between 0 and ${LARGEST_DOCUMENT}(16MB)`,
    );
  }
}

function checkId(id: unknown): void {
  const type = Array.isArray(id) ? 'array' : isRegex(id) ? 'regex' : undefined;
  if (type) refuse(INVALID_ID, `The '_id' value cannot be of type ${type}`);
}

/** MongoDB's words: Mongoose and people read the index, the key and the value out of them. */
function duplicateKey(ns: string, { definition }: Index, values: readonly unknown[]): DbError {
  const { name, key } = definition;
  const keyValue = Object.fromEntries(
    Object.keys(key).map((path, n) => [path, values[n] === UNDEF ? null : (values[n] ?? null)]),
  );
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${shellForm(value)}`);
  return new DbError(
    DUPLICATE_KEY,
    `E11000 duplicate key error collection: ${ns} index: ${name} dup key: { ${shown.join(', ')} }`,
    { keyPattern: { ...key }, keyValue },
  );
}

function shellForm(value: unknown): string {
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  if (value instanceof Binary) return binaryForm(value);
  if (Array.isArray(value)) return `[ ${value.map(shellForm).join(', ')} ]`;
  if (isObj(value)) {
    const fields = Object.entries(value).map(([name, one]) => `${name}: ${shellForm(one)}`);
    return `{ ${fields.join(', ')} }`;
  }
  return EJSON.stringify(value);
}

function binaryForm({ sub_type: type, buffer }: Binary): string {
  if (type === Binary.SUBTYPE_UUID) return `UUID("${new UUID(Buffer.from(buffer)).toString()}")`;
  return `BinData(${type}, ${Buffer.from(buffer).toString('hex').toUpperCase()})`;
}
