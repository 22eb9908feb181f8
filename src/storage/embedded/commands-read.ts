import { Long } from 'bson';
import type { Command, Engine, Handlers, Reply } from './command.ts';
import {
  answer,
  deadlineOf,
  documentList,
  documentOr,
  flag,
  namespaceOf,
  numberOr,
  optionalDocument,
  refuseOptions,
} from './command.ts';
import type { CursorReply } from './cursors.ts';
import { decode, encodeDocument } from './document.ts';
import { refuse } from './error.ts';
import { compile, reach } from './match.ts';
import { encode } from './order.ts';
import { projectBytes } from './project.ts';

const BAD_VALUE = 2;
const INVALID_PIPELINE = 40324;
/** What MongoDB sends first unless told otherwise. */
const FIRST_BATCH = 101;

export const readCommands: Handlers = {
  find: { run: find },
  getMore: {
    run: ({ body }, { cursors }) =>
      cursor(cursors.more(Number(body.getMore), numberOr(body.batchSize, 0) || Infinity)),
  },
  killCursors: { run: killCursors },
  aggregate: { run: aggregate },
  count: {
    run: (command, { store }) => {
      const { body } = command;
      refuseOptions(body, ['collation']);
      const filter = documentOr(body.query, {});
      compile(filter);
      const skip = numberOr(body.skip, 0);
      const limit = Math.abs(numberOr(body.limit, 0));
      const options = { skip, limit, deadline: deadlineOf(body) };
      return answer({ n: store.count(namespaceOf(command), filter, options) });
    },
  },
  distinct: { run: distinct },
};

function cursor(reply: CursorReply): Reply {
  return { cursor: reply };
}

function find(command: Command, { store, cursors }: Engine): Reply {
  const { body } = command;
  refuseOptions(body, ['collation', 'tailable', 'min', 'max', 'returnKey', 'showRecordId', 'let']);
  const ns = namespaceOf(command);
  const filter = documentOr(body.filter, {});
  compile(filter);
  const cut = projectBytes(documentOr(body.projection, {}));
  const wanted = numberOr(body.limit, 0);
  const hits = store.find(ns, filter, {
    sort: optionalDocument(body.sort),
    skip: numberOr(body.skip, 0),
    limit: Math.abs(wanted),
    deadline: deadlineOf(body),
  });
  const projected = map(hits, ({ raw }) => cut(raw));
  return cursor(
    cursors.open(projected, {
      ns,
      batchSize: numberOr(body.batchSize, FIRST_BATCH),
      single: wanted < 0 || flag(body.singleBatch),
    }),
  );
}

function* map<From, To>(values: Iterable<From>, change: (value: From) => To): Generator<To> {
  for (const value of values) yield change(value);
}

function killCursors({ body }: Command, { cursors }: Engine): Reply {
  const ids = Array.isArray(body.cursors) ? body.cursors.map(Number) : [];
  const killed = ids.filter((id) => cursors.kill(id));
  const long = (list: readonly number[]) => list.map((id) => Long.fromNumber(id));
  return answer({
    cursorsKilled: long(killed),
    cursorsNotFound: long(ids.filter((id) => !killed.includes(id))),
    cursorsAlive: [],
    cursorsUnknown: [],
  });
}

function aggregate(command: Command, { store, cursors }: Engine): Reply {
  const { body } = command;
  refuseOptions(body, ['collation', 'explain', 'let']);
  if (typeof body.aggregate !== 'string') {
    refuse(INVALID_PIPELINE, 'Aggregation over a whole database is not supported');
  }
  const ns = namespaceOf(command);
  const pipeline = documentList(body.pipeline, 'pipeline');
  const results = store.aggregate(ns, pipeline, deadlineOf(body));
  const { batchSize } = documentOr(body.cursor, {});
  return cursor(
    cursors.open(map(results, encodeDocument), { ns, batchSize: numberOr(batchSize, FIRST_BATCH) }),
  );
}

function distinct(command: Command, { store }: Engine): Reply {
  const { body } = command;
  refuseOptions(body, ['collation']);
  const filter = documentOr(body.query, {});
  compile(filter);
  if (typeof body.key !== 'string') return refuse(BAD_VALUE, "'key' must be a string");
  const path = body.key.split('.');
  const values = new Map<string, unknown>();
  const add = (value: unknown): boolean => {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) values.set(encode(one).toString('latin1'), one);
    }
    return false;
  };
  for (const { raw } of store.find(namespaceOf(command), filter, {
    deadline: deadlineOf(body),
  })) {
    reach(decode(raw), path, false, add);
  }
  return answer({ values: [...values.values()] });
}
