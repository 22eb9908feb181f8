// Collections of documents on SQLite: what the commands stand on.
import { ObjectId } from 'bson';
import type { AggregateSource } from './aggregate.ts';
import { aggregate } from './aggregate.ts';
import type { Catalogue } from './catalogue.ts';
import { createCatalogue } from './catalogue.ts';
import type { Document } from './document.ts';
import { decode, decodeExact, encodeDocument } from './document.ts';
import { refuse } from './error.ts';
import { compile } from './match.ts';
import type { FindOptions, Hit, Reader } from './reader.ts';
import { createReader } from './reader.ts';
import type { Rows } from './rows.ts';
import { createRows } from './rows.ts';
import type { Schema } from './schema.ts';
import { createSchema } from './schema.ts';
import type { Durability } from './sqlite.ts';
import { openSqlite } from './sqlite.ts';
import type { Transactions } from './transactions.ts';
import { createTransactions } from './transactions.ts';
import { expireDocuments } from './expiry.ts';
import { isReplacement, seed, updater } from './update.ts';
import type { Verification } from './verification.ts';
import { verifyStore } from './verification.ts';

export interface UpdateRequest {
  readonly filter: Document;
  readonly update: Document | readonly Document[];
  readonly multi?: boolean;
  readonly upsert?: boolean;
  readonly arrayFilters?: readonly Document[] | undefined;
  readonly sort?: Document | undefined;
}

export interface UpdateResult {
  readonly matched: number;
  readonly modified: number;
  readonly upsertedId?: unknown;
  /** Of the last document touched. */
  readonly before?: Document;
  readonly after?: Document;
}

export interface RemoveResult {
  readonly removed: number;
  readonly document?: Document;
}

export interface Store extends Reader, Transactions, Omit<Schema, 'ensureCollection'> {
  readonly collections: Catalogue['list'];
  insert(ns: string, raw: Uint8Array): void;
  update(ns: string, request: UpdateRequest): UpdateResult;
  remove(ns: string, filter: Document, options: FindOptions): RemoveResult;
  aggregate(ns: string, pipeline: readonly Document[], deadline?: number): Document[];
  /** Deletes what TTL indexes say has expired; gives the number. */
  expire(now: Date): number;
  verify(): Verification;
  /** A consistent copy while everything goes on. */
  backup(file: string): void;
  close(): void;
}

export interface StoreOptions {
  readonly file: string;
  readonly strict?: boolean;
  readonly durability?: Durability;
  readonly now?: () => Date;
}

const FAILED_TO_PARSE = 9;

export async function openStore(options: StoreOptions): Promise<Store> {
  const { file, strict = false, durability = 'full', now = () => new Date() } = options;
  const db = await openSqlite(file, durability);
  const catalogue = createCatalogue(db, file);
  const transactions = createTransactions(db, catalogue);
  const reader = createReader({ db, catalogue, strict });
  const rows = createRows(db, catalogue);
  const { ensureCollection, ...schema } = createSchema(db, catalogue, rows);
  const writes = createWrites({ catalogue, reader, rows, ensureCollection, now });
  return {
    ...transactions,
    ...reader,
    ...schema,
    ...writes,
    collections: catalogue.list,
    aggregate: (ns, pipeline, deadline) => {
      const dot = ns.indexOf('.');
      const source = aggregateSource(reader, deadline);
      return aggregate(source, ns.slice(0, dot), ns.slice(dot + 1), pipeline);
    },
    expire: (at) =>
      expireDocuments({ ...transactions, reader, catalogue, remove: writes.remove }, at),
    verify: () => transactions.read(() => verifyStore(db, catalogue)),
    backup: (copy) => {
      db.prepare('VACUUM INTO ?').run(copy);
    },
    close: db.close,
  };
}

function aggregateSource(reader: Reader, deadline: number | undefined): AggregateSource {
  return {
    *find(ns, filter, options) {
      for (const { document, raw } of reader.find(ns, filter, { ...options, deadline })) {
        yield document ?? decode(raw);
      }
    },
    count: (ns, filter, options) => reader.count(ns, filter, { ...options, deadline }),
  };
}

interface Writes {
  insert: Store['insert'];
  update: Store['update'];
  remove: Store['remove'];
}

interface WritesOptions {
  readonly catalogue: Catalogue;
  readonly reader: Reader;
  readonly rows: Rows;
  readonly ensureCollection: Schema['ensureCollection'];
  readonly now: () => Date;
}

function createWrites({ catalogue, reader, rows, ensureCollection, now }: WritesOptions): Writes {
  /** Looked up anew for every document: a write before it may have changed an index. */
  const collectionOf = (ns: string) => catalogue.get(ns) ?? ensureCollection(ns);

  /** All at once, before the first is changed: a changed document must not be met again. */
  const matches = (ns: string, filter: Document, options: FindOptions): Hit[] => {
    compile(filter);
    return [...reader.find(ns, filter, options)];
  };

  const upsert = (ns: string, request: UpdateRequest, apply: Apply): UpdateResult => {
    const start = seed(request.filter, isReplacementUpdate(request.update));
    const applied = apply(start, { insert: true, filter: request.filter });
    const { _id = new ObjectId(), ...rest } = applied.document;
    const after = { _id, ...rest };
    rows.insert(collectionOf(ns), Buffer.from(encodeDocument(after)), after);
    return { matched: 0, modified: 0, upsertedId: _id, after };
  };

  return {
    insert: (ns, raw) => {
      const [bytes, document] = withIdFirst(raw);
      rows.insert(collectionOf(ns), bytes, document);
    },

    update: (ns, request) => {
      const { filter, update, multi = false, arrayFilters, sort } = request;
      const apply = updater(update, { now: now(), ...(arrayFilters ? { arrayFilters } : {}) });
      if (multi && isReplacementUpdate(update)) {
        refuse(FAILED_TO_PARSE, 'multi update is not supported for replacement-style update');
      }
      const hits = matches(ns, filter, { sort, limit: multi ? 0 : 1 });
      if (!hits.length && request.upsert) return upsert(ns, request, apply);
      let modified = 0;
      let last: { before?: Document; after?: Document } = {};
      for (const { rid, raw } of hits) {
        const before = decodeExact(raw);
        const { document: after, changed } = apply(before, { filter });
        if (changed) {
          rows.replace(collectionOf(ns), rid, { before, after });
          modified++;
        }
        last = { before, after };
      }
      return { matched: hits.length, modified, ...last };
    },

    remove: (ns, filter, options) => {
      const hits = matches(ns, filter, options);
      let document: Document | undefined;
      for (const { rid, raw } of hits) {
        document = decodeExact(raw);
        rows.remove(collectionOf(ns), rid, document);
      }
      return { removed: hits.length, ...(document ? { document } : {}) };
    },
  };
}

type Apply = ReturnType<typeof updater>;

function isReplacementUpdate(update: UpdateRequest['update']): boolean {
  return !isPipeline(update) && isReplacement(update);
}

function isPipeline(update: UpdateRequest['update']): update is readonly Document[] {
  return Array.isArray(update);
}

/** Stored as it was sent, except that `_id` is there and comes first. */
function withIdFirst(raw: Uint8Array): readonly [Buffer, Document] {
  const document = decode(raw);
  if (document['_id'] !== undefined && Object.keys(document)[0] === '_id') {
    return [Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), document];
  }
  const { _id = new ObjectId(), ...rest } = decodeExact(raw);
  const complete = { _id, ...rest };
  return [Buffer.from(encodeDocument(complete)), complete];
}
