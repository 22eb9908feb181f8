import type { Collection } from './catalogue.ts';
import type { Command, Engine, Handlers, Reply } from './command.ts';
import {
  answer,
  documentList,
  documentOr,
  flag,
  namespaceOf,
  numberOr,
  refuseOptions,
} from './command.ts';
import type { Document } from './document.ts';
import { encodeDocument } from './document.ts';
import { refuse } from './error.ts';
import { presentIndex } from './index-definition.ts';
import { compile } from './match.ts';

const NAMESPACE_NOT_FOUND = 26;

export const schemaCommands: Handlers = {
  create: { run: create, writes: true },
  drop: {
    run: (command, { store }) => {
      const ns = namespaceOf(command);
      const dropped = store.dropCollection(ns);
      return answer(dropped ? { ns } : {});
    },
    writes: true,
  },
  dropDatabase: {
    run: ({ db }, { store }) => {
      for (const { ns } of collectionsOf(store, db)) store.dropCollection(ns);
      return answer({ dropped: db });
    },
    writes: true,
  },
  createIndexes: { run: createIndexes, writes: true },
  dropIndexes: {
    run: (command, { store }) =>
      answer({ nIndexesWas: store.dropIndexes(namespaceOf(command), command.body.index) }),
    writes: true,
  },
  listIndexes: { run: listIndexes },
  listCollections: { run: listCollections },
  listDatabases: { run: listDatabases },
};

type Store = Engine['store'];

const ID_INDEX = { v: 2, key: { _id: 1 }, name: '_id_' };

function collectionsOf(store: Store, db: string): Collection[] {
  return store.collections().filter(({ ns }) => ns.startsWith(`${db}.`));
}

function create(command: Command, { store }: Engine): Reply {
  refuseOptions(command.body, [
    'capped',
    'timeseries',
    'viewOn',
    'validator',
    'collation',
    'clusteredIndex',
    'encryptedFields',
    'changeStreamPreAndPostImages',
  ]);
  store.createCollection(namespaceOf(command));
  return answer();
}

function createIndexes(command: Command, { store }: Engine): Reply {
  const ns = namespaceOf(command);
  const count = () => 1 + (store.collections().find((one) => one.ns === ns)?.indexes.length ?? -1);
  const before = count();
  for (const spec of documentList(command.body.indexes, 'indexes')) store.createIndex(ns, spec);
  return answer({
    numIndexesBefore: before || 1,
    numIndexesAfter: count(),
    createdCollectionAutomatically: before === 0,
  });
}

function listIndexes(command: Command, { store, cursors }: Engine): Reply {
  const ns = namespaceOf(command);
  const collection =
    store.collections().find((one) => one.ns === ns) ??
    refuse(NAMESPACE_NOT_FOUND, `ns does not exist: ${ns}`);
  const own = collection.indexes.map(({ definition }) => presentIndex(definition));
  return list([ID_INDEX, ...own], ns, command, cursors);
}

function listCollections(command: Command, { store, cursors }: Engine): Reply {
  const { db, body } = command;
  const matches = compile(documentOr(body.filter, {}));
  const found = collectionsOf(store, db)
    .map(({ ns, options }): Document => ({
      name: ns.slice(db.length + 1),
      type: 'collection',
      options,
      info: { readOnly: false },
      idIndex: ID_INDEX,
    }))
    .filter(matches);
  const short = ({ name, type }: Document) => ({ name, type });
  const shown = flag(body.nameOnly) ? found.map(short) : found;
  return list(shown, `${db}.$cmd.listCollections`, command, cursors);
}

function list(
  documents: readonly Document[],
  ns: string,
  { body }: Command,
  cursors: Engine['cursors'],
): Reply {
  const { batchSize } = documentOr(body.cursor, {});
  const encoded = documents.map(encodeDocument);
  return { cursor: cursors.open(encoded, { ns, batchSize: numberOr(batchSize, Infinity) }) };
}

function listDatabases(_command: Command, { store }: Engine): Reply {
  const names = new Set(store.collections().map(({ ns }) => ns.slice(0, ns.indexOf('.'))));
  return answer({
    databases: [...names].map((name) => ({ name, sizeOnDisk: 0, empty: false })),
    totalSize: 0,
  });
}
