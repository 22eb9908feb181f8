// The file as it is at one moment, read beside the engines that go on writing it.
import { existsSync } from 'node:fs';
import { createCatalogue } from './catalogue.ts';
import type { Row, Sqlite } from './sqlite.ts';
import { bytes, integer, isBusy, openSqlite, text } from './sqlite.ts';

export interface Snapshot {
  /** The collections of one database, by name, and how many documents they have. */
  readonly collections: readonly { readonly name: string; readonly documents: number }[];
  /** Documents as they were sent, in order of `_id`. */
  readonly read: (name: string) => Iterable<Uint8Array>;
  readonly close: () => void;
}

const PAGE = 200;

/** Holds one read transaction until it is closed: SQLite keeps that state for it, whatever is written meanwhile. */
export async function openSnapshot(file: string, database: string): Promise<Snapshot> {
  if (!existsSync(file)) throw new Error(`There is no store in ${file}`);
  const db = await openSqlite(file, 'full');
  const catalogue = createCatalogue(db, file);
  db.exec('BEGIN');
  catalogue.refresh();
  const tables = new Map(
    catalogue
      .list()
      .filter(({ ns }) => ns.startsWith(`${database}.`))
      .map(({ ns, table }) => [ns.slice(database.length + 1), table]),
  );
  return {
    collections: [...tables]
      .map(([name, table]) => ({ name, documents: countRows(db, table) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    read: (name) => readRows(db, tables.get(name)),
    close: () => {
      db.exec('COMMIT');
      db.close();
    },
  };
}

/** Whether an engine, of this process or another one, has the file open. A file that is no store is in nobody's use. */
export async function isInUse(file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  let db: Sqlite | undefined;
  try {
    db = await openSqlite(file, 'full');
    // Leaving WAL is only for who is alone with the file; whoever opens it next goes back to it.
    db.exec('PRAGMA busy_timeout=200');
    const mode = db.prepare('PRAGMA journal_mode=DELETE').get();
    return mode !== undefined && text(mode, 'journal_mode') !== 'delete';
  } catch (error) {
    return isBusy(error);
  } finally {
    db?.close();
  }
}

function countRows(db: Sqlite, table: string): number {
  return integer(db.prepare(`SELECT count(*) n FROM ${table}`).get(), 'n');
}

function* readRows(db: Sqlite, table: string | undefined): Generator<Uint8Array> {
  if (table === undefined) return;
  const next = db.prepare(`SELECT k, doc FROM ${table} WHERE k > ? ORDER BY k LIMIT ${PAGE}`);
  let page: readonly Row[];
  let last: Uint8Array = Buffer.alloc(0);
  do {
    page = next.all(last);
    for (const row of page) yield bytes(row, 'doc');
    const end = page.at(-1);
    if (end) last = bytes(end, 'k');
  } while (page.length === PAGE);
}
