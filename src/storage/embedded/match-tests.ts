import { T, bracket, isRegex, regexParts } from './brackets.ts';
import type { Document } from './document.ts';
import { isMissing } from './document.ts';
import { DbError, refuse } from './error.ts';
import { encode } from './key-encoding.ts';
import { isNaNValue, isNumber, toNumber } from './numbers.ts';
import { compare, equal } from './order.ts';
import { TYPE_ALIASES, typeName } from './value-types.ts';

/** A question about one value; `undefined` is the value of a path that leads nowhere. */
export type Test = (value: unknown) => boolean;

export interface ValueTest {
  test: Test;
  /** False where an array is looked at as a whole only, and not element by element. */
  expand?: boolean;
  /** The condition holds where the test holds for none of the values that a path reaches. */
  negated?: boolean;
}

/** An operator's operand, with the other operators beside it (`$options` beside `$regex`). */
type Compiler = (operand: unknown, beside: Document) => ValueTest;

/** The operators that look at one value at a time. */
export const VALUE_TESTS: Readonly<Record<string, Compiler>> = {
  $eq: (operand) => ({ test: equals(operand) }),
  $ne: (operand) => ({ test: equals(operand), negated: true }),
  $gt: (operand) => ({ test: compares(operand, (order) => order > 0, false) }),
  $gte: (operand) => ({ test: compares(operand, (order) => order >= 0, true) }),
  $lt: (operand) => ({ test: compares(operand, (order) => order < 0, false) }),
  $lte: (operand) => ({ test: compares(operand, (order) => order <= 0, true) }),
  $in: (operand) => ({ test: isOneOf('$in', operand) }),
  $nin: (operand) => ({ test: isOneOf('$nin', operand), negated: true }),
  $exists: (operand) => ({
    test: (value) => value !== undefined,
    expand: false,
    negated: !isTrue(operand),
  }),
  $type: (operand) => ({ test: hasType(operand) }),
  $size: (operand) => ({ test: hasSize(operand), expand: false }),
  $mod: (operand) => ({ test: hasRemainder(operand) }),
  $regex: (operand, beside) => ({ test: matchesRegex(operand, beside.$options) }),
};

function isTrue(operand: unknown): boolean {
  return isNumber(operand) ? toNumber(operand) !== 0 : operand !== false && !isMissing(operand);
}

/** Null also equals a missing value. */
function equals(operand: unknown): Test {
  if (isRegex(operand)) return refuse(2, 'A regular expression is not supported here');
  if (isMissing(operand)) return isMissing;
  if (typeof operand === 'string') return (value) => value === operand;
  const type = bracket(operand);
  return (value) => value !== undefined && bracket(value) === type && compare(value, operand) === 0;
}

/** For lists (`$in`, `$all`), in which a regular expression stands for what it matches. */
export function equalsOrMatches(operand: unknown): Test {
  if (!isRegex(operand)) return equals(operand);
  const matches = matchesRegex(operand, undefined);
  return (value) => matches(value) || (isRegex(value) && equal(value, operand));
}

/** Ordering compares within one type only; NaN is at most equal to itself. */
function compares(operand: unknown, holds: (order: number) => boolean, orEqual: boolean): Test {
  if (isRegex(operand)) refuse(2, "Can't have RegEx as arg to predicate over field");
  if (isMissing(operand)) return (value) => orEqual && isMissing(value);
  if (isNaNValue(operand)) return (value) => orEqual && isNaNValue(value);
  const type = bracket(operand);
  if (type === T.minkey || type === T.maxkey)
    return (value) => value !== undefined && holds(compare(value, operand));
  return (value) =>
    value !== undefined &&
    bracket(value) === type &&
    holds(compare(value, operand)) &&
    !isNaNValue(value);
}

/** From this length on, a list is looked up by key instead of compared one by one. */
const LONG_LIST = 8;

function isOneOf(name: string, operand: unknown): Test {
  if (!Array.isArray(operand)) return refuse(2, `${name} needs an array`);
  const list: readonly unknown[] = operand;
  for (const item of list) if (isOperatorLike(item)) refuse(2, `cannot nest $ under ${name}`);
  const strings = new Set(list.filter((item) => typeof item === 'string'));
  const others = list.filter((item) => typeof item !== 'string');
  const isOther = others.length < LONG_LIST ? isAnyOf(others) : isInKeySet(others);
  return (value) => (typeof value === 'string' && strings.has(value)) || isOther(value);
}

function isAnyOf(items: readonly unknown[]): Test {
  const tests = items.map(equalsOrMatches);
  return (value) => tests.some((test) => test(value));
}

function isInKeySet(items: readonly unknown[]): Test {
  const exact = items.filter((item) => !isRegex(item) && !isMissing(item));
  const isRest = isAnyOf(items.filter((item) => isRegex(item) || isMissing(item)));
  const keys = new Set(exact.map((item) => encode(item).toString('latin1')));
  return (value) =>
    (value !== undefined && keys.has(encode(value).toString('latin1'))) || isRest(value);
}

function isOperatorLike(value: unknown): boolean {
  return bracket(value) === T.obj && Object.keys(value as Document)[0]?.startsWith('$') === true;
}

function hasType(operand: unknown): Test {
  const names = new Set<string>();
  for (const name of Array.isArray(operand) ? (operand as unknown[]) : [operand]) {
    if (typeof name !== 'string') return refuse(2, '$type takes the name of a type here');
    if (!TYPE_ALIASES.has(name)) refuse(2, `Unknown or unsupported type name alias: ${name}`);
    names.add(name);
  }
  const anyNumber = names.has('number');
  return (value) => (anyNumber && isNumber(value)) || names.has(typeName(value));
}

function hasSize(operand: unknown): Test {
  const size = toNumber(operand);
  if (!Number.isInteger(size)) refuse(2, '$size must be a whole number');
  if (size < 0) refuse(2, '$size may not be negative');
  return (value) => Array.isArray(value) && value.length === size;
}

function hasRemainder(operand: unknown): Test {
  if (!Array.isArray(operand) || operand.length !== 2)
    return refuse(2, 'malformed mod, expected two elements');
  const [divisor, remainder] = operand.map((part) => wholeNumber(part));
  if (divisor === undefined || remainder === undefined)
    return refuse(2, 'malformed mod, divisor and remainder have to be finite numbers');
  if (divisor === 0n) refuse(2, 'divisor cannot be 0');
  return (value) => {
    const whole = wholeNumber(value);
    return whole !== undefined && whole % divisor === remainder;
  };
}

/** The number without its fraction, undefined for NaN, infinity and everything that is no number. */
function wholeNumber(value: unknown): bigint | undefined {
  if (!isNumber(value)) return undefined;
  if (isLongLike(value)) return value.toBigInt();
  const number = toNumber(value);
  return Number.isFinite(number) ? BigInt(Math.trunc(number)) : undefined;
}

function isLongLike(value: unknown): value is { toBigInt(): bigint } {
  return typeof value === 'object' && value !== null && 'toBigInt' in value;
}

function matchesRegex(operand: unknown, options: unknown): Test {
  const regex = toRegExp(operand, options);
  return (value) => typeof value === 'string' && regex.test(value);
}

/**
 * The regular expressions are JavaScript's, by code point (flag u), in which a pattern that only PCRE understands is
 * a syntax error and so refused.
 */
function toRegExp(operand: unknown, options: unknown): RegExp {
  const given = isRegex(operand) ? regexParts(operand) : { pattern: operand, options: '' };
  const flags = options ?? given.options;
  if (typeof given.pattern !== 'string') return refuse(2, '$regex has to be a string');
  if (typeof flags !== 'string') return refuse(2, '$options has to be a string');
  if (/[^imsu]/.test(flags)) refuse(51108, `invalid flag in regex options: ${flags}`);
  try {
    return new RegExp(given.pattern, [...new Set(`${flags}u`)].join(''));
  } catch (error) {
    throw new DbError(51091, `Regular expression is invalid: ${String(error)}`);
  }
}
