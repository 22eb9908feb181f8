export type Json = Record<string, unknown>;
type Path = readonly string[];

/** The path of every member and item in a JSON value. */
export function* placesOf(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    yield [...path, key];
    yield* placesOf(member, [...path, key]);
  }
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((at, key) => (at as Json)[key], value);
}

/** A copy that differs in one place; `undefined` takes the place out. */
export function withChange(original: unknown, path: Path, replacement: unknown): Json {
  const copy = structuredClone(original) as Json;
  const last = path.at(-1) ?? '';
  const holder = valueAt(copy, path.slice(0, -1)) as Json;
  if (replacement !== undefined) holder[last] = replacement;
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder, last);
  return copy;
}

/** The right body, each time with another field replaced. */
export function replaceEach(right: unknown, wrong: unknown): readonly unknown[] {
  const isList = Array.isArray(right);
  const record = (isList ? right[0] : right) as Readonly<Record<string, unknown>>;
  return Object.keys(record).map((field) => {
    const changed = { ...record, [field]: wrong };
    return isList ? [changed] : changed;
  });
}
