import { type Document, clone, cloneDocument, identical, show } from './document.ts';
import { refuse } from './error.ts';
import { conjuncts } from './match.ts';
import type { Test } from './match-tests.ts';
import { equal } from './order.ts';
import { matchedPosition } from './positional.ts';
import { compileArrayFilters } from './update-array-filters.ts';
import { type Action, type ChangeAction, type RenameAction, parseUpdate } from './update-parse.ts';
import { type PathContext, conflicts, expandPath, locate, valueAt } from './update-paths.ts';

export interface UpdateOptions {
  arrayFilters?: readonly Document[];
  now: Date;
}

export interface Applied {
  document: Document;
  changed: boolean;
}

/** Takes a document as `decodeExact` gives it, or as `seed` makes it for an upsert, and leaves it as it is. */
export type Updater = (
  document: Document,
  context?: { insert?: boolean; filter?: Document },
) => Applied;

export function isReplacement(update: Document): boolean {
  return Object.keys(update)[0]?.startsWith('$') !== true;
}

/** Compiles an update once; whatever is wrong with it whatever the document is refused here. */
export function updater(update: Document | readonly Document[], options: UpdateOptions): Updater {
  if (isPipeline(update)) return refuse(2, 'Updates by an aggregation pipeline are not supported');
  if (isReplacement(update)) return replacer(update);
  const actions = parseUpdate(update, options.now);
  const arrayFilters = compileArrayFilters(
    options.arrayFilters ?? [],
    actions.map((action) => action.path),
  );
  return (document, { insert = false, filter = {} } = {}) => {
    const run = createRun(document, { insert, filter, arrayFilters });
    for (const action of actions) run.perform(action);
    return run.result();
  };
}

function isPipeline(update: Document | readonly Document[]): update is readonly Document[] {
  return Array.isArray(update);
}

function replacer(replacement: Document): Updater {
  for (const name of Object.keys(replacement))
    if (name.startsWith('$'))
      refuse(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document.`,
      );
  return (document) => {
    const { _id: id } = document;
    if (id === undefined) return { document: cloneDocument(replacement), changed: true };
    if (replacement._id !== undefined && !equal(id, replacement._id))
      refuse(
        66,
        `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(replacement._id)}`,
      );
    const replaced = { _id: id, ...cloneDocument(replacement) };
    replaced._id = id;
    return { document: replaced, changed: !identical(document, replaced) };
  };
}

interface Run {
  perform(action: Action): void;
  result(): Applied;
}

interface RunContext {
  insert: boolean;
  filter: Document;
  arrayFilters: ReadonlyMap<string, Test>;
}

/** One application of an update to one document. */
function createRun(original: Document, { insert, filter, arrayFilters }: RunContext): Run {
  const document = cloneDocument(original);
  const paths: PathContext = {
    arrayFilters,
    positionIn: (arrayPath) => matchedPosition(document, filter, arrayPath),
  };
  const touched: string[][] = [];
  let changed = false;

  /** What `$` and `$[name]` stand for is known only now, and two paths must not meet there either. */
  function claim(parts: string[]): void {
    const other = touched.find((path) => conflicts(path, parts));
    if (other)
      refuse(
        40,
        `Updating the path '${parts.join('.')}' would create a conflict at '${other.join('.')}'`,
      );
    touched.push(parts);
  }

  function change({ path, reach, onInsertOnly, apply }: ChangeAction): void {
    const places = expandPath(document, path, paths);
    if (onInsertOnly && !insert) return;
    for (const parts of places) {
      claim(parts);
      const slot = locate(document, parts, reach);
      if (slot && apply(slot)) changed = true;
    }
  }

  function rename({ from, path }: RenameAction): void {
    const source = locate(document, from.split('.'), 'existing');
    if (!source?.exists) return;
    for (const end of [from, path]) refuseArrayElement(document, end);
    const { value } = source;
    source.remove();
    locate(document, path.split('.'), 'create')?.set(value);
    changed = true;
  }

  return {
    perform(action) {
      if (action.kind === 'rename') rename(action);
      else change(action);
    },
    result() {
      const { _id: id } = original;
      if (id !== undefined && (document._id === undefined || !equal(id, document._id)))
        refuse(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
      return { document, changed };
    },
  };
}

function refuseArrayElement(document: Document, path: string): void {
  const parts = path.split('.');
  for (let length = 1; length < parts.length; length++)
    if (Array.isArray(valueAt(document, parts.slice(0, length))))
      refuse(2, `A field of $rename cannot be an array element: '${path}'`);
}

/** The document that an upsert starts from: what the filter says is equal to something. */
export function seed(filter: Document, replacement: boolean): Document {
  const document: Document = {};
  const taken: string[][] = [];
  for (const [path, operators] of conjuncts(filter)) {
    const value = equalTo(operators);
    if (value === undefined || (replacement && path !== '_id')) continue;
    const parts = path.split('.');
    if (taken.some((other) => conflicts(other, parts)))
      refuse(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    taken.push(parts);
    locate(document, parts, 'create')?.set(clone(value));
  }
  return document;
}

function equalTo(operators: Document): unknown {
  if ('$eq' in operators) return operators.$eq;
  for (const name of ['$in', '$all']) {
    const list = operators[name];
    if (Array.isArray(list) && list.length === 1) return list[0] as unknown;
  }
  return undefined;
}
