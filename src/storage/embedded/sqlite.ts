// The one place that knows which SQLite binding is in use: Node's own, or the package with the same face.
import { closeSync, existsSync, openSync } from 'node:fs';

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  readonly get: (...values: SqlValue[]) => Row | undefined;
  readonly all: (...values: SqlValue[]) => Row[];
  readonly run: (...values: SqlValue[]) => { readonly lastInsertRowid: number | bigint };
}

interface Connection {
  readonly exec: (sql: string) => void;
  readonly prepare: (sql: string) => Statement;
  readonly close: () => void;
}

interface Binding {
  readonly DatabaseSync: new (file: string) => Connection;
}

export interface Sqlite {
  readonly binding: string;
  readonly exec: (sql: string) => void;
  /** Prepared once per text and kept. */
  readonly prepare: (sql: string) => Statement;
  /** Statements on a dropped table must go before the table does. */
  readonly forget: () => void;
  readonly close: () => void;
}

/** `full`: every commit is on disk before it is answered. `normal`: survives a killed process, not a power cut. */
export type Durability = 'full' | 'normal';

/** How long a reader waits in the rare moments when another process holds the whole file. */
const READ_WAIT_MS = 10_000;

export async function openSqlite(file: string, durability: Durability): Promise<Sqlite> {
  const [binding, { DatabaseSync }] = await loadBinding();
  makeFile(file);
  const connection = new DatabaseSync(file);
  connection.exec(`PRAGMA busy_timeout=${READ_WAIT_MS}`);
  connection.prepare('PRAGMA journal_mode=WAL').get();
  connection.exec(`PRAGMA synchronous=${durability === 'full' ? 'FULL' : 'NORMAL'};
    PRAGMA wal_autocheckpoint=2000; PRAGMA secure_delete=ON; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY`);
  const statements = new Map<string, Statement>();
  return {
    binding,
    exec: (sql) => {
      connection.exec(sql);
    },
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known) return known;
      const made = connection.prepare(sql);
      statements.set(sql, made);
      return made;
    },
    forget: () => {
      statements.clear();
    },
    close: () => {
      statements.clear();
      connection.close();
    },
  };
}

const SCRUB_WAIT_MS = 1_000;

/**
 * Deleted rows are overwritten in the file at once (`secure_delete`) but linger in the write-ahead log: this moves it
 * into the file and empties it. While others read, it is left for the next time.
 */
export function emptyLog(db: Sqlite): void {
  db.exec(`PRAGMA busy_timeout=${SCRUB_WAIT_MS}`);
  try {
    db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  } finally {
    db.exec(`PRAGMA busy_timeout=${READ_WAIT_MS}`);
  }
}

/** Only its owner may read it. One that is there is not touched: to close it would let go of every lock of this process. */
function makeFile(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
}

/**
 * Takes the write lock at once or throws: the caller waits without blocking its readers, and fairly,
 * which SQLite's own growing sleeps are not.
 */
export function beginWrite(db: Sqlite, waitMs: number): void {
  db.exec(`PRAGMA busy_timeout=${waitMs}`);
  try {
    db.exec('BEGIN IMMEDIATE');
  } finally {
    db.exec(`PRAGMA busy_timeout=${READ_WAIT_MS}`);
  }
}

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

function primaryCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { readonly errcode?: unknown };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === SQLITE_BUSY;
}

export function isDiskFull(error: unknown): boolean {
  return primaryCode(error) === SQLITE_FULL;
}

async function loadBinding(): Promise<readonly [string, Binding]> {
  const own = process.getBuiltinModule('node:sqlite') as Binding | undefined;
  if (own) return ['node:sqlite', own];
  // Both bindings implement the same documented interface; their typings differ in what is left out here.
  return ['@photostructure/sqlite', await import('@photostructure/sqlite')];
}

export function integer(row: Row | undefined, column: string): number {
  return Number(row?.[column] ?? 0);
}

export function text(row: Row, column: string): string {
  return String(row[column]);
}

/** A view of the same bytes: the bindings hand out plain Uint8Arrays. */
export function bytes(row: Row, column: string): Buffer {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`Column ${column} holds no bytes`);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
