import type { Document } from './document.ts';
import { isObj } from './document.ts';
import { refuse } from './error.ts';
import { indexKeys } from './index-keys.ts';
import { compare, toNumber } from './order.ts';

/** One value for each field of the sort. */
export type SortKey = readonly unknown[];

export interface Sorter {
  readonly key: (document: Document) => SortKey;
  readonly compare: (a: SortKey, b: SortKey) => number;
}

interface SortField {
  path: string;
  direction: 1 | -1;
}

/** Compiles a sort specification. Ties are left to the caller, who knows which document came first. */
export function sorter(sort: Document): Sorter {
  const fields = Object.keys(sort).map((path): SortField => sortField(path, sort[path]));
  return {
    key: (document) => fields.map((field) => sortValue(document, field)),
    compare(a, b) {
      for (const [i, { direction }] of fields.entries()) {
        const order = compare(a[i], b[i]);
        if (order !== 0) return order * direction;
      }
      return 0;
    },
  };
}

function sortField(path: string, order: unknown): SortField {
  if (path.startsWith('$')) refuse(2, `Sorting by ${path} is not supported`);
  if (path.split('.').includes('')) refuse(15998, 'FieldPath must not contain an empty field name');
  if (isObj(order)) refuse(2, `Sorting by an expression is not supported: ${path}`);
  const direction = toNumber(order);
  if (direction !== 1 && direction !== -1)
    return refuse(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  return { path, direction };
}

/** An array sorts by its least element when ascending and by its greatest when descending. */
function sortValue(document: Document, { path, direction }: SortField): unknown {
  const [first = [], ...others] = indexKeys(document, [path]).tuples;
  let best = first[0];
  for (const [value] of others) if (compare(value, best) * direction < 0) best = value;
  return best;
}
