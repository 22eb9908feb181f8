import { Double, Long } from 'bson';
import { isMissing } from './document.ts';
import { refuse } from './error.ts';
import { type ExpressionOperator, fixed, variadic } from './expression-types.ts';
import { average, greatest, least, sum } from './accumulate.ts';
import {
  addNumbers,
  isNumber,
  multiplyNumbers,
  numberKind,
  subtractNumbers,
  toNumber,
} from './numbers.ts';
import { typeName } from './value-types.ts';

export const ARITHMETIC: Readonly<Record<string, ExpressionOperator>> = {
  $add: variadic((values) => add(values)),
  $subtract: fixed(2, ([a, b]) => subtract(a, b)),
  $multiply: variadic((values) => multiply(values)),
  $divide: fixed(2, ([a, b]) => divide(a, b)),
  $sum: variadic((values) => sum(spread(values))),
  $avg: variadic((values) => average(spread(values))),
  $min: variadic((values) => least(spread(values))),
  $max: variadic((values) => greatest(spread(values))),
};

/** A single operand that is an array stands for its elements. */
function spread(values: readonly unknown[]): readonly unknown[] {
  const [only] = values;
  return values.length === 1 && Array.isArray(only) ? (only as unknown[]) : values;
}

/** Numbers, and at most one date, to which the numbers are milliseconds. */
function add(values: readonly unknown[]): unknown {
  if (values.some(isMissing)) return null;
  const dates = values.filter((value) => value instanceof Date);
  const numbers = values.filter((value) => !(value instanceof Date));
  for (const value of numbers)
    if (!isNumber(value))
      refuse(14, `$add only supports numeric or date types, not ${typeName(value)}`);
  const total = numbers.reduce(addNumbers, 0);
  const [date, second] = dates;
  if (second) refuse(16612, 'only one date allowed in an $add expression');
  return date ? shifted(date, toNumber(total)) : total;
}

function shifted(date: Date, milliseconds: number): Date {
  return new Date(date.getTime() + Math.round(milliseconds));
}

function subtract(a: unknown, b: unknown): unknown {
  if (isMissing(a) || isMissing(b)) return null;
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (!isNumber(b) || !(isNumber(a) || a instanceof Date))
    refuse(14, `can't $subtract ${typeName(b)} from ${typeName(a)}`);
  return a instanceof Date ? shifted(a, -toNumber(b)) : subtractNumbers(a, b);
}

function multiply(values: readonly unknown[]): unknown {
  if (values.some(isMissing)) return null;
  for (const value of values)
    if (!isNumber(value))
      refuse(14, `$multiply only supports numeric types, not ${typeName(value)}`);
  return values.reduce(multiplyNumbers, 1);
}

function divide(a: unknown, b: unknown): unknown {
  if (isMissing(a) || isMissing(b)) return null;
  if (!isNumber(a) || !isNumber(b))
    refuse(14, `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  if (numberKind(a) === 'decimal' || numberKind(b) === 'decimal')
    refuse(2, '$divide of Decimal128 is not supported');
  if (toNumber(b) === 0) refuse(2, "can't $divide by zero");
  return new Double(toNumber(a) / toNumber(b));
}
