import { type Document, getField, isObj, setField } from './document.ts';
import { refuse } from './error.ts';

/** The parts of a field path in a projection or a pipeline. */
export function parsePath(path: string): string[] {
  const parts = path.split('.');
  if (parts.includes('')) refuse(15998, 'FieldPath field names may not be empty strings.');
  if (parts.some((part) => part.startsWith('$')))
    refuse(16410, `FieldPath field names may not start with '$': '${path}'`);
  return parts;
}

/** What `$a.b` reads: through an array it gives the array of what its elements have. */
export function readPath(value: unknown, parts: readonly string[]): unknown {
  const [part, ...rest] = parts;
  if (part === undefined) return value;
  if (Array.isArray(value))
    return value
      .map((element: unknown) => readPath(element, parts))
      .filter((found) => found !== undefined);
  return isObj(value) ? readPath(getField(value, part), rest) : undefined;
}

/** Like `readPath`, through documents only. */
export function readPlainPath(value: unknown, parts: readonly string[]): unknown {
  let reached = value;
  for (const part of parts) reached = isObj(reached) ? getField(reached, part) : undefined;
  return reached;
}

/**
 * A copy of a document with another value at a path, in each element if an array is on the way. What is no document
 * there gives way to one; `undefined` removes the field.
 */
export function withPath(document: Document, parts: readonly string[], value: unknown): Document {
  const [part, ...rest] = parts;
  const copy = { ...document };
  if (part === undefined) return copy;
  const inner = rest.length === 0 ? value : withInner(getField(document, part), rest, value);
  if (inner === undefined) Reflect.deleteProperty(copy, part);
  else setField(copy, part, inner);
  return copy;
}

function withInner(child: unknown, rest: readonly string[], value: unknown): unknown {
  if (Array.isArray(child)) return child.map((element: unknown) => withInner(element, rest, value));
  return withPath(isObj(child) ? child : {}, rest, value);
}

/** `{ a: { b: x } }` as `[['a.b', x]]`; a document that starts with an operator is a value. */
export function flattenFields(fields: Document, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    const first = isObj(value) ? Object.keys(value)[0] : undefined;
    return isObj(value) && first !== undefined && !first.startsWith('$')
      ? flattenFields(value, `${prefix}${name}.`)
      : [[prefix + name, value]];
  });
}
