// Finds and counts. Rows come lazily; a sort that no index gives keeps the sort keys in memory, not the documents.
import type { Catalogue, Collection } from './catalogue.ts';
import type { Document } from './document.ts';
import { decode } from './document.ts';
import { refuse } from './error.ts';
import { compile, fieldsOf } from './match.ts';
import { plan } from './planner.ts';
import { compileCut } from './raw-fields.ts';
import type { StoredDocument } from './scan.ts';
import { scanPlan } from './scan.ts';
import type { SortKey, Sorter } from './sort.ts';
import { sorter } from './sort.ts';
import type { Sqlite } from './sqlite.ts';
import { bytes, integer } from './sqlite.ts';

export interface FindOptions {
  readonly sort?: Document | undefined;
  readonly skip?: number | undefined;
  readonly limit?: number | undefined;
  /** Milliseconds since the epoch after which the search gives up (maxTimeMS). */
  readonly deadline?: number | undefined;
}

export interface Reader {
  readonly find: (ns: string, filter: Document, options?: FindOptions) => Generator<StoredDocument>;
  readonly count: (ns: string, filter: Document, options?: FindOptions) => number;
}

export interface ReaderOptions {
  readonly db: Sqlite;
  readonly catalogue: Catalogue;
  /**
   * Refuses what no index serves: a filter with conditions that no index narrows, and an order over a whole collection
   * that no index gives. Reading or counting everything without an order is allowed, as it cannot be done better.
   */
  readonly strict: boolean;
  /** Told once of each kind of search that read many documents because no index serves it. */
  readonly onFullScan: (message: string) => void;
}

const BAD_VALUE = 2;
const MAX_TIME_EXPIRED = 50;
const MANY_DOCUMENTS = 5000;

export function createReader({ db, catalogue, strict, onFullScan }: ReaderOptions): Reader {
  const told = new Set<string>();

  const scan = (
    collection: Collection,
    filter: Document,
    { sort, deadline }: FindOptions,
  ): { rows: Iterable<StoredDocument>; ordered: boolean } => {
    const chosen = plan(collection, filter, sort);
    const { bounded, ordered } = chosen;
    const rows = scanPlan(db, collection, chosen, timer(deadline));
    const complaint = bounded
      ? undefined
      : complaintAbout(collection.ns, filter, ordered ? {} : sort);
    if (!complaint) return { rows, ordered };
    if (strict) refuse(BAD_VALUE, `${complaint} (strict mode)`);
    return { rows: watched(rows, complaint), ordered };
  };

  function* watched(rows: Iterable<StoredDocument>, complaint: string): Generator<StoredDocument> {
    let seen = 0;
    for (const row of rows) {
      if (++seen === MANY_DOCUMENTS && !told.has(complaint)) {
        told.add(complaint);
        onFullScan(`${complaint}: it read ${MANY_DOCUMENTS} documents and more`);
      }
      yield row;
    }
  }

  function* find(
    ns: string,
    filter: Document,
    options: FindOptions = {},
  ): Generator<StoredDocument> {
    const { skip = 0, limit = 0, sort = {} } = options;
    const order = isEmpty(sort) ? undefined : orderOf(sort);
    const test = isEmpty(filter) ? undefined : testOf(filter);
    const collection = catalogue.get(ns);
    if (!collection) return;
    const { rows, ordered } = scan(collection, filter, options);
    const hits = matching(rows, test);
    if (!order || ordered) yield* window(hits, skip, limit);
    else yield* sorted(db, collection, hits, { order, skip, limit });
  }

  const count = (ns: string, filter: Document, options: FindOptions = {}): number => {
    const { skip = 0, limit = 0, deadline } = options;
    const found = isEmpty(filter) ? countAll(ns) : countMatching(ns, filter, deadline);
    const rest = Math.max(0, found - skip);
    return limit ? Math.min(rest, limit) : rest;
  };

  const countAll = (ns: string): number => {
    const collection = catalogue.get(ns);
    if (!collection) return 0;
    return integer(db.prepare(`SELECT count(*) n FROM ${collection.table}`).get(), 'n');
  };

  const countMatching = (ns: string, filter: Document, deadline?: number): number => {
    const hits = find(ns, filter, { deadline });
    let found = 0;
    while (hits.next().done !== true) found++;
    return found;
  };

  return { find, count };
}

function isEmpty(document: Document | undefined): boolean {
  return !document || Object.keys(document).length === 0;
}

function complaintAbout(
  ns: string,
  filter: Document,
  sort: Document | undefined,
): string | undefined {
  if (!isEmpty(filter)) {
    return `No index of ${ns} serves the filter on ${Object.keys(filter).join(', ')}`;
  }
  if (!sort || isEmpty(sort)) return undefined;
  return `No index of ${ns} serves the order by ${Object.keys(sort).join(', ')}`;
}

function timer(deadline: number | undefined): () => void {
  return () => {
    if (deadline !== undefined && Date.now() > deadline) {
      refuse(MAX_TIME_EXPIRED, 'operation exceeded time limit');
    }
  };
}

type Test = (raw: Uint8Array) => boolean;

function testOf(filter: Document): Test {
  const test = compile(filter);
  const read = reading(fieldsOf(filter));
  return (raw) => test(read(raw));
}

/** Decodes these fields only. */
function reading(fields: readonly string[]): (raw: Uint8Array) => Document {
  const cut = compileCut(new Map(fields.map((name) => [name, true])));
  return (raw) => decode(cut(raw));
}

function* matching(
  rows: Iterable<StoredDocument>,
  test: Test | undefined,
): Generator<StoredDocument> {
  for (const row of rows) if (test?.(row.raw) ?? true) yield row;
}

function* window(
  hits: Iterable<StoredDocument>,
  skip: number,
  limit: number,
): Generator<StoredDocument> {
  let seen = 0;
  for (const hit of hits) {
    seen++;
    if (seen <= skip) continue;
    yield hit;
    if (limit && seen === skip + limit) return;
  }
}

interface Order extends Pick<Sorter, 'compare'> {
  readonly key: (raw: Uint8Array) => SortKey;
}

function orderOf(sort: Document): Order {
  const { key, compare } = sorter(sort);
  const read = reading(Object.keys(sort).map((path) => path.split('.', 1)[0] ?? path));
  return { key: (raw) => key(read(raw)), compare };
}

interface Sorted {
  readonly rid: number;
  readonly key: SortKey;
  readonly sequence: number;
  readonly raw?: Buffer;
}

function* sorted(
  db: Sqlite,
  collection: Collection,
  hits: Iterable<StoredDocument>,
  { order, skip, limit }: { order: Order; skip: number; limit: number },
): Generator<StoredDocument> {
  const byKey = (a: Sorted, b: Sorted): number =>
    order.compare(a.key, b.key) || a.sequence - b.sequence;
  const kept = limit ? skip + limit : Infinity;
  const list: Sorted[] = [];
  let sequence = 0;
  for (const { rid, raw } of hits) {
    const key = order.key(raw);
    list.push({ rid, key, sequence: sequence++, ...(limit ? { raw } : {}) });
    // With a limit, what is certainly beyond it is dropped now and then.
    if (list.length > kept * 2 + 200) list.sort(byKey).splice(kept);
  }
  list.sort(byKey).splice(kept);
  const byRid = db.prepare(`SELECT doc FROM ${collection.table} WHERE rid=?`);
  for (const { rid, raw } of list.slice(skip)) {
    if (raw) {
      yield { rid, raw };
      continue;
    }
    const row = byRid.get(rid);
    if (row) yield { rid, raw: bytes(row, 'doc') };
  }
}
