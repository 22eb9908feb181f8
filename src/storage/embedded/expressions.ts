import { type Document, isObj, setField } from './document.ts';
import { refuse } from './error.ts';
import { ARITHMETIC } from './expression-arithmetic.ts';
import { ARRAYS } from './expression-arrays.ts';
import { LOGIC } from './expression-logic.ts';
import { TEXT } from './expression-text.ts';
import type { Expression, ExpressionOperator } from './expression-types.ts';
import { parsePath, readPath } from './field-paths.ts';

const OPERATORS: Readonly<Record<string, ExpressionOperator>> = {
  $literal: (operand) => () => operand,
  ...LOGIC,
  ...ARITHMETIC,
  ...TEXT,
  ...ARRAYS,
};

/** An aggregation expression as a function of a document; `undefined` where the answer is a missing field. */
export type Evaluate = (document: Document) => unknown;

/** Compiles once; what is not supported is refused before any document is looked at. */
export function compileExpression(spec: unknown): Evaluate {
  const expression = compileIn(spec, new Set());
  const variables = new Map<string, unknown>();
  return (root) => expression({ root, variables });
}

function compileIn(spec: unknown, known: ReadonlySet<string>): Expression {
  if (typeof spec === 'string' && spec.startsWith('$')) return reference(spec, known);
  if (Array.isArray(spec)) {
    const items = spec.map((item) => compileIn(item, known));
    return (scope) => items.map((item) => item(scope) ?? null);
  }
  return isObj(spec) ? compileObject(spec, known) : () => spec;
}

function compileObject(spec: Document, known: ReadonlySet<string>): Expression {
  const names = Object.keys(spec);
  const name = names.find((key) => key.startsWith('$'));
  if (name === undefined) return compileFields(spec, known);
  if (names.length > 1)
    refuse(
      15983,
      'an expression specification must contain exactly one field, the name of the expression',
    );
  if (!Object.hasOwn(OPERATORS, name)) refuse(168, `Unrecognized expression '${name}'`);
  const operator = OPERATORS[name] ?? refuse(168, `Unrecognized expression '${name}'`);
  return operator(
    spec[name],
    (inner, variables = []) => compileIn(inner, new Set([...known, ...variables])),
    name,
  );
}

function compileFields(spec: Document, known: ReadonlySet<string>): Expression {
  const fields = Object.entries(spec).map(([name, value]): [string, Expression] => [
    parsePath(name).join('.'),
    compileIn(value, known),
  ]);
  for (const [name] of fields)
    if (name.includes('.'))
      refuse(16405, `dotted field names are only allowed at the top level: ${name}`);
  return (scope) => {
    const document: Document = {};
    for (const [name, expression] of fields) {
      const value = expression(scope);
      if (value !== undefined) setField(document, name, value);
    }
    return document;
  };
}

/** `$field.path`, `$$ROOT.path`, `$$variable.path` or `$$REMOVE`. */
function reference(text: string, known: ReadonlySet<string>): Expression {
  if (!text.startsWith('$$')) {
    const path = parsePath(text.slice(1));
    return ({ root }) => readPath(root, path);
  }
  const [name = '', ...path] = parsePath(text.slice(2));
  if (name === 'REMOVE') return () => undefined;
  if (name === 'ROOT' || name === 'CURRENT') return ({ root }) => readPath(root, path);
  if (!known.has(name)) refuse(17276, `Use of undefined variable: ${name}`);
  return ({ variables }) => readPath(variables.get(name), path);
}
