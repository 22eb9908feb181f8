import { Decimal128, Double, Int32, Long } from 'bson';
import { bsonType } from './document.ts';
import { refuse } from './error.ts';

/** An exact decimal number: digits × 10^exponent. */
interface Scaled {
  digits: bigint;
  exponent: number;
}

/** The nearest double, and the number itself where that double is not it. */
interface Measured {
  double: number;
  exact?: Scaled;
}

export type NumberKind = 'int' | 'long' | 'double' | 'decimal';

const INT32_LIMIT = 2 ** 31;
const DECIMAL_TEXT = /^(-?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/i;

const KIND_BY_CLASS: Readonly<Record<string, NumberKind>> = {
  Int32: 'int',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal',
};

/** Which of BSON's four number types a value has or, for a JavaScript number, gets when it is written. */
export function numberKind(value: unknown): NumberKind | undefined {
  if (typeof value === 'number') {
    const fits = Number.isInteger(value) && Math.abs(value) < INT32_LIMIT && !Object.is(value, -0);
    return fits ? 'int' : 'double';
  }
  if (typeof value === 'bigint') return 'long';
  if (typeof value !== 'object' || value === null) return undefined;
  return KIND_BY_CLASS[bsonType(value) ?? ''];
}

export function isNumber(value: unknown): boolean {
  return numberKind(value) !== undefined;
}

/** The nearest double of any BSON number, and NaN for everything that is no number. */
export function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : (measure(value)?.double ?? NaN);
}

export function isNaNValue(value: unknown): boolean {
  return isNumber(value) && Number.isNaN(toNumber(value));
}

function measure(value: unknown): Measured | undefined {
  if (typeof value === 'number') return { double: value };
  if (typeof value === 'bigint') return measureInteger(value);
  if (value instanceof Int32 || value instanceof Double) return { double: value.value };
  if (Long.isLong(value)) {
    const double = value.toNumber();
    return Number.isSafeInteger(double) ? { double } : measureInteger(value.toBigInt());
  }
  return value instanceof Decimal128 ? measureDecimal(value) : undefined;
}

function measureInteger(value: bigint): Measured {
  const double = Number(value);
  return BigInt(double) === value ? { double } : { double, exact: { digits: value, exponent: 0 } };
}

function measureDecimal(value: Decimal128): Measured {
  const double = Number(value.toString());
  const exact = scaledDecimal(value);
  if (!exact) return { double };
  const same = Number.isFinite(double) && compareScaled(exact, scaledDouble(double)) === 0;
  return same ? { double } : { double, exact };
}

/** Undefined for NaN and the infinities. */
function scaledDecimal(value: Decimal128): Scaled | undefined {
  const parts = DECIMAL_TEXT.exec(value.toString());
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  return {
    digits: BigInt(sign + whole + fraction),
    exponent: Number(exponent) - fraction.length,
  };
}

/** Every finite double is n / 2^k, hence n × 5^k / 10^k: a finite decimal. */
function scaledDouble(double: number): Scaled {
  let numerator = double;
  let halvings = 0;
  while (!Number.isInteger(numerator)) {
    numerator *= 2;
    halvings += 1;
  }
  return { digits: BigInt(numerator) * 5n ** BigInt(halvings), exponent: -halvings };
}

function align(a: Scaled, b: Scaled): { x: bigint; y: bigint; exponent: number } {
  const exponent = Math.min(a.exponent, b.exponent);
  return {
    x: a.digits * 10n ** BigInt(a.exponent - exponent),
    y: b.digits * 10n ** BigInt(b.exponent - exponent),
    exponent,
  };
}

function compareScaled(a: Scaled, b: Scaled): number {
  const { x, y } = align(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** How a number lies to the double nearest to it. A decimal beyond the largest double lies inside infinity. */
function compareToDouble({ double, exact }: Measured): number {
  if (!exact) return 0;
  if (!Number.isFinite(double)) return -Math.sign(double);
  return compareScaled(exact, scaledDouble(double));
}

/** MongoDB's order of numbers: NaN first, then by value whatever the type; -0 equals 0. */
export function compareNumbers(a: unknown, b: unknown): number {
  const x = measure(a) ?? { double: NaN };
  const y = measure(b) ?? { double: NaN };
  if (Number.isNaN(x.double) || Number.isNaN(y.double))
    return Number(Number.isNaN(y.double)) - Number(Number.isNaN(x.double));
  if (x.double !== y.double) return x.double < y.double ? -1 : 1;
  const apart = compareToDouble(x) - compareToDouble(y);
  if (apart !== 0 || !x.exact || !y.exact) return Math.sign(apart);
  return compareScaled(x.exact, y.exact);
}

const NAN_KEY = Buffer.from([0]);
const EXPONENT_BIAS = 0x8000;

/**
 * Bytes that sort as the numbers do: a sortable double, one byte for "below, at or above that double" and, unless
 * at, the exact number in scientific notation, of which the digits compare from the left.
 */
export function numberKey(value: unknown): Buffer {
  const measured = measure(value) ?? { double: NaN };
  if (Number.isNaN(measured.double)) return NAN_KEY;
  const beside = compareToDouble(measured);
  const key = Buffer.alloc(10);
  key[0] = 1;
  key.writeDoubleBE(measured.double === 0 ? 0 : measured.double, 1);
  if ((key[1] ?? 0) & 0x80) invertInPlace(key.subarray(1, 9));
  else key[1] = (key[1] ?? 0) ^ 0x80;
  key[9] = 1 + beside;
  return beside === 0 || !measured.exact ? key : Buffer.concat([key, exactKey(measured.exact)]);
}

function exactKey({ digits, exponent }: Scaled): Buffer {
  const negative = digits < 0n;
  const text = (negative ? -digits : digits).toString();
  const head = Buffer.alloc(2);
  head.writeUInt16BE(exponent + text.length - 1 + EXPONENT_BIAS);
  const key = Buffer.concat([head, Buffer.from(text.replace(/0+$/, '')), Buffer.from([0])]);
  if (negative) invertInPlace(key);
  return key;
}

function invertInPlace(bytes: Uint8Array): void {
  for (const [i, byte] of bytes.entries()) bytes[i] = byte ^ 0xff;
}

interface Arithmetic {
  name: string;
  doubles(a: number, b: number): number;
  integers(a: bigint, b: bigint): bigint;
  decimals(a: Scaled, b: Scaled): Scaled;
}

const ADDITION: Arithmetic = {
  name: '$inc',
  doubles: (a, b) => a + b,
  integers: (a, b) => a + b,
  decimals: (a, b) => {
    const { x, y, exponent } = align(a, b);
    return { digits: x + y, exponent };
  },
};

const MULTIPLICATION: Arithmetic = {
  name: '$mul',
  doubles: (a, b) => a * b,
  integers: (a, b) => a * b,
  decimals: (a, b) => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent }),
};

/** The widest type of the two wins; an int that grows past 32 bits becomes a long, a long that overflows is refused. */
export function addNumbers(a: unknown, b: unknown): unknown {
  return calculate(a, b, ADDITION);
}

export function multiplyNumbers(a: unknown, b: unknown): unknown {
  return calculate(a, b, MULTIPLICATION);
}

export function subtractNumbers(a: unknown, b: unknown): unknown {
  return addNumbers(a, multiplyNumbers(b, new Int32(-1)));
}

function calculate(a: unknown, b: unknown, operation: Arithmetic): unknown {
  const kinds = [numberKind(a), numberKind(b)];
  const double = kinds.includes('double');
  if (kinds.includes('decimal'))
    return double
      ? refuse(2, 'Arithmetic between Decimal128 and double is not supported')
      : calculateDecimal(a, b, operation);
  if (double) return new Double(operation.doubles(toNumber(a), toNumber(b)));
  const result = operation.integers(toBigInt(a), toBigInt(b));
  if (BigInt.asIntN(64, result) !== result)
    refuse(2, `Failed to apply ${operation.name} operations to current value: int64 overflow`);
  const small = !kinds.includes('long') && BigInt.asIntN(32, result) === result;
  return small ? new Int32(Number(result)) : Long.fromBigInt(result);
}

function toBigInt(value: unknown): bigint {
  return Long.isLong(value) ? value.toBigInt() : BigInt(toNumber(value));
}

function calculateDecimal(a: unknown, b: unknown, operation: Arithmetic): Decimal128 {
  const result = operation.decimals(scaledOf(a), scaledOf(b));
  try {
    return Decimal128.fromString(`${String(result.digits)}E${String(result.exponent)}`);
  } catch {
    return refuse(2, 'Decimal128 arithmetic that would have to be rounded is not supported');
  }
}

function scaledOf(value: unknown): Scaled {
  if (!(value instanceof Decimal128)) return { digits: toBigInt(value), exponent: 0 };
  return (
    scaledDecimal(value) ?? refuse(2, 'Arithmetic on Decimal128 NaN or infinity is not supported')
  );
}
