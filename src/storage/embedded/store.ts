// Collections of documents on SQLite: what the commands stand on.
import type { AggregateSource } from './aggregate.ts';
import { aggregate } from './aggregate.ts';
import type { Catalogue } from './catalogue.ts';
import { createCatalogue } from './catalogue.ts';
import type { Document } from './document.ts';
import { decode } from './document.ts';
import { expireDocuments } from './expiry.ts';
import type { Reader } from './reader.ts';
import { createReader } from './reader.ts';
import { createRows } from './rows.ts';
import type { Schema } from './schema.ts';
import { createSchema } from './schema.ts';
import type { Durability } from './sqlite.ts';
import { emptyLog, openSqlite } from './sqlite.ts';
import type { Transactions } from './transactions.ts';
import { createTransactions } from './transactions.ts';
import type { Verification } from './verification.ts';
import { verifyStore } from './verification.ts';
import type { Writes } from './writes.ts';
import { createWrites } from './writes.ts';

export interface Store extends Reader, Transactions, Writes, Omit<Schema, 'ensureCollection'> {
  readonly collections: Catalogue['list'];
  readonly aggregate: (ns: string, pipeline: readonly Document[], deadline?: number) => Document[];
  /** Deletes what TTL indexes say has expired; gives the number. */
  readonly expire: (now: Date) => number;
  readonly verify: () => Verification;
  /** A consistent copy while everything goes on. */
  readonly backup: (file: string) => void;
  /** Leaves nothing of deleted documents in the files. */
  readonly scrub: () => void;
  readonly close: () => void;
}

export interface StoreOptions {
  readonly file: string;
  readonly strict?: boolean;
  readonly durability?: Durability;
  readonly now?: () => Date;
  readonly onWarning?: (message: string) => void;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const { file, strict = false, durability = 'full', now = () => new Date() } = options;
  const onFullScan = options.onWarning ?? (() => undefined);
  const db = await openSqlite(file, durability);
  const catalogue = createCatalogue(db, file);
  const transactions = createTransactions(db, catalogue);
  const reader = createReader({ db, catalogue, strict, onFullScan });
  const rows = createRows(db, catalogue);
  const { ensureCollection, ...schema } = createSchema(db, catalogue, rows);
  const writes = createWrites({ catalogue, reader, rows, ensureCollection, now });
  return {
    ...transactions,
    ...reader,
    ...schema,
    ...writes,
    collections: catalogue.list,
    aggregate: (ns, pipeline, deadline) => {
      const dot = ns.indexOf('.');
      const source = aggregateSource(reader, deadline);
      return aggregate(source, ns.slice(0, dot), ns.slice(dot + 1), pipeline);
    },
    expire: (at) =>
      expireDocuments({ ...transactions, reader, catalogue, remove: writes.remove }, at),
    verify: () => transactions.read(() => verifyStore(db, catalogue)),
    backup: (copy) => {
      db.prepare('VACUUM INTO ?').run(copy);
    },
    scrub: () => {
      emptyLog(db);
    },
    close: db.close,
  };
}

function aggregateSource(reader: Reader, deadline: number | undefined): AggregateSource {
  return {
    *find(ns, filter, options) {
      for (const { raw } of reader.find(ns, filter, { ...options, deadline })) {
        yield decode(raw);
      }
    },
    count: (ns, filter, options) => reader.count(ns, filter, { ...options, deadline }),
  };
}
