import { Double, Int32 } from 'bson';
import { isMissing } from './document.ts';
import { refuse } from './error.ts';
import { addNumbers, isNumber, numberKind, toNumber } from './numbers.ts';
import { compare } from './order.ts';

/** Gathers values one by one, so that a group need not keep its documents. */
export interface Accumulator {
  add(value: unknown): void;
  result(): unknown;
}

/** Doubles are added with their rounding errors kept (Knuth's two-sum), as MongoDB does; the rest is exact anyway. */
export function createSum(): Accumulator {
  let exact: unknown = new Int32(0);
  let total = 0;
  let errors = 0;
  let anyDouble = false;

  function addDouble(value: number): void {
    const next = total + value;
    const part = next - total;
    errors += total - (next - part) + (value - part);
    total = next;
  }

  return {
    add(value) {
      if (!isNumber(value)) return;
      if (numberKind(value) !== 'double') {
        exact = addNumbers(exact, value);
        return;
      }
      anyDouble = true;
      addDouble(toNumber(value));
    },
    result() {
      if (!anyDouble) return exact;
      if (numberKind(exact) === 'decimal')
        return refuse(2, 'A sum of Decimal128 and double is not supported');
      addDouble(toNumber(exact));
      return new Double(Number.isFinite(total) ? total + errors : total);
    },
  };
}

/** Null where there is no number. */
export function createAverage(): Accumulator {
  const total = createSum();
  let count = 0;
  return {
    add(value) {
      if (!isNumber(value)) return;
      if (numberKind(value) === 'decimal') refuse(2, '$avg of Decimal128 is not supported');
      total.add(value);
      count += 1;
    },
    result: () => (count === 0 ? null : new Double(toNumber(total.result()) / count)),
  };
}

/** The least (direction -1) or greatest (1) value that is not null or missing; null where there is none. */
export function createExtreme(direction: 1 | -1): Accumulator {
  let best: unknown;
  return {
    add(value) {
      if (isMissing(value)) return;
      if (best === undefined || compare(value, best) * direction > 0) best = value;
    },
    result: () => best ?? null,
  };
}

export function sum(values: Iterable<unknown>): unknown {
  return accumulate(createSum(), values);
}

export function average(values: Iterable<unknown>): unknown {
  return accumulate(createAverage(), values);
}

export function least(values: Iterable<unknown>): unknown {
  return accumulate(createExtreme(-1), values);
}

export function greatest(values: Iterable<unknown>): unknown {
  return accumulate(createExtreme(1), values);
}

function accumulate(accumulator: Accumulator, values: Iterable<unknown>): unknown {
  for (const value of values) accumulator.add(value);
  return accumulator.result();
}
