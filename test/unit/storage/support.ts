import { EJSON } from 'bson';
import {
  type Document,
  decode,
  decodeExact,
  encodeDocument,
} from '../../../src/storage/embedded/document.ts';
import { DbError } from '../../../src/storage/embedded/error.ts';
import type { AggregateSource } from '../../../src/storage/embedded/aggregate.ts';
import { compile } from '../../../src/storage/embedded/match.ts';
import { sorter } from '../../../src/storage/embedded/sort.ts';

/** What a client would read back, numbers as JavaScript has them. */
export function read(document: Document): unknown {
  return EJSON.deserialize(EJSON.serialize(decode(encodeDocument(document)), { relaxed: true }), {
    relaxed: true,
  });
}

/** As it lies in the store, numeric types kept. */
export function stored(document: Document): Document {
  return decodeExact(encodeDocument(document));
}

/** The code of the refusal; fails where nothing is refused. */
export function codeOf(action: () => unknown): number {
  try {
    action();
  } catch (error) {
    if (error instanceof DbError) return error.code;
    throw error;
  }
  throw new Error('nothing was refused');
}

type Options = NonNullable<Parameters<AggregateSource['find']>[2]>;

/** A source over plain lists that notes what it is asked for. */
export function sourceOf(collections: Record<string, Document[]>) {
  const asked: unknown[] = [];
  const find = (ns: string, filter: Document, options: Options = {}): Document[] => {
    const { sort, skip = 0, limit = Infinity } = options;
    const documents = (collections[ns] ?? []).map((one) => decode(encodeDocument(one)));
    const found = documents.filter(compile(filter));
    const order = sort && sorter(sort);
    const sorted = order
      ? found.toSorted((a, b) => order.compare(order.key(a), order.key(b)))
      : found;
    return sorted.slice(skip, skip + limit);
  };
  const source: AggregateSource = {
    find(ns, filter, options) {
      asked.push(['find', ns, filter, options]);
      return find(ns, filter, options);
    },
    count(ns, filter, options) {
      asked.push(['count', ns, filter, options]);
      return find(ns, filter, options).length;
    },
  };
  return { source, asked };
}
