// An index: which entries a document has in it. MongoDB's meaning of unique, sparse, partial and multikey.
import type { Document } from './document.ts';
import { encode } from './order.ts';
import { hasPath, indexKeys } from './index-keys.ts';
import type { Predicate } from './match.ts';
import { compile } from './match.ts';

/** As a client sent it to createIndexes, checked by `parseIndex`. */
export interface IndexDefinition {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1>>;
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partialFilterExpression?: Document;
  readonly expireAfterSeconds?: number;
}

export interface IndexPart {
  readonly path: string;
  readonly descending: boolean;
}

export interface IndexEntry {
  readonly key: Buffer;
  readonly values: readonly unknown[];
}

export interface IndexEntries {
  readonly list: readonly IndexEntry[];
  /** Bit n: part n of this document's keys came out of an array. */
  readonly arrays: number;
}

export interface Index {
  readonly id: number;
  readonly table: string;
  readonly definition: IndexDefinition;
  readonly parts: readonly IndexPart[];
  /** Bit n: some document has had an array on part n's path, so one document may have several entries. */
  readonly arrays: number;
  readonly entries: (document: Document) => IndexEntries;
}

const NONE: IndexEntries = { list: [], arrays: 0 };

export function buildIndex(
  id: number,
  definition: IndexDefinition,
  arrays: number,
  table = `i${id}`,
): Index {
  const parts = Object.entries(definition.key).map(([path, direction]) => ({
    path,
    descending: direction < 0,
  }));
  const paths = parts.map((part) => part.path);
  const covers = coverage(definition, paths);
  return {
    id,
    table,
    definition,
    parts,
    arrays,
    entries: (document) => {
      if (!covers(document)) return NONE;
      const { tuples, multi } = indexKeys(document, paths);
      return {
        list: distinctEntries(tuples, parts),
        arrays: multi ? arrayParts(document, paths) : 0,
      };
    },
  };
}

function coverage(definition: IndexDefinition, paths: readonly string[]): Predicate {
  const partial = definition.partialFilterExpression && compile(definition.partialFilterExpression);
  return (document) => {
    if (partial && !partial(document)) return false;
    return !definition.sparse || paths.some((path) => hasPath(document, path));
  };
}

function distinctEntries(
  tuples: readonly (readonly unknown[])[],
  parts: readonly IndexPart[],
): IndexEntry[] {
  const distinct = new Map<string, IndexEntry>();
  for (const values of tuples) {
    const key = Buffer.concat(
      parts.map((part, n) => encode(values[n] === undefined ? null : values[n], part.descending)),
    );
    const name = key.toString('latin1');
    if (!distinct.has(name)) distinct.set(name, { key, values });
  }
  return [...distinct.values()];
}

function arrayParts(document: Document, paths: readonly string[]): number {
  let bits = 0;
  paths.forEach((path, n) => {
    if (meetsArray(document, path.split('.'))) bits |= 1 << n;
  });
  return bits;
}

function meetsArray(value: unknown, path: readonly string[]): boolean {
  let here = value;
  for (const name of path) {
    if (Array.isArray(here)) return true;
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return false;
    here = (here as Document)[name];
  }
  return Array.isArray(here);
}
