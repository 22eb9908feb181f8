// Makes and drops collections and indexes.
import type { Catalogue, Collection } from './catalogue.ts';
import type { Document } from './document.ts';
import { decode, isObj, show } from './document.ts';
import { refuse } from './error.ts';
import type { Index } from './index.ts';
import { isPresent, parseIndex } from './index-definition.ts';
import type { Rows } from './rows.ts';
import { scanPlan } from './scan.ts';
import type { Sqlite } from './sqlite.ts';

export interface Schema {
  /** The collection, made when it is not there. */
  readonly ensureCollection: (ns: string) => Collection;
  readonly createCollection: (ns: string) => void;
  readonly dropCollection: (ns: string) => boolean;
  readonly createIndex: (ns: string, spec: Document) => void;
  /** Gives the number of indexes there were, the one on `_id` included. */
  readonly dropIndexes: (ns: string, which: unknown) => number;
}

const NAMESPACE_NOT_FOUND = 26;
const INDEX_NOT_FOUND = 27;
const NAMESPACE_EXISTS = 48;
const INVALID_OPTIONS = 72;

export function createSchema(db: Sqlite, catalogue: Catalogue, rows: Rows): Schema {
  const ensureCollection = (ns: string): Collection =>
    catalogue.get(ns) ?? catalogue.addCollection(ns, {});

  const fill = (collection: Collection, index: Index): void => {
    const everything = { scans: [], ordered: true, bounded: false };
    let arrays = 0;
    for (const { rid, raw } of scanPlan(db, collection, everything, () => undefined)) {
      arrays |= rows.addEntries(collection, index, rid, decode(raw));
    }
    if (arrays) catalogue.markArrays(index, arrays);
  };

  return {
    ensureCollection,
    createCollection: (ns) => {
      if (catalogue.get(ns)) refuse(NAMESPACE_EXISTS, `Collection ${ns} already exists.`);
      catalogue.addCollection(ns, {});
    },
    dropCollection: (ns) => {
      const collection = catalogue.get(ns);
      if (collection) catalogue.removeCollection(collection);
      return collection !== undefined;
    },
    createIndex: (ns, spec) => {
      const collection = ensureCollection(ns);
      const definition = parseIndex(spec);
      if (Object.keys(definition.key).join() === '_id') return;
      if (
        isPresent(
          definition,
          collection.indexes.map((index) => index.definition),
        )
      )
        return;
      fill(collection, catalogue.addIndex(collection, definition));
    },
    dropIndexes: (ns, which) => {
      const collection = catalogue.get(ns) ?? refuse(NAMESPACE_NOT_FOUND, `ns not found ${ns}`);
      catalogue.removeIndexes(chosenIndexes(collection, which));
      return collection.indexes.length + 1;
    },
  };
}

function chosenIndexes({ indexes }: Collection, which: unknown): readonly Index[] {
  if (which === '*') return indexes;
  if (Array.isArray(which)) return which.flatMap((one) => chosenByName(indexes, one));
  if (!isObj(which)) return chosenByName(indexes, which);
  const chosen = indexes.filter(({ definition }) => show(definition.key) === show(which));
  if (!chosen.length) refuse(INDEX_NOT_FOUND, `can't find index with key: ${show(which)}`);
  return chosen;
}

function chosenByName(indexes: readonly Index[], name: unknown): readonly Index[] {
  if (name === '_id_') refuse(INVALID_OPTIONS, 'cannot drop _id index');
  const chosen = indexes.filter(({ definition }) => definition.name === name);
  if (!chosen.length) refuse(INDEX_NOT_FOUND, `index not found with name [${String(name)}]`);
  return chosen;
}
