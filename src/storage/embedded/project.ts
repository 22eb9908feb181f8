import { type Document, decode, encodeDocument, getField, isObj, setField } from './document.ts';
import { refuse } from './error.ts';
import { flattenFields } from './field-paths.ts';
import { elementTest } from './match.ts';
import type { Test } from './match-tests.ts';
import { toNumber } from './numbers.ts';
import {
  type Flag,
  type Reshape,
  exclude,
  flagOf,
  includeOnly,
  isInclusive,
  treeOf,
} from './project-shape.ts';
import { type Cut, compileCut } from './raw-fields.ts';

type Slice = (array: readonly unknown[]) => unknown[];

interface Projection {
  flags: Flag[];
  slices: { path: string; slice: Slice }[];
  matches: { name: string; test: Test }[];
}

/** Compiles the projection of a find: flags, `$slice` and `$elemMatch`. */
export function project(projection: Document): Reshape {
  const { flags, slices, matches } = parse(projection);
  if (flags.length + slices.length + matches.length === 0) return (document) => document;
  const reshape = shapeOf({ flags, slices, matches });
  return (document) => {
    let projected = reshape(document);
    for (const { path, slice } of slices) projected = sliceAt(projected, path.split('.'), slice);
    for (const { name, test } of matches) keepFirstMatch(projected, name, test);
    return projected;
  };
}

function parse(projection: Document): Projection {
  const parsed: Projection = { flags: [], slices: [], matches: [] };
  for (const [path, value] of flattenFields(projection)) {
    const included = flagOf(value);
    if (included !== undefined) parsed.flags.push({ path, included });
    else addOperator(parsed, path, value);
  }
  return parsed;
}

function addOperator(parsed: Projection, path: string, value: unknown): void {
  const [name, ...others] = isObj(value) ? Object.entries(value) : [];
  if (!name || others.length > 0)
    return refuse(
      2,
      `A projection of a find takes flags, $slice and $elemMatch, not this: ${path}`,
    );
  const [operator, operand] = name;
  if (operator === '$slice') parsed.slices.push({ path, slice: compileSlice(operand) });
  else if (operator === '$elemMatch') parsed.matches.push(compileElemMatch(path, operand));
  else refuse(2, `${operator} is not supported in the projection of a find`);
}

function compileElemMatch(path: string, operand: unknown): Projection['matches'][number] {
  if (path.includes('.')) refuse(31275, 'Cannot use $elemMatch projection on a nested field.');
  if (!isObj(operand)) return refuse(31274, 'elemMatch: Invalid argument, object required');
  return { name: path, test: elementTest(operand) };
}

/** A count from the start, or from the end if negative; or `[skip, limit]`. */
function compileSlice(operand: unknown): Slice {
  const numbers = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map(toNumber);
  const [first = NaN, limit] = numbers;
  if (numbers.length > 2 || !numbers.every(Number.isInteger))
    return refuse(28667, 'Invalid $slice syntax: whole numbers are required');
  if (!Array.isArray(operand))
    return (array) => (first < 0 ? array.slice(first) : array.slice(0, first));
  if (limit === undefined || limit <= 0)
    return refuse(28724, 'The limit of $slice has to be a positive number');
  return (array) => {
    const start = first < 0 ? Math.max(0, array.length + first) : first;
    return array.slice(start, start + limit);
  };
}

/** The same from stored bytes to bytes; fields that are only to be kept are never decoded. */
export function projectBytes(projection: Document): Cut {
  const { flags, slices, matches } = parse(projection);
  const isPlain = slices.length + matches.length === 0;
  if (isPlain && flags.length === 0) return (raw) => raw;
  if (isPlain && isInclusive(flags, false)) return compileCut(treeOf(keptBy(flags)));
  const reshape = project(projection);
  return (raw) => encodeDocument(reshape(decode(raw)));
}

/** A `$slice` alone leaves the other fields; beside fields to include it includes its own. */
function shapeOf({ flags, slices, matches }: Projection): Reshape {
  const inclusive = isInclusive(flags, matches.length > 0);
  if (!inclusive) return exclude(pathsOf(flags, false));
  return includeOnly([
    ...keptBy(flags),
    ...slices.map(({ path }) => path),
    ...matches.map(({ name }) => name),
  ]);
}

/** `_id` too, unless it was said that it goes. */
function keptBy(flags: readonly Flag[]): string[] {
  const id = flags.some(({ path, included }) => path === '_id' && !included) ? [] : ['_id'];
  return [...id, ...pathsOf(flags, true).filter((path) => path !== '_id')];
}

function pathsOf(flags: readonly Flag[], included: boolean): string[] {
  return flags.filter((flag) => flag.included === included).map(({ path }) => path);
}

function sliceAt(
  document: Document,
  [part = '', ...rest]: readonly string[],
  slice: Slice,
): Document {
  const value = getField(document, part);
  if (value === undefined) return document;
  const copy = { ...document };
  setField(
    copy,
    part,
    rest.length === 0 ? sliceValue(value, slice) : sliceInside(value, rest, slice),
  );
  return copy;
}

function sliceValue(value: unknown, slice: Slice): unknown {
  return Array.isArray(value) ? slice(value) : value;
}

function sliceInside(value: unknown, rest: readonly string[], slice: Slice): unknown {
  if (Array.isArray(value))
    return value.map((element: unknown) =>
      isObj(element) ? sliceAt(element, rest, slice) : element,
    );
  return isObj(value) ? sliceAt(value, rest, slice) : value;
}

function keepFirstMatch(projected: Document, name: string, test: Test): void {
  const array = getField(projected, name);
  const match = Array.isArray(array) ? array.findIndex((element) => test(element)) : -1;
  if (Array.isArray(array) && match >= 0) projected[name] = [array[match]];
  else Reflect.deleteProperty(projected, name);
}
