import type { Command, Engine, Handlers, Reply } from './command.ts';
import {
  answer,
  documentList,
  documentOr,
  flag,
  namespaceOf,
  numberOr,
  optionalDocument,
  optionalList,
  refuseOptions,
} from './command.ts';
import type { Document } from './document.ts';
import { decode, encodeDocument, isObj } from './document.ts';
import { DbError, refuse } from './error.ts';
import { project } from './project.ts';
import type { UpdateRequest } from './writes.ts';
import { compile } from './match.ts';

const TYPE_MISMATCH = 14;

export const writeCommands: Handlers = {
  insert: { run: insert, writes: true },
  update: { run: update, writes: true, isIdle: idleUpdate },
  delete: { run: remove, writes: true, isIdle: idleDelete },
  findAndModify: { run: findAndModify, writes: true, isIdle: idleFindAndModify },
};

/** Each statement by itself: one that fails is reported with its place, and ends the command when it is ordered. */
function eachStatement<Statement>(
  { body }: Command,
  statements: readonly Statement[],
  run: (statement: Statement, index: number) => void,
): Document {
  const errors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof DbError)) throw error;
      errors.push({ index, code: error.code, errmsg: error.message, ...error.extra });
      if (flag(body.ordered, true)) break;
    }
  }
  return errors.length ? { writeErrors: errors } : {};
}

function insert(command: Command, { store }: Engine): Reply {
  const ns = namespaceOf(command);
  let n = 0;
  const errors = eachStatement(command, command.inserts, (raw) => {
    store.insert(ns, raw);
    n++;
  });
  return answer({ n, ...errors });
}

function update(command: Command, { store }: Engine): Reply {
  const ns = namespaceOf(command);
  const upserted: Document[] = [];
  let n = 0;
  let nModified = 0;
  const statements = documentList(command.body.updates, 'updates');
  const errors = eachStatement(command, statements, (statement, index) => {
    const { matched, modified, ...rest } = store.update(ns, updateRequest(statement));
    n += matched;
    nModified += modified;
    if (!('upsertedId' in rest)) return;
    n++;
    upserted.push({ index, _id: rest.upsertedId });
  });
  return answer({ n, nModified, ...(upserted.length ? { upserted } : {}), ...errors });
}

function updateRequest(statement: Document): UpdateRequest {
  refuseOptions(statement, ['collation', 'c', 'let']);
  return {
    filter: documentOr(statement.q, {}),
    update: updateOf(statement.u),
    multi: flag(statement.multi),
    upsert: flag(statement.upsert),
    arrayFilters: optionalList(statement.arrayFilters, 'arrayFilters'),
    sort: optionalDocument(statement.sort),
  };
}

function updateOf(value: unknown): UpdateRequest['update'] {
  if (isObj(value)) return value;
  if (Array.isArray(value)) return documentList(value, 'update');
  return refuse(TYPE_MISMATCH, 'An update must be a document');
}

function remove(command: Command, { store }: Engine): Reply {
  const ns = namespaceOf(command);
  let n = 0;
  const statements = documentList(command.body.deletes, 'deletes');
  const errors = eachStatement(command, statements, (statement) => {
    refuseOptions(statement, ['collation', 'let']);
    const limit = numberOr(statement.limit, 0);
    n += store.remove(ns, documentOr(statement.q, {}), { limit }).removed;
  });
  return answer({ n, ...errors });
}

function findAndModify(command: Command, { store }: Engine): Reply {
  const { body } = command;
  refuseOptions(body, ['collation', 'let']);
  const ns = namespaceOf(command);
  const filter = documentOr(body.query, {});
  const sort = optionalDocument(body.sort);
  const cut = projection(body.fields);
  if (flag(body.remove)) {
    const { removed, document } = store.remove(ns, filter, { sort, limit: 1 });
    return answer({ lastErrorObject: { n: removed }, value: cut(document) });
  }
  const result = store.update(ns, {
    filter,
    update: updateOf(body.update),
    upsert: flag(body.upsert),
    arrayFilters: optionalList(body.arrayFilters, 'arrayFilters'),
    sort,
  });
  const upserted = 'upsertedId' in result ? { upserted: result.upsertedId } : {};
  return answer({
    lastErrorObject: {
      n: result.matched + Object.keys(upserted).length,
      updatedExisting: result.matched > 0,
      ...upserted,
    },
    value: cut(flag(body.new) ? result.after : result.before),
  });
}

function projection(fields: unknown): (document: Document | undefined) => Document | null {
  const spec = documentOr(fields, {});
  if (!Object.keys(spec).length) return (document) => document ?? null;
  const cut = project(spec);
  return (document) => (document ? cut(decode(encodeDocument(document))) : null);
}

function nothingMatches({ store }: Engine, ns: string, filter: Document): boolean {
  compile(filter);
  return store.find(ns, filter, { limit: 1 }).next().done === true;
}

function onlyStatement(list: unknown): Document | undefined {
  return Array.isArray(list) && list.length === 1 && isObj(list[0]) ? list[0] : undefined;
}

function idleUpdate(command: Command, engine: Engine): boolean {
  const statement = onlyStatement(command.body.updates);
  if (!statement || flag(statement.upsert)) return false;
  return nothingMatches(engine, namespaceOf(command), documentOr(statement.q, {}));
}

function idleDelete(command: Command, engine: Engine): boolean {
  const statement = onlyStatement(command.body.deletes);
  if (!statement) return false;
  return nothingMatches(engine, namespaceOf(command), documentOr(statement.q, {}));
}

function idleFindAndModify(command: Command, engine: Engine): boolean {
  const { query, upsert } = command.body;
  if (flag(upsert)) return false;
  return nothingMatches(engine, namespaceOf(command), documentOr(query, {}));
}
