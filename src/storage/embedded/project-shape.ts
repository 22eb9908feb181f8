import { type Document, isObj, setField } from './document.ts';
import { refuse } from './error.ts';
import { parsePath } from './field-paths.ts';
import { isNumber, toNumber } from './numbers.ts';

/** Paths of a projection as a tree; true is its end. */
export type Tree = Map<string, Tree | true>;

export type Reshape = (document: Document) => Document;

export interface Flag {
  path: string;
  included: boolean;
}

/** 1, 0, true and false; undefined for everything else. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return isNumber(value) ? toNumber(value) !== 0 : undefined;
}

/**
 * Whether a projection names what stays or what goes. `_id` may be the exception, and decides only where it stands
 * alone; `others` is set where something else than a flag (a computed field, $elemMatch) names what stays.
 */
export function isInclusive(flags: readonly Flag[], others: boolean): boolean {
  const named = flags.filter(({ path }) => path !== '_id');
  const [decisive] = named.length > 0 ? named : flags;
  const inclusive = others || decisive?.included === true;
  for (const { path, included } of named)
    if (included !== inclusive) refuseMixture(path, inclusive);
  return inclusive;
}

function refuseMixture(path: string, inclusive: boolean): never {
  return inclusive
    ? refuse(31254, `Cannot do exclusion on field ${path} in inclusion projection`)
    : refuse(31253, `Cannot do inclusion on field ${path} in exclusion projection`);
}

export function includeOnly(paths: readonly string[]): Reshape {
  const tree = treeOf(paths);
  return (document) => includeFields(document, tree);
}

export function exclude(paths: readonly string[]): Reshape {
  const tree = treeOf(paths);
  return (document) => excludeFields(document, tree);
}

export function treeOf(paths: readonly string[]): Tree {
  const root: Tree = new Map();
  for (const path of paths) plant(root, parsePath(path), path);
  return root;
}

function plant(tree: Tree, [part = '', ...rest]: readonly string[], path: string): void {
  const existing = tree.get(part);
  if (rest.length === 0) {
    if (existing) refuse(31250, `Path collision at ${path}`);
    tree.set(part, true);
    return;
  }
  if (existing === true) refuse(31249, `Path collision at ${path}`);
  const branch: Tree = existing instanceof Map ? existing : new Map<string, Tree | true>();
  tree.set(part, branch);
  plant(branch, rest, path);
}

function includeFields(document: Document, tree: Tree): Document {
  const kept: Document = {};
  for (const name of Object.keys(document)) {
    const branch = tree.get(name);
    if (!branch) continue;
    const value = branch === true ? document[name] : includeIn(document[name], branch);
    if (value !== undefined) setField(kept, name, value);
  }
  return kept;
}

/** Scalars have none of the fields that were asked for, and go. */
function includeIn(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value))
    return value
      .map((element: unknown) => includeIn(element, tree))
      .filter((element) => element !== undefined);
  return isObj(value) ? includeFields(value, tree) : undefined;
}

function excludeFields(document: Document, tree: Tree): Document {
  const kept: Document = {};
  for (const name of Object.keys(document)) {
    const branch = tree.get(name);
    if (branch === true) continue;
    setField(kept, name, branch ? excludeIn(document[name], branch) : document[name]);
  }
  return kept;
}

function excludeIn(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((element: unknown) => excludeIn(element, tree));
  return isObj(value) ? excludeFields(value, tree) : value;
}
