import type { Document } from './document.ts';
import { refuse } from './error.ts';

export interface Scope {
  root: Document;
  variables: ReadonlyMap<string, unknown>;
}

/** A compiled expression; `undefined` is the value of a field that is not there. */
export type Expression = (scope: Scope) => unknown;

/** Compiles an inner expression, in which these further variables are known. */
export type Compile = (spec: unknown, variables?: readonly string[]) => Expression;

export type ExpressionOperator = (operand: unknown, compile: Compile, name: string) => Expression;

/** The operands as a list; one operand may stand without its brackets. */
export function listOf(operand: unknown): readonly unknown[] {
  return Array.isArray(operand) ? operand : [operand];
}

/** An operator on the values of exactly so many operands. */
export function fixed(
  count: number,
  calculate: (values: readonly unknown[]) => unknown,
): ExpressionOperator {
  return (operand, compile, name) => {
    const operands = listOf(operand);
    if (operands.length !== count)
      refuse(
        16020,
        `Expression ${name} takes exactly ${count} arguments. ${operands.length} were passed in.`,
      );
    return evaluateAll(operands, compile, calculate);
  };
}

/** An operator on the values of as many operands as are given. */
export function variadic(calculate: (values: readonly unknown[]) => unknown): ExpressionOperator {
  return (operand, compile) => evaluateAll(listOf(operand), compile, calculate);
}

function evaluateAll(
  operands: readonly unknown[],
  compile: Compile,
  calculate: (values: readonly unknown[]) => unknown,
): Expression {
  const expressions = operands.map((operand) => compile(operand));
  return (scope) => calculate(expressions.map((expression) => expression(scope)));
}
