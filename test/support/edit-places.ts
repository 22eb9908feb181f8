import { placesOf, valueAt, type Json } from './json-places.ts';

// What the rules for edits share: the members, texts and nodes of a credential, and copies with one of them changed.

export interface Edit {
  readonly kind: string;
  readonly what: string;
  /** JSON, or text where the layout is what was edited. */
  readonly edited: Json | string;
}

export type Path = readonly string[];
export type Make = (credential: Json, words: Words) => Iterable<Omit<Edit, 'kind'>>;
export type Rules = Readonly<Record<string, Make>>;

/** What contexts say: the IRIs of every term, and the terms of every IRI. */
export interface Words {
  readonly iris: ReadonlyMap<string, readonly string[]>;
  readonly terms: ReadonlyMap<string, readonly string[]>;
  readonly contexts: readonly string[];
}

export const isNode = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const name = (path: Path): string => path.join('.') || 'the top';
export const last = (path: Path): string => path.at(-1) ?? '';

export function* members(credential: Json): Generator<Path> {
  for (const path of placesOf(credential)) {
    const holder = valueAt(credential, path.slice(0, -1));
    if (isNode(holder) && last(path) !== '@context') yield path;
  }
}

export function* strings(credential: Json): Generator<readonly [Path, string]> {
  for (const path of placesOf(credential)) {
    const value = valueAt(credential, path);
    if (typeof value === 'string' && !path.includes('@context')) yield [path, value];
  }
}

export function* nodes(credential: Json): Generator<readonly [Path, Json]> {
  yield [[], credential];
  for (const path of placesOf(credential)) {
    const value = valueAt(credential, path);
    if (isNode(value)) yield [path, value];
  }
}

/** The node at this place in a copy, changed by hand. */
export function withNode(credential: Json, path: Path, change: (node: Json) => void): Json {
  const copy = structuredClone(credential);
  change(valueAt(copy, path) as Json);
  return copy;
}

export function take(node: Json, key: string): unknown {
  const value = node[key];
  Reflect.deleteProperty(node, key);
  return value;
}
