import type { Json } from '../types.ts';
import { isObject, list } from '../values.ts';

/** Where the first document says something that the second does not say; the second may say more. */
export function findDifference(handed: Json, confirmed: Json, path = ''): string | undefined {
  for (const [key, value] of Object.entries(handed)) {
    if (key === '@context') continue;
    const place = path === '' ? key : `${path}.${key}`;
    const other = Object.hasOwn(confirmed, key) ? confirmed[key] : undefined;
    const found = compare(value, other, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

function compare(handed: unknown, confirmed: unknown, place: string): string | undefined {
  if (Array.isArray(handed) || Array.isArray(confirmed)) {
    const [mine, theirs] = [list(handed), list(confirmed)];
    if (mine.length !== theirs.length) return place;
    return mine
      .map((item, index) => compare(item, theirs[index], place))
      .find((found) => found !== undefined);
  }
  if (!isObject(handed)) return handed === named(confirmed) ? undefined : place;
  const other = isObject(confirmed) ? confirmed : { id: confirmed, type: handed.type };
  return findDifference(handed, other, place);
}

/** A node may be written out or only be named. */
function named(value: unknown): unknown {
  return isObject(value) ? value.id : value;
}
