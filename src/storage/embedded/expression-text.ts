import { isMissing, isObj } from './document.ts';
import { refuse } from './error.ts';
import {
  type Compile,
  type Expression,
  type ExpressionOperator,
  fixed,
  variadic,
} from './expression-types.ts';
import { typeName } from './value-types.ts';

/** Strings and dates. */
export const TEXT: Readonly<Record<string, ExpressionOperator>> = {
  $concat: variadic((values) => concat(values)),
  $toLower: fixed(1, ([value]) => asciiCase(value, /[A-Z]/g, (letter) => letter.toLowerCase())),
  $toUpper: fixed(1, ([value]) => asciiCase(value, /[a-z]/g, (letter) => letter.toUpperCase())),
  $year: datePart((date) => date.getUTCFullYear()),
  $month: datePart((date) => date.getUTCMonth() + 1),
  $dayOfMonth: datePart((date) => date.getUTCDate()),
  $dateToString: dateToString,
};

function concat(values: readonly unknown[]): string | null {
  if (values.some(isMissing)) return null;
  for (const value of values)
    if (typeof value !== 'string')
      refuse(16702, `$concat only supports strings, not ${typeName(value)}`);
  return values.join('');
}

/** MongoDB changes the case of ASCII letters only. */
function asciiCase(value: unknown, letters: RegExp, change: (letter: string) => string): string {
  if (isMissing(value)) return '';
  if (typeof value !== 'string')
    return refuse(16007, `changing the case of type ${typeName(value)} is not supported`);
  return value.replace(letters, change);
}

function datePart(part: (date: Date) => number): ExpressionOperator {
  return fixed(1, ([value]) => (isMissing(value) ? null : part(dateOf(value))));
}

function dateOf(value: unknown): Date {
  if (value instanceof Date) return value;
  return refuse(16006, `can't convert from BSON type ${typeName(value)} to Date`);
}

const DATE_PARTS: Readonly<Record<string, (date: Date) => string>> = {
  Y: (date) => padded(date.getUTCFullYear(), 4),
  m: (date) => padded(date.getUTCMonth() + 1, 2),
  d: (date) => padded(date.getUTCDate(), 2),
  H: (date) => padded(date.getUTCHours(), 2),
  M: (date) => padded(date.getUTCMinutes(), 2),
  S: (date) => padded(date.getUTCSeconds(), 2),
  L: (date) => padded(date.getUTCMilliseconds(), 3),
  '%': () => '%',
};

function padded(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

const ISO_FORMAT = '%Y-%m-%dT%H:%M:%S.%LZ';

function dateToString(operand: unknown, compile: Compile): Expression {
  if (!isObj(operand) || !('date' in operand))
    return refuse(18628, "Missing 'date' parameter to $dateToString");
  for (const name of Object.keys(operand))
    if (name !== 'date' && name !== 'format')
      refuse(18534, `Unrecognized or unsupported argument to $dateToString: ${name}`);
  const date = compile(operand.date);
  const write = compileFormat('format' in operand ? operand.format : ISO_FORMAT);
  return (scope) => {
    const value = date(scope);
    return isMissing(value) ? null : write(dateOf(value));
  };
}

function compileFormat(format: unknown): (date: Date) => string {
  if (typeof format !== 'string' || format.startsWith('$'))
    return refuse(18533, '$dateToString takes its format as a plain string here');
  for (const [, specifier = ''] of format.matchAll(/%(.?)/gs))
    if (!(specifier in DATE_PARTS))
      refuse(18536, `Invalid format character '%${specifier}' in format string`);
  return (date) =>
    format.replace(/%(.)/gs, (_, specifier: string) => DATE_PARTS[specifier]?.(date) ?? '');
}
