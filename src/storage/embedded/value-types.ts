import { T, bracket } from './brackets.ts';
import { numberKind } from './numbers.ts';

const NAME_BY_BRACKET: Readonly<Record<number, string>> = {
  [T.minkey]: 'minKey',
  [T.null]: 'null',
  [T.str]: 'string',
  [T.obj]: 'object',
  [T.arr]: 'array',
  [T.bin]: 'binData',
  [T.oid]: 'objectId',
  [T.bool]: 'bool',
  [T.date]: 'date',
  [T.ts]: 'timestamp',
  [T.re]: 'regex',
  [T.maxkey]: 'maxKey',
};

/** MongoDB's alias of a value's type. */
export function typeName(value: unknown): string {
  if (value === undefined) return 'missing';
  return numberKind(value) ?? NAME_BY_BRACKET[bracket(value)] ?? 'unknown';
}

/** The aliases that `$type` takes. `int` and `double` are not among them: decoding for reading merges the two. */
export const TYPE_ALIASES: ReadonlySet<string> = new Set([
  ...Object.values(NAME_BY_BRACKET),
  'number',
  'long',
  'decimal',
]);
