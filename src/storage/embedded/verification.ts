// Does every index hold exactly what the documents say? Derives every entry anew and compares.
import type { Catalogue, Collection } from './catalogue.ts';
import { decode } from './document.ts';
import type { Index } from './index.ts';
import { scanPlan } from './scan.ts';
import type { Sqlite } from './sqlite.ts';
import { bytes, integer, text } from './sqlite.ts';

export interface Verification {
  readonly collections: number;
  readonly documents: number;
  readonly entries: number;
  /** Sentences; none when all is well. */
  readonly problems: readonly string[];
}

const EVERYTHING = { scans: [], ordered: true, bounded: false };
const MOST_PROBLEMS = 100;

export function verifyStore(db: Sqlite, catalogue: Catalogue): Verification {
  const problems = checkFile(db);
  let documents = 0;
  let entries = 0;
  for (const collection of catalogue.list()) {
    documents += checkDocuments(db, collection, problems);
    for (const index of collection.indexes) {
      entries += checkIndex(db, collection, index, problems);
    }
  }
  return {
    collections: catalogue.list().length,
    documents,
    entries,
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}

function checkFile(db: Sqlite): string[] {
  return db
    .prepare('PRAGMA integrity_check')
    .all()
    .map((row) => text(row, 'integrity_check'))
    .filter((line) => line !== 'ok')
    .map((line) => `SQLite: ${line}`);
}

function checkDocuments(db: Sqlite, collection: Collection, problems: string[]): number {
  const { table, primary, ns } = collection;
  const keyOf = db.prepare(`SELECT k FROM ${table} WHERE rid=?`);
  let documents = 0;
  for (const { rid, raw } of scanPlan(db, collection, EVERYTHING, () => undefined)) {
    documents++;
    const key = primary.entries(decode(raw)).list[0]?.key;
    const row = keyOf.get(rid);
    if (!key || !row || !bytes(row, 'k').equals(key)) {
      problems.push(`${ns}: document ${rid} is filed under another _id`);
    }
  }
  return documents;
}

function checkIndex(db: Sqlite, collection: Collection, index: Index, problems: string[]): number {
  const name = `${collection.ns} ${index.definition.name}`;
  const expected = new Set<string>();
  for (const { rid, raw } of scanPlan(db, collection, EVERYTHING, () => undefined)) {
    const { list, arrays } = index.entries(decode(raw));
    for (const { key } of list) expected.add(`${key.toString('hex')} ${rid}`);
    if ((arrays & ~index.arrays) !== 0) {
      problems.push(`${name}: document ${rid} holds an array that the index does not know of`);
    }
  }
  const found = db.prepare(`SELECT k, rid FROM ${index.table}`).all();
  for (const row of found) {
    const rid = integer(row, 'rid');
    if (!expected.delete(`${bytes(row, 'k').toString('hex')} ${rid}`)) {
      problems.push(`${name}: an entry of document ${rid} should not be there`);
    }
  }
  for (const missing of expected) {
    problems.push(`${name}: an entry of document ${missing.split(' ')[1] ?? ''} is missing`);
  }
  return found.length;
}
