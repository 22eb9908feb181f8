// TTL indexes: a document goes when the date in its field is older than the index allows.
import type { Catalogue } from './catalogue.ts';
import type { Document } from './document.ts';
import type { Index } from './index.ts';
import type { FindOptions, Reader } from './reader.ts';
import type { Transactions } from './transactions.ts';

export interface ExpiryOptions extends Pick<Transactions, 'read' | 'write'> {
  readonly catalogue: Catalogue;
  readonly reader: Reader;
  readonly remove: (ns: string, filter: Document, options: FindOptions) => { removed: number };
}

/** At most this many of one index at a time, so that a sweep does not hold the write lock for long. */
const MOST_AT_ONCE = 1000;

/** Looks first and takes the write lock only when there is something to delete. */
export function expireDocuments(options: ExpiryOptions, now: Date): number {
  const { read, write, catalogue, reader, remove } = options;
  const due = read(() =>
    catalogue.list().flatMap((collection) =>
      collection.indexes.flatMap((index) => {
        const filter = expired(index, now);
        if (!filter) return [];
        const [hit] = reader.find(collection.ns, filter, { limit: 1 });
        return hit ? [{ ns: collection.ns, filter }] : [];
      }),
    ),
  );
  if (!due.length) return 0;
  return write(() =>
    due.reduce(
      (sum, { ns, filter }) => sum + remove(ns, filter, { limit: MOST_AT_ONCE }).removed,
      0,
    ),
  );
}

/** An array of dates expires with its earliest; what is no date never does. */
function expired({ definition, parts }: Index, now: Date): Document | undefined {
  const { expireAfterSeconds, partialFilterExpression } = definition;
  const path = parts[0]?.path;
  if (expireAfterSeconds === undefined || path === undefined) return undefined;
  const old = { [path]: { $lte: new Date(now.getTime() - expireAfterSeconds * 1000) } };
  return partialFilterExpression ? { $and: [partialFilterExpression, old] } : old;
}
