// Who holds SQLite's write lock, and what a rollback takes back with it.
import type { Catalogue } from './catalogue.ts';
import type { Sqlite } from './sqlite.ts';
import { beginWrite } from './sqlite.ts';

export interface Transactions {
  /** Reads with the catalogue as it is now. */
  readonly read: <Result>(work: () => Result) => Result;
  /** Runs the work under the write lock and commits; a call inside another joins it. */
  readonly write: <Result>(work: () => Result, waitMs?: number) => Result;
  /** Reads only, all of it from one and the same state of the file. */
  readonly snapshot: <Result>(work: () => Result) => Result;
  /** One of several works in a transaction: what it wrote is taken back when it throws, the others stay. */
  readonly apart: <Result>(work: () => Result) => Result;
}

const WAIT_MS = 10_000;

export function createTransactions(db: Sqlite, catalogue: Catalogue): Transactions {
  let writing = false;

  const rollBack = (statement: string): void => {
    catalogue.invalidate();
    db.exec(statement);
  };

  return {
    read: (work) => {
      if (!writing) catalogue.refresh();
      return work();
    },
    snapshot: (work) => {
      db.exec('BEGIN');
      try {
        catalogue.refresh();
        return work();
      } finally {
        db.exec('COMMIT');
      }
    },
    write: (work, waitMs = WAIT_MS) => {
      if (writing) return work();
      beginWrite(db, waitMs);
      writing = true;
      try {
        catalogue.refresh();
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        quietly(() => {
          rollBack('ROLLBACK');
        });
        throw error;
      } finally {
        writing = false;
      }
    },
    apart: (work) => {
      db.exec('SAVEPOINT apart');
      try {
        const result = work();
        db.exec('RELEASE apart');
        return result;
      } catch (error) {
        rollBack('ROLLBACK TO apart; RELEASE apart');
        catalogue.refresh();
        throw error;
      }
    },
  };
}

/** SQLite may have rolled back by itself (disk full); the first error is the one to tell. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    return;
  }
}
