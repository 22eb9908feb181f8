import { isRegex } from './brackets.ts';
import { type Document, clone, getField, isObj } from './document.ts';
import { refuse } from './error.ts';
import { compileForValue, compile } from './match.ts';
import type { Test } from './match-tests.ts';
import { compare, equal, toNumber } from './order.ts';
import type { Apply, Operator, Slot } from './update-types.ts';
import { typeName } from './value-types.ts';

export const ARRAY_OPERATORS: Readonly<Record<string, Operator>> = {
  $push: { reach: 'create', compile: push },
  $addToSet: { reach: 'create', compile: addToSet },
  $pop: { reach: 'existing', compile: pop },
  $pull: { reach: 'existing', compile: pull },
  $pullAll: { reach: 'existing', compile: pullAll },
};

const PUSH_MODIFIERS = new Set(['$each', '$position', '$sort', '$slice']);

/** Order of work as in MongoDB: insert, then sort, then slice. */
function push(operand: unknown): Apply {
  const modifiers = modifiersOf(operand);
  const items = itemsOf('$push', operand);
  for (const name of Object.keys(modifiers))
    if (!PUSH_MODIFIERS.has(name)) refuse(2, `Unrecognized clause in $push: ${name}`);
  const position = wholeNumber('$position', modifiers);
  const order = elementOrder(modifiers.$sort);
  const slice = wholeNumber('$slice', modifiers);
  return (slot) => {
    const before = slot.exists ? arrayIn('$push', slot) : [];
    const array = before.toSpliced(position ?? before.length, 0, ...items.map(clone));
    if (order) array.sort(order);
    slot.set(slice === undefined ? array : sliced(array, slice));
    return items.length > 0 || order !== undefined || slice !== undefined || !slot.exists;
  };
}

function modifiersOf(operand: unknown): Document {
  return isObj(operand) && '$each' in operand ? operand : {};
}

function itemsOf(name: string, operand: unknown): readonly unknown[] {
  if (!isObj(operand) || !('$each' in operand)) return [operand];
  const items = operand.$each;
  if (!Array.isArray(items))
    return refuse(
      2,
      `The argument to $each in ${name} must be an array but it was of type: ${typeName(items)}`,
    );
  return items;
}

function wholeNumber(name: string, modifiers: Document): number | undefined {
  if (!(name in modifiers)) return undefined;
  const value = toNumber(modifiers[name]);
  if (!Number.isInteger(value)) refuse(2, `The value for ${name} must be an integer value`);
  return value;
}

/** The first `count` elements, or the last ones if it is negative. */
function sliced(array: readonly unknown[], count: number): unknown[] {
  if (count >= 0) return array.slice(0, count);
  return array.slice(Math.max(0, array.length + count));
}

type Order = (a: unknown, b: unknown) => number;

function elementOrder(spec: unknown): Order | undefined {
  if (spec === undefined) return undefined;
  if (!isObj(spec)) {
    const direction = directionOf(spec);
    return (a, b) => direction * compare(a, b);
  }
  const fields = Object.keys(spec).map((path) => ({
    parts: path.split('.'),
    direction: directionOf(spec[path]),
  }));
  if (fields.length === 0)
    refuse(2, 'The $sort pattern is empty when it should be a set of fields.');
  return (a, b) => {
    for (const { parts, direction } of fields) {
      const order = direction * compare(fieldIn(a, parts), fieldIn(b, parts));
      if (order !== 0) return order;
    }
    return 0;
  };
}

function directionOf(value: unknown): number {
  const direction = toNumber(value);
  if (direction !== 1 && direction !== -1)
    refuse(2, 'The $sort element value must be either 1 or -1');
  return direction;
}

function fieldIn(element: unknown, parts: readonly string[]): unknown {
  let value = element;
  for (const part of parts) value = isObj(value) ? getField(value, part) : undefined;
  return value;
}

function addToSet(operand: unknown): Apply {
  const items = itemsOf('$addToSet', operand);
  if (Object.keys(modifiersOf(operand)).length > 1)
    refuse(2, 'Found unexpected fields after $each in $addToSet');
  return (slot) => {
    const before = slot.exists ? arrayIn('$addToSet', slot) : [];
    const array = [...before];
    for (const item of items)
      if (!array.some((element) => equal(element, item))) array.push(clone(item));
    const changed = array.length > before.length || !slot.exists;
    if (changed) slot.set(array);
    return changed;
  };
}

function pop(operand: unknown): Apply {
  const end = toNumber(operand);
  if (end !== 1 && end !== -1) refuse(9, '$pop expects 1 or -1');
  return (slot) => {
    if (!slot.exists) return false;
    const array = arrayIn('$pop', slot, 14);
    if (array.length === 0) return false;
    slot.set(end === -1 ? array.slice(1) : array.slice(0, -1));
    return true;
  };
}

function pull(operand: unknown): Apply {
  return removing('$pull', pullTest(operand));
}

/** A document is a filter for the elements that are documents, unless it starts with an operator. */
function pullTest(operand: unknown): Test {
  if (isRegex(operand)) return compileForValue({ $regex: operand });
  if (!isObj(operand)) return compileForValue({ $eq: operand });
  if (/^\$(?!and$|or$|nor$)/.test(Object.keys(operand)[0] ?? '')) return compileForValue(operand);
  const matches = compile(operand);
  return (element) => isObj(element) && matches(element);
}

function pullAll(operand: unknown): Apply {
  if (!Array.isArray(operand))
    return refuse(2, `$pullAll requires an array argument but was given a ${typeName(operand)}`);
  return removing('$pullAll', (element) => operand.some((item) => equal(item, element)));
}

function removing(name: string, test: Test): Apply {
  return (slot) => {
    if (!slot.exists) return false;
    const array = arrayIn(name, slot);
    const kept = array.filter((element) => !test(element));
    if (kept.length === array.length) return false;
    slot.set(kept);
    return true;
  };
}

function arrayIn(name: string, { path, value }: Slot, code = 2): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return refuse(
    code,
    `Cannot apply ${name} to the field '${path}', which is of type ${typeName(value)} and not an array`,
  );
}
