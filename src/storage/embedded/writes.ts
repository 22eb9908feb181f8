// Inserts, updates and removes documents, each with everything that must be so before the next.
import { ObjectId } from 'bson';
import type { Catalogue, Collection } from './catalogue.ts';
import type { Document } from './document.ts';
import { decode, decodeExact, encodeDocument } from './document.ts';
import { refuse } from './error.ts';
import { compile } from './match.ts';
import type { FindOptions, Reader } from './reader.ts';
import type { StoredDocument } from './scan.ts';
import type { Rows } from './rows.ts';
import type { Schema } from './schema.ts';
import { isReplacement, seed, updater } from './update.ts';

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

const FAILED_TO_PARSE = 9;

export interface Writes {
  readonly insert: (ns: string, raw: Uint8Array) => void;
  readonly update: (ns: string, request: UpdateRequest) => UpdateResult;
  readonly remove: (ns: string, filter: Document, options: FindOptions) => RemoveResult;
}

export interface WritesOptions {
  readonly catalogue: Catalogue;
  readonly reader: Reader;
  readonly rows: Rows;
  readonly ensureCollection: Schema['ensureCollection'];
  readonly now: () => Date;
}

export function createWrites({
  catalogue,
  reader,
  rows,
  ensureCollection,
  now,
}: WritesOptions): Writes {
  /** Looked up anew for every document: a write before it may have changed an index. */
  const collectionOf = (ns: string): Collection => catalogue.get(ns) ?? ensureCollection(ns);

  /** All at once, before the first is changed: a changed document must not be met again. */
  const matches = (ns: string, filter: Document, options: FindOptions): StoredDocument[] => {
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
  if (document._id !== undefined && Object.keys(document)[0] === '_id') {
    return [Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), document];
  }
  const { _id = new ObjectId(), ...rest } = decodeExact(raw);
  const complete = { _id, ...rest };
  return [Buffer.from(encodeDocument(complete)), complete];
}
