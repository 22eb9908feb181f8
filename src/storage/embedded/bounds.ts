// What a condition on one path says about the keys of an index on that path.
// A bound may admit too much, as every document is tested against the whole filter, but never too little.
import type { Document } from './document.ts';
import { isObj } from './document.ts';
import { conjuncts, isRegex } from './match.ts';
import { T, after, bracket, encode, invert } from './order.ts';

interface Limit {
  readonly value: unknown;
  readonly inclusive: boolean;
}

export interface ValueRange {
  readonly low?: Limit;
  readonly high?: Limit;
  /** Strings that start with this. */
  readonly prefix?: string;
}

export type Bounds =
  | { readonly kind: 'points'; readonly values: readonly unknown[] }
  | { readonly kind: 'range'; readonly range: ValueRange };

/** Conditions on one path that hold together. `element`: they hold for one element of an array ($elemMatch). */
export interface Condition {
  readonly operators: Document;
  readonly element?: symbol;
}

export type Conditions = ReadonlyMap<string, readonly Condition[]>;

/** The conditions that every matching document meets, by path. */
export function conditionsOf(filter: Document): Conditions {
  const found = new Map<string, Condition[]>();
  const own = new Map<string, Document>();
  for (const [path, operators] of conjuncts(filter)) {
    own.set(path, { ...operators, ...own.get(path) });
    const { $elemMatch: inner } = operators;
    if (!isObj(inner)) continue;
    const element = Symbol(path);
    for (const [name, of] of conjuncts(inner)) {
      append(found, `${path}.${name}`, { operators: of, element });
    }
  }
  for (const [path, operators] of own) append(found, path, { operators });
  return found;
}

function append(found: Map<string, Condition[]>, path: string, condition: Condition): void {
  found.set(path, [...(found.get(path) ?? []), condition]);
}

export function boundsOf(operators: Document): Bounds | undefined {
  const values = pointsOf(operators);
  if (values) return { kind: 'points', values };
  const low = limit(operators, '$gt', '$gte');
  const high = limit(operators, '$lt', '$lte');
  if (low ?? high) {
    return { kind: 'range', range: { ...(low ? { low } : {}), ...(high ? { high } : {}) } };
  }
  const prefix = literalPrefix(operators);
  return prefix ? { kind: 'range', range: { prefix } } : undefined;
}

function pointsOf({ $eq, $in, $all }: Document): readonly unknown[] | undefined {
  if (isPoint($eq)) return [$eq];
  if (isList($in) && $in.every(isPoint)) return $in;
  const first = isList($all) ? $all[0] : undefined;
  return isPoint(first) && !isObj(first) ? [first] : undefined;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** [low, high): the keys of the values in a range. Several elements of an array may meet one side each, hence `oneSided`. */
export function keyRange(
  range: ValueRange,
  descending: boolean,
  oneSided: boolean,
): readonly [Buffer, Buffer] {
  const [low, high] =
    range.prefix === undefined ? ascendingRange(range, oneSided) : prefixRange(range.prefix);
  return descending ? [invertedEnd(high), invertedEnd(low)] : [low, high];
}

/**
 * A descending part stores inverted bytes, which turns the order round. No key is a prefix of another, so keys at or
 * after `bound` end up below everything that starts with the inverted bound or with it; keys before it, above.
 */
function invertedEnd(bound: Buffer): Buffer {
  return after(invert(bound));
}

function ascendingRange({ low, high }: ValueRange, oneSided: boolean): [Buffer, Buffer] {
  const type = bracket(low ? low.value : high?.value);
  const upper = high && bracket(high.value) === type && !(low && oneSided) ? high : undefined;
  return [
    low ? start(low.value, low.inclusive) : Buffer.from([type]),
    upper ? start(upper.value, !upper.inclusive) : Buffer.from([type + 1]),
  ];
}

/** Where the keys of a value start, or where they have ended. */
function start(value: unknown, atIt: boolean): Buffer {
  const key = encode(value);
  return atIt ? key : after(key);
}

function prefixRange(prefix: string): [Buffer, Buffer] {
  const low = Buffer.concat([Buffer.from([T.str]), Buffer.from(prefix)]);
  return [low, after(low)];
}

function isPoint(value: unknown): boolean {
  return value !== undefined && !isRegex(value) && !Array.isArray(value);
}

function limit(operators: Document, exclusive: string, inclusive: string): Limit | undefined {
  if (isRangeable(operators[exclusive])) return { value: operators[exclusive], inclusive: false };
  if (isRangeable(operators[inclusive])) return { value: operators[inclusive], inclusive: true };
  return undefined;
}

function isRangeable(value: unknown): boolean {
  if (value === undefined || value === null || !isPoint(value)) return false;
  const type = bracket(value);
  return type !== T.minkey && type !== T.maxkey;
}

/** `^abc` without flags or alternatives; a quantifier after the last letter makes that letter optional. */
function literalPrefix({ $eq, $regex, $options }: Document): string | undefined {
  const regex = $regex ?? $eq;
  const source = regexSource(regex, $options);
  if (!source || source.includes('|')) return undefined;
  const literal = /^\^([\w :/@-]+)([*?{]?)/.exec(source);
  return literal?.[1]?.slice(0, literal[2] ? -1 : undefined);
}

function regexSource(regex: unknown, options: unknown): string | undefined {
  if (options !== undefined && options !== '') return undefined;
  if (typeof regex === 'string') return regex;
  if (regex instanceof RegExp) return regex.flags ? undefined : regex.source;
  if (typeof regex !== 'object' || regex === null) return undefined;
  const { pattern, options: flags } = regex as { pattern?: unknown; options?: unknown };
  return typeof pattern === 'string' && flags === '' ? pattern : undefined;
}
