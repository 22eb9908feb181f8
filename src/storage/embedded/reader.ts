// Finds and counts. Rows come lazily; a sort that no index gives keeps the sort keys in memory, not the documents.
import type { Catalogue, Collection } from './catalogue.ts';
import type { Document } from './document.ts';
import { decode } from './document.ts';
import { refuse } from './error.ts';
import type { Predicate } from './match.ts';
import { compile } from './match.ts';
import { plan } from './planner.ts';
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

export interface Hit extends StoredDocument {
  /** Decoded only when the filter or the order needed it. */
  readonly document?: Document;
}

export interface Reader {
  readonly find: (ns: string, filter: Document, options?: FindOptions) => Generator<Hit>;
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

  function* find(ns: string, filter: Document, options: FindOptions = {}): Generator<Hit> {
    const { skip = 0, limit = 0, sort = {} } = options;
    const order = isEmpty(sort) ? undefined : sorter(sort);
    const test = isEmpty(filter) ? undefined : compile(filter);
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

function* matching(rows: Iterable<StoredDocument>, test: Predicate | undefined): Generator<Hit> {
  for (const { rid, raw } of rows) {
    if (!test) {
      yield { rid, raw };
      continue;
    }
    const document = decode(raw);
    if (test(document)) yield { rid, raw, document };
  }
}

function* window(hits: Iterable<Hit>, skip: number, limit: number): Generator<Hit> {
  let seen = 0;
  for (const hit of hits) {
    seen++;
    if (seen <= skip) continue;
    yield hit;
    if (limit && seen === skip + limit) return;
  }
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
  hits: Iterable<Hit>,
  { order, skip, limit }: { order: Sorter; skip: number; limit: number },
): Generator<Hit> {
  const byKey = (a: Sorted, b: Sorted): number =>
    order.compare(a.key, b.key) || a.sequence - b.sequence;
  const kept = limit ? skip + limit : Infinity;
  const list: Sorted[] = [];
  let sequence = 0;
  for (const { rid, raw, document } of hits) {
    const key = order.key(document ?? decode(raw));
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
