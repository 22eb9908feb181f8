// Which collections and indexes the file has.
//   meta(name, value)                          the format of this file
//   collections(id, ns)                        documents in c<id>(rid, k, doc): k = key of _id, doc = BSON as it was sent
//   indexes(id, collection, name, spec, arrays) entries in i<id>(k, rid); k alone is the primary key of a unique index
// PRAGMA user_version is the catalogue's version: every process that has the file open rereads it when it moves.
import type { Document } from './document.ts';
import { decode, encodeDocument } from './document.ts';
import { refuse } from './error.ts';
import type { Index, IndexDefinition } from './index.ts';
import { buildIndex } from './index.ts';
import { parseIndex, presentIndex } from './index-definition.ts';
import type { Sqlite } from './sqlite.ts';
import { bytes, integer, text } from './sqlite.ts';

/** Rises when an older engine could no longer read the file. */
const FORMAT = 1;

export interface Collection {
  readonly id: number;
  readonly ns: string;
  readonly table: string;
  readonly options: Document;
  /** The collection's own table, read as the index of `_id`. */
  readonly primary: Index;
  readonly indexes: readonly Index[];
}

export interface Catalogue {
  /** Sees what other processes did; cheap when they did nothing. */
  readonly refresh: () => void;
  /** After a rollback: what was read may never have been. */
  readonly invalidate: () => void;
  readonly get: (ns: string) => Collection | undefined;
  readonly list: () => readonly Collection[];
  readonly addCollection: (ns: string, options: Document) => Collection;
  readonly removeCollection: (collection: Collection) => void;
  readonly addIndex: (collection: Collection, definition: IndexDefinition) => Index;
  readonly removeIndexes: (indexes: readonly Index[]) => void;
  readonly markArrays: (index: Index, arrays: number) => void;
}

export function createCatalogue(db: Sqlite, file: string): Catalogue {
  prepareFile(db, file);
  let version = -1;
  let collections = new Map<string, Collection>();

  const refresh = (): void => {
    const now = userVersion(db);
    if (now === version) return;
    collections = readCollections(db);
    version = now;
  };
  const changed = (): void => {
    db.exec(`PRAGMA user_version=${userVersion(db) + 1}`);
    version = -1;
    refresh();
  };

  return {
    refresh,
    invalidate: () => {
      version = -1;
    },
    get: (ns) => collections.get(ns),
    list: () => [...collections.values()],
    addCollection: (ns, options) => {
      const { lastInsertRowid: id } = db
        .prepare('INSERT INTO collections(ns, options) VALUES(?, ?)')
        .run(ns, encodeDocument(options));
      db.exec(
        `CREATE TABLE c${id}(rid INTEGER PRIMARY KEY, k BLOB NOT NULL UNIQUE, doc BLOB NOT NULL)`,
      );
      changed();
      return collections.get(ns) ?? refuse(1, `Collection ${ns} was not made`);
    },
    removeCollection: (collection) => {
      db.forget();
      dropIndexes(db, collection.indexes);
      db.exec(`DROP TABLE ${collection.table}`);
      db.prepare('DELETE FROM collections WHERE id=?').run(collection.id);
      changed();
    },
    addIndex: (collection, definition) => {
      const { lastInsertRowid } = db
        .prepare('INSERT INTO indexes(collection, name, spec) VALUES(?, ?, ?)')
        .run(collection.id, definition.name, encodeDocument(presentIndex(definition)));
      const id = Number(lastInsertRowid);
      const primaryKey = definition.unique ? 'k' : 'k, rid';
      db.exec(
        `CREATE TABLE i${id}(k BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(${primaryKey})) WITHOUT ROWID`,
      );
      changed();
      return buildIndex(id, definition, 0);
    },
    removeIndexes: (indexes) => {
      db.forget();
      dropIndexes(db, indexes);
      changed();
    },
    markArrays: (index, arrays) => {
      db.prepare('UPDATE indexes SET arrays = arrays | ? WHERE id=?').run(arrays, index.id);
      changed();
    },
  };
}

function dropIndexes(db: Sqlite, indexes: readonly Index[]): void {
  for (const index of indexes) {
    db.exec(`DROP TABLE ${index.table}`);
    db.prepare('DELETE FROM indexes WHERE id=?').run(index.id);
  }
}

function userVersion(db: Sqlite): number {
  return integer(db.prepare('PRAGMA user_version').get(), 'user_version');
}

function prepareFile(db: Sqlite, file: string): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    const known = hasTable(db, 'meta');
    if (!known && hasTable(db, '%')) {
      throw new Error(`${file} is an SQLite database of another program, not a store.`);
    }
    if (!known) createTables(db);
    const format = db.prepare("SELECT value FROM meta WHERE name='format'").get();
    if (integer(format, 'value') > FORMAT) {
      throw new Error(
        `${file} was written by a newer version (format ${integer(format, 'value')}; this one reads ${FORMAT}). Start the newer version, or restore a backup made before the upgrade.`,
      );
    }
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function hasTable(db: Sqlite, like: string): boolean {
  const found = db.prepare("SELECT 1 found FROM sqlite_master WHERE type='table' AND name LIKE ?");
  return found.get(like) !== undefined;
}

function createTables(db: Sqlite): void {
  // AUTOINCREMENT: a number is never given twice, so that a cursor on a dropped collection cannot read its successor.
  db.exec(`CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    INSERT INTO meta(name, value) VALUES('format', ${FORMAT});
    CREATE TABLE collections(
      id INTEGER PRIMARY KEY AUTOINCREMENT, ns TEXT NOT NULL UNIQUE, options BLOB NOT NULL);
    CREATE TABLE indexes(
      id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, name TEXT NOT NULL,
      spec BLOB NOT NULL, arrays INTEGER NOT NULL DEFAULT 0, UNIQUE(collection, name))`);
}

const PRIMARY: IndexDefinition = { name: '_id_', key: { _id: 1 }, unique: true, sparse: false };

function readCollections(db: Sqlite): Map<string, Collection> {
  const collections = new Map<string, Collection>();
  for (const row of db.prepare('SELECT id, ns, options FROM collections').all()) {
    const id = integer(row, 'id');
    const ns = text(row, 'ns');
    collections.set(ns, {
      id,
      ns,
      table: `c${id}`,
      options: decode(bytes(row, 'options')),
      primary: buildIndex(0, PRIMARY, 0, `c${id}`),
      indexes: readIndexes(db, id),
    });
  }
  return collections;
}

function readIndexes(db: Sqlite, collection: number): Index[] {
  return db
    .prepare('SELECT id, spec, arrays FROM indexes WHERE collection=? ORDER BY id')
    .all(collection)
    .map((row) =>
      buildIndex(
        integer(row, 'id'),
        parseIndex(decode(bytes(row, 'spec'))),
        integer(row, 'arrays'),
      ),
    );
}
