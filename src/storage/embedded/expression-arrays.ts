import { type Document, isMissing, isObj, show } from './document.ts';
import { refuse } from './error.ts';
import {
  type Compile,
  type Expression,
  type ExpressionOperator,
  type Scope,
  fixed,
  variadic,
} from './expression-types.ts';
import { compareValues, isTruthy } from './expression-logic.ts';
import { toNumber } from './numbers.ts';
import { typeName } from './value-types.ts';

/** Arrays and documents. */
export const ARRAYS: Readonly<Record<string, ExpressionOperator>> = {
  $size: fixed(1, ([value]) => size(value)),
  $isArray: fixed(1, ([value]) => Array.isArray(value)),
  $in: fixed(2, ([value, array]) => isIn(value, array)),
  $arrayElemAt: fixed(2, ([array, index]) => elementAt(array, index)),
  $first: fixed(1, ([array]) => elementAt(array, 0)),
  $last: fixed(1, ([array]) => elementAt(array, -1)),
  $concatArrays: variadic((values) => concatArrays(values)),
  $mergeObjects: variadic((values) => mergeObjects(values)),
  $filter: filter,
  $map: map,
};

function size(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return refuse(
    17124,
    `The argument to $size must be an array, but was of type: ${typeName(value)}`,
  );
}

function isIn(value: unknown, array: unknown): boolean {
  if (!Array.isArray(array))
    return refuse(40081, `$in requires an array as a second argument, found: ${typeName(array)}`);
  return array.some((element) => compareValues(element, value) === 0);
}

/** Past either end there is nothing, not null. */
function elementAt(array: unknown, index: unknown): unknown {
  if (isMissing(array) || isMissing(index)) return null;
  if (!Array.isArray(array))
    return refuse(28689, `An element is taken of an array, not of ${typeName(array)}`);
  const position = toNumber(index);
  if (!Number.isInteger(position))
    refuse(28690, `$arrayElemAt's second argument must be a whole number`);
  return array.at(position) as unknown;
}

function concatArrays(values: readonly unknown[]): unknown[] | null {
  if (values.some(isMissing)) return null;
  return values.flatMap((value) =>
    Array.isArray(value)
      ? (value as unknown[])
      : refuse(28664, `$concatArrays only supports arrays, not ${typeName(value)}`),
  );
}

/** An array as the only operand stands for its elements, as in a group. */
export function mergeObjects(values: readonly unknown[]): Document {
  const [only] = values;
  const documents: readonly unknown[] =
    values.length === 1 && Array.isArray(only) ? (only as unknown[]) : values;
  const merged: Document = {};
  for (const value of documents) {
    if (isMissing(value)) continue;
    if (!isObj(value))
      refuse(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
      );
    Object.assign(merged, value);
  }
  return merged;
}

function filter(operand: unknown, compile: Compile): Expression {
  const { input, variable, body } = loop('$filter', operand, { compile, bodyName: 'cond' });
  return (scope) => {
    const array = input(scope);
    if (isMissing(array)) return null;
    if (!Array.isArray(array))
      return refuse(28651, `input to $filter must be an array not ${typeName(array)}`);
    return array.filter((element: unknown) =>
      isTruthy(body(withVariable(scope, variable, element))),
    ) as unknown[];
  };
}

function map(operand: unknown, compile: Compile): Expression {
  const { input, variable, body } = loop('$map', operand, { compile, bodyName: 'in' });
  return (scope) => {
    const array = input(scope);
    if (isMissing(array)) return null;
    if (!Array.isArray(array))
      return refuse(16883, `input to $map must be an array not ${typeName(array)}`);
    return array.map((element) => body(withVariable(scope, variable, element)) ?? null);
  };
}

interface Loop {
  input: Expression;
  variable: string;
  body: Expression;
}

function loop(
  name: string,
  operand: unknown,
  { compile, bodyName }: { compile: Compile; bodyName: string },
): Loop {
  if (!isObj(operand)) return refuse(28646, `${name} only supports an object as its argument`);
  checkLoop(name, operand, bodyName);
  const variable = variableName(operand);
  return {
    input: compile(operand.input),
    variable,
    body: compile(operand[bodyName], [variable]),
  };
}

function checkLoop(name: string, operand: Document, bodyName: string): void {
  for (const key of Object.keys(operand))
    if (key !== 'input' && key !== 'as' && key !== bodyName)
      refuse(28647, `Unrecognized parameter to ${name}: ${key}`);
  if (!('input' in operand)) refuse(28648, `Missing 'input' parameter to ${name}`);
  if (!(bodyName in operand)) refuse(28650, `Missing '${bodyName}' parameter to ${name}`);
}

function variableName({ as: name = 'this' }: Document): string {
  if (typeof name === 'string' && /^[a-z]\w*$/.test(name)) return name;
  return refuse(16867, `${show(name)} is not a valid name of a variable`);
}

function withVariable(scope: Scope, name: string, value: unknown): Scope {
  return { root: scope.root, variables: new Map(scope.variables).set(name, value) };
}
