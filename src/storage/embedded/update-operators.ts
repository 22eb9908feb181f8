import { Int32, Timestamp } from 'bson';
import { clone, identical, isObj, show } from './document.ts';
import { refuse } from './error.ts';
import { addNumbers, isNumber, multiplyNumbers } from './numbers.ts';
import { compare } from './order.ts';
import { ARRAY_OPERATORS } from './update-array-operators.ts';
import type { Apply, Operator, Slot } from './update-types.ts';
import { typeName } from './value-types.ts';

/** Every operator that works on one path; `$rename` works on two and stands apart. */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  $set: { reach: 'create', compile: set },
  $setOnInsert: { reach: 'create', compile: set },
  $unset: { reach: 'lenient', compile: () => unset },
  $inc: { reach: 'create', compile: increment },
  $mul: { reach: 'create', compile: multiply },
  $min: { reach: 'create', compile: (operand) => replaceIf(operand, (order) => order < 0) },
  $max: { reach: 'create', compile: (operand) => replaceIf(operand, (order) => order > 0) },
  $currentDate: { reach: 'create', compile: currentDate },
  ...ARRAY_OPERATORS,
};

function set(operand: unknown): Apply {
  return (slot) => store(slot, clone(operand));
}

function store(slot: Slot, value: unknown): boolean {
  if (slot.exists && identical(slot.value, value)) return false;
  slot.set(value);
  return true;
}

/** An element of an array becomes null, because the others keep their places. */
function unset(slot: Slot): boolean {
  if (!slot.exists) return false;
  slot.remove();
  return true;
}

function increment(operand: unknown, path: string): Apply {
  if (!isNumber(operand))
    refuse(14, `Cannot increment with non-numeric argument: {${path}: ${show(operand)}}`);
  return (slot) =>
    store(slot, slot.exists ? addNumbers(currentNumber('$inc', slot), operand) : operand);
}

/** A field that is not there yet becomes zero of the operand's type. */
function multiply(operand: unknown, path: string): Apply {
  if (!isNumber(operand))
    refuse(14, `Cannot multiply with non-numeric argument: {${path}: ${show(operand)}}`);
  const zero = new Int32(0);
  return (slot) =>
    store(slot, multiplyNumbers(slot.exists ? currentNumber('$mul', slot) : zero, operand));
}

function currentNumber(name: string, { path, value }: Slot): unknown {
  if (isNumber(value)) return value;
  return refuse(
    14,
    `Cannot apply ${name} to a value of non-numeric type. The field '${path}' is of non-numeric type ${typeName(value)}`,
  );
}

function replaceIf(operand: unknown, isBetter: (order: number) => boolean): Apply {
  return (slot) => {
    if (slot.exists && !isBetter(compare(operand, slot.value))) return false;
    slot.set(clone(operand));
    return true;
  };
}

function currentDate(operand: unknown, path: string, now: Date): Apply {
  const type = isObj(operand) && Object.keys(operand).length === 1 ? operand.$type : operand;
  if (type === 'timestamp') {
    const value = new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
    return (slot) => store(slot, value);
  }
  if (typeof type !== 'boolean' && type !== 'date')
    refuse(2, `$currentDate for ${path} takes true, { $type: 'date' } or { $type: 'timestamp' }`);
  return (slot) => store(slot, now);
}
