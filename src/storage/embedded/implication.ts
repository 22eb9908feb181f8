// May a sparse or a partial index answer a filter? Only when every document that matches the filter is in the index.
import type { Document } from './document.ts';
import type { Conditions } from './bounds.ts';
import type { Index } from './index.ts';
import { compile, conjuncts, isRegex } from './match.ts';
import { equal } from './order.ts';

export function holdsEveryMatch(index: Index, conditions: Conditions): boolean {
  const { sparse, partialFilterExpression: partial } = index.definition;
  if (sparse && !index.parts.some(({ path }) => isNamed(path, conditions))) return false;
  return (
    !partial || conjuncts(partial).every(([path, wanted]) => implies(conditions, path, wanted))
  );
}

function operatorsOn(path: string, conditions: Conditions): Document[] {
  return (conditions.get(path) ?? []).map((condition) => condition.operators);
}

/** True when no document without the path can match. */
function isNamed(path: string, conditions: Conditions): boolean {
  return operatorsOn(path, conditions).some(
    (operators) =>
      operators.$exists === true ||
      '$regex' in operators ||
      values(operators)?.every((value) => value !== null && value !== undefined) === true ||
      ['$gt', '$gte', '$lt', '$lte'].some((name) => name in operators && operators[name] !== null),
  );
}

function values(operators: Document): readonly unknown[] | undefined {
  if ('$eq' in operators) return [operators.$eq];
  return Array.isArray(operators.$in) ? operators.$in : undefined;
}

function implies(conditions: Conditions, path: string, wanted: Document): boolean {
  return Object.entries(wanted).every(
    ([name, value]) =>
      (name === '$exists' && isNamed(path, conditions)) ||
      operatorsOn(path, conditions).some(
        (operators) =>
          (name in operators && equal(operators[name], value)) ||
          everyValueMeets(operators, { [name]: value }),
      ),
  );
}

/** {state: 'open'} or {state: {$in: ['open', …]}}, and each of these values meets the index's condition by itself. */
function everyValueMeets(operators: Document, wanted: Document): boolean {
  const candidates = values(operators);
  if (!candidates?.length) return false;
  const meets = compile({ value: wanted });
  return candidates.every(
    (value) =>
      value !== null &&
      value !== undefined &&
      !Array.isArray(value) &&
      !isRegex(value) &&
      meets({ value }),
  );
}
