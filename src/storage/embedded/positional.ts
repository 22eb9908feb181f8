import { type Document, isIndex } from './document.ts';
import { compile, compileForElement, conjuncts } from './match.ts';
import type { Test } from './match-tests.ts';
import { valueAt } from './update-paths.ts';

/**
 * Index of the element of the array at `arrayPath` that made the filter true, -1 if none: what `$` stands for. Of
 * several conditions on the array, the last operator of the first path that finds an element decides.
 */
export function matchedPosition(document: Document, filter: Document, arrayPath: string): number {
  const array = valueAt(document, arrayPath.split('.'));
  if (!Array.isArray(array)) return -1;
  for (const [path, operators] of conjuncts(filter)) {
    const index = positionFor(array, operators, pathInside(path, arrayPath));
    if (index >= 0) return index;
  }
  return -1;
}

/** The rest of a path after that of the array, empty for the array itself, undefined for a path elsewhere. */
function pathInside(path: string, arrayPath: string): string | undefined {
  if (path === arrayPath) return '';
  if (!path.startsWith(`${arrayPath}.`)) return undefined;
  const rest = path.slice(arrayPath.length + 1);
  return isIndex(rest.split('.')[0] ?? '') ? undefined : rest;
}

function positionFor(
  array: readonly unknown[],
  operators: Document,
  rest: string | undefined,
): number {
  if (rest === undefined) return -1;
  let position = -1;
  for (const name of Object.keys(operators)) {
    if (name === '$options') continue;
    const test = rest === '' ? compileForElement(name, operators) : restTest(rest, name, operators);
    const index = array.findIndex((element) => test(element));
    if (index >= 0) position = index;
  }
  return position;
}

function restTest(rest: string, name: string, operators: Document): Test {
  const options = name === '$regex' && '$options' in operators;
  const single = {
    [name]: operators[name],
    ...(options && { $options: operators.$options }),
  };
  return compile({ [rest]: single }) as Test;
}
