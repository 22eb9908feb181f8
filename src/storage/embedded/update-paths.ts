import type { Document } from './document.ts';
import { getField, isIndex, isObj, setField, show } from './document.ts';
import { refuse } from './error.ts';
import type { Test } from './match-tests.ts';
import type { Reach, Slot } from './update-types.ts';

/** What `$` and `$[name]` in a path stand for in the document at hand. */
export interface PathContext {
  /** Index of the element of this array that the filter matched, -1 if none. */
  positionIn(arrayPath: string): number;
  arrayFilters: ReadonlyMap<string, Test>;
}

const POSITIONAL = /^\$(\[.*\])?$/;
/** MongoDB's own limit on how far an update may lengthen an array by setting an element past its end. */
const MAX_PADDING = 1_500_000;

/** Refuses what can never be a path to update, whatever the document. */
export function checkUpdatePath(path: string): void {
  const parts = path.split('.');
  if (parts.includes(''))
    refuse(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
  const [first = ''] = parts;
  if (POSITIONAL.test(first))
    refuse(
      2,
      `Cannot have array filter or positional identifier at the start of the path '${path}'`,
    );
  for (const part of parts)
    if (part.startsWith('$') && !POSITIONAL.test(part))
      refuse(
        52,
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in an update.`,
      );
}

/**
 * Two paths conflict if one holds the other, or if at one level they name elements in ways that may meet (`$[a]` and
 * `$[b]`, `$[]` and `0`).
 */
export function conflicts(a: readonly string[], b: readonly string[]): boolean {
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return true;
    if (part !== other) return vagueness(part) + vagueness(other) > 1;
  }
  return true;
}

/** `$` beside a plain name is let through here; it is checked again when it is known what it stands for. */
function vagueness(part: string): number {
  if (part === '$') return 1;
  return part.startsWith('$[') ? 2 : 0;
}

/** The identifier of `$[identifier]`, empty for `$[]`, undefined for other parts. */
export function filterIdentifier(part: string): string | undefined {
  return part.startsWith('$[') ? part.slice(2, -1) : undefined;
}

/** The plain paths that a path with `$`, `$[]` and `$[name]` stands for in this document. */
export function expandPath(document: Document, path: string, context: PathContext): string[][] {
  let paths: string[][] = [[]];
  const parts = path.split('.');
  for (const [i, part] of parts.entries()) {
    const identifier = filterIdentifier(part);
    if (identifier !== undefined)
      paths = paths.flatMap((prefix) => elementPaths(document, prefix, { identifier, context }));
    else {
      const name = part === '$' ? matchedIndex(parts.slice(0, i).join('.'), context) : part;
      paths = paths.map((prefix) => [...prefix, name]);
    }
  }
  return paths;
}

function matchedIndex(arrayPath: string, context: PathContext): string {
  const index = context.positionIn(arrayPath);
  if (index < 0) refuse(2, 'The positional operator did not find the match needed from the query.');
  return String(index);
}

function elementPaths(
  document: Document,
  prefix: readonly string[],
  { identifier, context }: { identifier: string; context: PathContext },
): string[][] {
  const array = valueAt(document, prefix);
  if (array === undefined)
    return refuse(
      2,
      `The path '${prefix.join('.')}' must exist in the document in order to apply array updates.`,
    );
  if (!Array.isArray(array))
    return refuse(2, `Cannot apply array updates to non-array element ${prefix.at(-1) ?? ''}`);
  const test = identifier === '' ? undefined : context.arrayFilters.get(identifier);
  return array.flatMap((element: unknown, i) =>
    test && !test(element) ? [] : [[...prefix, String(i)]],
  );
}

/** The value at a plain path, positions in arrays included. */
export function valueAt(value: unknown, parts: readonly string[]): unknown {
  let reached = value;
  for (const part of parts) reached = childOf(reached, part);
  return reached;
}

function childOf(value: unknown, part: string): unknown {
  if (Array.isArray(value)) return isIndex(part) ? value[Number(part)] : undefined;
  return isObj(value) ? getField(value, part) : undefined;
}

/** Follows a plain path; undefined where it leads nowhere and nothing is to be made. */
export function locate(
  document: Document,
  parts: readonly string[],
  reach: Reach,
): Slot | undefined {
  let container: unknown = document;
  for (const [i, part] of parts.entries()) {
    if (!canHold(container, part)) {
      blocked(container, { parts, at: i, reach });
      return;
    }
    if (i === parts.length - 1) return slotOf(container, part, parts.join('.'));
    if (!has(container, part)) {
      if (reach !== 'create') return undefined;
      put(container, part, {});
    }
    container = childOf(container, part);
  }
  return undefined;
}

type Container = Document | unknown[];

function canHold(value: unknown, part: string): value is Container {
  return Array.isArray(value) ? isIndex(part) : isObj(value);
}

function blocked(
  value: unknown,
  { parts, at, reach }: { parts: readonly string[]; at: number; reach: Reach },
): undefined {
  if (reach === 'lenient') return undefined;
  const part = parts[at] ?? '';
  const element = `{${parts[at - 1] ?? ''}: ${show(value)}}`;
  if (reach === 'create') refuse(28, `Cannot create field '${part}' in element ${element}`);
  return refuse(
    28,
    `Cannot use the part (${part}) of (${parts.join('.')}) to traverse the element (${element})`,
  );
}

function has(container: Container, part: string): boolean {
  return Array.isArray(container)
    ? Number(part) < container.length
    : Object.hasOwn(container, part);
}

function put(container: Container, part: string, value: unknown): void {
  if (!Array.isArray(container)) {
    setField(container, part, value);
    return;
  }
  const index = Number(part);
  if (index > container.length + MAX_PADDING)
    refuse(2, `Cannot append ${index - container.length} elements to an array by one update`);
  while (container.length < index) container.push(null);
  container[index] = value;
}

function slotOf(container: Container, part: string, path: string): Slot {
  return {
    path,
    exists: has(container, part),
    value: childOf(container, part),
    set(value) {
      put(container, part, value);
    },
    remove() {
      if (Array.isArray(container)) container[Number(part)] = null;
      else Reflect.deleteProperty(container, part);
    },
  };
}
