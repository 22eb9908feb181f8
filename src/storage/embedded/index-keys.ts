import { UNDEF } from './brackets.ts';
import { getField, isIndex, isObj } from './document.ts';
import type { Document } from './document.ts';
import { refuse } from './error.ts';

/** How far one path of an index has been followed. `rest` is null once an array's element has been taken. */
interface Step {
  value: unknown;
  rest: readonly string[] | null;
}

/**
 * All key tuples of a document for an index on these paths. An array gives one tuple for each element (`multi`), an
 * empty one gives UNDEF; two different arrays in one index are refused, as in MongoDB.
 */
export function indexKeys(
  document: Document,
  paths: readonly string[],
): { tuples: unknown[][]; multi: boolean } {
  const tuples: unknown[][] = [];
  const start = paths.map((path): Step => ({ value: document, rest: path.split('.') }));
  const multi = collect(start, tuples);
  return { tuples, multi };
}

function collect(steps: readonly Step[], tuples: unknown[][]): boolean {
  const followed = steps.map(follow);
  const array = sharedArray(followed);
  if (!array) {
    tuples.push(followed.map((step) => step.value ?? null));
    return false;
  }
  for (const element of array.length > 0 ? array : [UNDEF])
    collect(
      followed.map((step) => (isExpandable(step, array) ? enter(step, element) : step)),
      tuples,
    );
  return true;
}

function follow(step: Step): Step {
  let { value, rest } = step;
  while (rest !== null && rest.length > 0) {
    const [part = '', ...others] = rest;
    if (Array.isArray(value)) {
      if (!isIndex(part)) break;
      value = value[Number(part)];
    } else value = isObj(value) ? getField(value, part) : undefined;
    rest = others;
  }
  return { value, rest };
}

function isExpandable(step: Step, array: readonly unknown[]): boolean {
  return step.rest !== null && step.value === array;
}

function sharedArray(steps: readonly Step[]): readonly unknown[] | undefined {
  const arrays = new Set<readonly unknown[]>();
  for (const { value, rest } of steps) if (rest !== null && Array.isArray(value)) arrays.add(value);
  if (arrays.size > 1) refuse(171, 'cannot index parallel arrays');
  return [...arrays][0];
}

/** At its end a path takes the element as it is; before that, only documents can be entered. */
function enter(step: Step, element: unknown): Step {
  if (step.rest?.length === 0) return { value: element, rest: null };
  return { value: isObj(element) ? element : undefined, rest: step.rest };
}

/** Whether anything is stored under a path, null included: what a sparse index asks. */
export function hasPath(document: Document, path: string): boolean {
  let values: unknown[] = [document];
  for (const part of path.split('.')) values = values.flatMap((value) => children(value, part));
  return values.length > 0;
}

function children(value: unknown, part: string): unknown[] {
  if (isObj(value)) return Object.hasOwn(value, part) ? [value[part]] : [];
  if (!Array.isArray(value)) return [];
  const elements: readonly unknown[] = value;
  const inElements = elements.flatMap((e) => (isObj(e) && Object.hasOwn(e, part) ? [e[part]] : []));
  const atIndex = isIndex(part) && Number(part) < elements.length ? [elements[Number(part)]] : [];
  return [...inElements, ...atIndex];
}
