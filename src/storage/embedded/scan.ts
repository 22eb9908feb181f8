// Reads documents by a plan, lazily and a few rows at a time: no statement stays open between two batches of a cursor.
import type { Collection } from './catalogue.ts';
import type { Index } from './index.ts';
import type { IndexScan, KeyRange, Plan } from './planner.ts';
import type { Row, Sqlite } from './sqlite.ts';
import { bytes, integer } from './sqlite.ts';

export interface StoredDocument {
  readonly rid: number;
  readonly raw: Buffer;
}

const FIRST_ROWS = 16;
const MOST_ROWS = 512;

/** `tick` is called between two reads, and may throw to end them. */
export function* scanPlan(
  db: Sqlite,
  collection: Collection,
  plan: Plan,
  tick: () => void,
): Generator<StoredDocument> {
  if (!plan.scans.length) {
    yield* scanAll(db, collection, tick);
    return;
  }
  const mayRepeat = plan.scans.length > 1 || plan.scans.some((scan) => scan.index.arrays !== 0);
  const seen = new Set<number>();
  for (const row of scanIndexes(db, collection, plan.scans, tick)) {
    if (seen.has(row.rid)) continue;
    if (mayRepeat) seen.add(row.rid);
    yield row;
  }
}

function* scanIndexes(
  db: Sqlite,
  collection: Collection,
  scans: readonly IndexScan[],
  tick: () => void,
): Generator<StoredDocument> {
  for (const scan of scans) {
    const ranges = scan.reverse ? [...scan.ranges].reverse() : scan.ranges;
    const sql = statements(collection, scan);
    for (const range of ranges) yield* scanRange(db, sql, range, tick);
  }
}

function* scanAll(db: Sqlite, { table }: Collection, tick: () => void): Generator<StoredDocument> {
  const next = `SELECT rid, doc FROM ${table} WHERE rid > ? ORDER BY rid LIMIT ?`;
  let last = -1;
  for (let size = FIRST_ROWS; ; size = Math.min(size * 4, MOST_ROWS)) {
    tick();
    const rows = db.prepare(next).all(last, size);
    for (const row of rows) yield stored(row);
    if (rows.length < size) return;
    last = integer(rows.at(-1), 'rid');
  }
}

interface RangeStatements {
  readonly first: string;
  readonly next: string;
  readonly reverse: boolean;
}

function* scanRange(
  db: Sqlite,
  { first, next, reverse }: RangeStatements,
  { low, high }: KeyRange,
  tick: () => void,
): Generator<StoredDocument> {
  let last: Row | undefined;
  for (let size = FIRST_ROWS; ; size = Math.min(size * 4, MOST_ROWS)) {
    tick();
    const rows = last
      ? db.prepare(next).all(bytes(last, 'k'), integer(last, 'rid'), reverse ? low : high, size)
      : db.prepare(first).all(low, high, size);
    for (const row of rows) yield stored(row);
    if (rows.length < size) return;
    last = rows.at(-1);
  }
}

/** Pages by the last entry seen, so that entries which come or go meanwhile do no harm. */
function statements(collection: Collection, { index, reverse }: IndexScan): RangeStatements {
  const { from, k, rid } = source(collection, index);
  const way = reverse ? 'DESC' : 'ASC';
  const select = `SELECT ${k} k, ${rid} rid, c.doc doc FROM ${from} WHERE`;
  const order = `ORDER BY ${k} ${way}, ${rid} ${way} LIMIT`;
  return {
    first: `${select} ${k} >= ? AND ${k} < ? ${order} ?`,
    next: reverse
      ? `${select} (${k}, ${rid}) < (?1, ?2) AND ${k} >= ?3 ${order} ?4`
      : `${select} (${k}, ${rid}) > (?1, ?2) AND ${k} < ?3 ${order} ?4`,
    reverse,
  };
}

function source(collection: Collection, index: Index): { from: string; k: string; rid: string } {
  const documents = `${collection.table} c`;
  if (index === collection.primary) return { from: documents, k: 'c.k', rid: 'c.rid' };
  // CROSS JOIN: SQLite keeps this order and never starts from the documents.
  return {
    from: `${index.table} i CROSS JOIN ${documents} ON c.rid = i.rid`,
    k: 'i.k',
    rid: 'i.rid',
  };
}

function stored(row: Row): StoredDocument {
  return { rid: integer(row, 'rid'), raw: bytes(row, 'doc') };
}
