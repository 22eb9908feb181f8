import { type Document, isMissing, isObj } from './document.ts';
import { refuse } from './error.ts';
import {
  type Compile,
  type Expression,
  type ExpressionOperator,
  fixed,
  listOf,
} from './expression-types.ts';
import { isNumber, toNumber } from './numbers.ts';
import { UNDEF, compare } from './order.ts';

/** Comparisons, conditions and truth. */
export const LOGIC: Readonly<Record<string, ExpressionOperator>> = {
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: comparison((order) => Math.sign(order)),
  $and: (operand, compile) => {
    const conditions = listOf(operand).map((item) => compile(item));
    return (scope) => conditions.every((condition) => isTruthy(condition(scope)));
  },
  $or: (operand, compile) => {
    const conditions = listOf(operand).map((item) => compile(item));
    return (scope) => conditions.some((condition) => isTruthy(condition(scope)));
  },
  $not: fixed(1, ([value]) => !isTruthy(value)),
  $cond: conditional,
  $ifNull: ifNull,
  $switch: switchCase,
};

export function isTruthy(value: unknown): boolean {
  if (isMissing(value) || value === false) return false;
  return !isNumber(value) || toNumber(value) !== 0;
}

/** In expressions, unlike in filters, what is missing is less than null. */
export function compareValues(a: unknown, b: unknown): number {
  return compare(a === undefined ? UNDEF : a, b === undefined ? UNDEF : b);
}

function comparison(answer: (order: number) => unknown): ExpressionOperator {
  return fixed(2, ([a, b]) => answer(compareValues(a, b)));
}

function conditional(operand: unknown, compile: Compile): Expression {
  const branches = Array.isArray(operand) ? conditionList(operand) : conditionFields(operand);
  const [condition, then, otherwise] = branches.map((branch) => compile(branch));
  return (scope) => (isTruthy(condition?.(scope)) ? then?.(scope) : otherwise?.(scope));
}

function conditionList(operand: readonly unknown[]): readonly unknown[] {
  if (operand.length !== 3)
    refuse(16020, `Expression $cond takes exactly 3 arguments. ${operand.length} were passed in.`);
  return operand;
}

function conditionFields(operand: unknown): readonly unknown[] {
  const fields = isObj(operand) ? operand : {};
  const names = ['if', 'then', 'else'];
  for (const [i, name] of names.entries())
    if (!(name in fields)) refuse(17080 + i, `Missing '${name}' parameter to $cond`);
  for (const name of Object.keys(fields))
    if (!names.includes(name)) refuse(17083, `Unrecognized parameter to $cond: ${name}`);
  return names.map((name) => fields[name]);
}

function ifNull(operand: unknown, compile: Compile): Expression {
  const operands = listOf(operand).map((item) => compile(item));
  if (operands.length < 2) refuse(1257300, '$ifNull needs at least two arguments');
  return (scope) => {
    let value: unknown;
    for (const item of operands) {
      value = item(scope);
      if (!isMissing(value)) return value;
    }
    return value;
  };
}

function switchCase(operand: unknown, compile: Compile): Expression {
  if (!isObj(operand)) return refuse(40060, '$switch requires an object as an argument');
  for (const name of Object.keys(operand))
    if (name !== 'branches' && name !== 'default')
      refuse(40067, `$switch found an unknown argument: ${name}`);
  const { branches } = operand as { branches?: unknown };
  if (!Array.isArray(branches) || branches.length === 0)
    return refuse(40068, '$switch requires at least one branch');
  const cases = branches.map((branch: unknown) => switchBranch(branch, compile));
  const fallback = 'default' in operand ? compile(operand.default) : undefined;
  return (scope) => {
    const taken = cases.find(({ condition }) => isTruthy(condition(scope)));
    if (taken) return taken.then(scope);
    return fallback
      ? fallback(scope)
      : refuse(40066, '$switch could not find a matching branch, and no default was specified');
  };
}

function switchBranch(
  branch: unknown,
  compile: Compile,
): { condition: Expression; then: Expression } {
  if (!isObj(branch)) return refuse(40062, '$switch expected each branch to be an object');
  const {
    case: condition,
    then,
    ...others
  } = branch as Document & { case?: unknown; then?: unknown };
  if (condition === undefined) refuse(40064, '$switch requires each branch have a case expression');
  if (then === undefined) refuse(40065, '$switch requires each branch have a then expression.');
  for (const name of Object.keys(others))
    refuse(40063, `$switch found an unknown argument to a branch: ${name}`);
  return { condition: compile(condition), then: compile(then) };
}
