import { isRegex } from './brackets.ts';
import type { Document } from './document.ts';
import { getField, isIndex, isObj } from './document.ts';
import { refuse } from './error.ts';
import { type Test, VALUE_TESTS, type ValueTest, equalsOrMatches } from './match-tests.ts';

export { isRegex } from './brackets.ts';

export type Predicate = (document: Document) => boolean;

/** A path and the operators on it; plain equality is given as `{ $eq: value }`. */
export type Conjunct = readonly [path: string, operators: Document];

/** One operator with its operand, ready to be asked of a path, of a value or of an array's element. */
interface Condition {
  /** Of a whole document: does what the path reaches satisfy it? */
  onPath(path: readonly string[]): Test;
  /** Of one value standing alone, as in `$elemMatch: { $gt: 1 }`. */
  onValue: Test;
  /** Of one element: is it this one that made the condition true? For the positional operator. */
  onElement: Test;
}

const REFERENCE_FIELDS = new Set(['$ref', '$id', '$db']);
const LOGICAL = new Set(['$and', '$or', '$nor']);

/** Compiles a filter once into a predicate. What lies outside of the supported language is refused, never guessed. */
export function compile(filter: Document): Predicate {
  return compileFilter(filter);
}

function compileFilter(filter: Document): Test {
  return every(
    Object.keys(filter).map((name) =>
      name.startsWith('$') ? logical(name, filter[name]) : onPath(name, operatorsOf(filter[name])),
    ),
  );
}

/** The fields of a document that a filter looks at. */
export function fieldsOf(filter: Document): readonly string[] {
  return Object.entries(filter).flatMap(([name, operand]) => {
    if (!name.startsWith('$')) return [name.split('.', 1)[0] ?? name];
    return Array.isArray(operand) ? operand.filter(isObj).flatMap(fieldsOf) : [];
  });
}

function onPath(path: string, operators: Document): Test {
  const parts = path.split('.');
  return every(compileOperators(operators).map((condition) => condition.onPath(parts)));
}

/** Operators asked of one value that stands alone: what `$pull` does with an array's elements. */
export function compileForValue(operators: Document): Test {
  return every(compileOperators(operators).map((condition) => condition.onValue));
}

/** Which elements make one operator true, for the positional operator. */
export function compileForElement(name: string, operators: Document): Test {
  return compileOperator(name, operators)?.onElement ?? never;
}

function never(): boolean {
  return false;
}

function every(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (!first) return () => true;
  if (!second) return first;
  if (tests.length === 2) return (value) => first(value) && second(value);
  return (value) => tests.every((test) => test(value));
}

function logical(name: string, operand: unknown): Test {
  if (!LOGICAL.has(name)) refuse(2, `unknown top level operator: ${name}`);
  if (!Array.isArray(operand) || operand.length === 0)
    return refuse(2, `${name} must be a nonempty array`);
  const tests = operand.map((entry: unknown) =>
    isObj(entry) ? compileFilter(entry) : refuse(2, `${name} entries need to be full objects`),
  );
  if (name === '$and') return every(tests);
  const any: Test = (value) => tests.some((test) => test(value));
  return name === '$or' ? any : (value) => !any(value);
}

function isOperatorDocument(value: unknown): value is Document {
  if (!isObj(value)) return false;
  const first = Object.keys(value)[0];
  return first?.startsWith('$') === true && !REFERENCE_FIELDS.has(first);
}

/** What stands beside a path, always as operators. */
function operatorsOf(value: unknown): Document {
  if (isRegex(value)) return { $regex: value };
  return isOperatorDocument(value) ? value : { $eq: value };
}

function compileOperators(operators: Document): Condition[] {
  return Object.keys(operators).flatMap((name) => compileOperator(name, operators) ?? []);
}

function compileOperator(name: string, operators: Document): Condition | undefined {
  const operand = operators[name];
  const valueTest = VALUE_TESTS[name];
  if (valueTest) return leaf(valueTest(operand, operators));
  switch (name) {
    case '$options':
      return '$regex' in operators ? undefined : refuse(2, '$options needs a $regex');
    case '$all':
      return all(operand);
    case '$elemMatch':
      return elemMatch(operand);
    case '$not':
      return not(operand);
    default:
      return refuse(2, `unknown operator: ${name}`);
  }
}

function leaf({ test, expand = true, negated = false }: ValueTest): Condition {
  return {
    onPath(path) {
      const found = pathTest(path, expand, test);
      return negated ? (document) => !found(document) : found;
    },
    onValue: negated ? (value) => !test(value) : test,
    onElement: negated ? never : test,
  };
}

function all(operand: unknown): Condition {
  if (!Array.isArray(operand)) return refuse(2, '$all needs an array');
  const conditions = operand.map((item: unknown) =>
    isObj(item) && '$elemMatch' in item
      ? elemMatch(item.$elemMatch)
      : leaf({ test: equalsOrMatches(item) }),
  );
  const [first] = conditions;
  if (!first) return { onPath: () => never, onValue: never, onElement: never };
  return {
    onPath: (path) => every(conditions.map((condition) => condition.onPath(path))),
    onValue: every(
      conditions.map(
        ({ onValue }): Test =>
          (value) =>
            onValue(value) || (Array.isArray(value) && value.some(onValue)),
      ),
    ),
    onElement: first.onElement,
  };
}

function elemMatch(operand: unknown): Condition {
  if (!isObj(operand)) return refuse(2, '$elemMatch needs an Object');
  const test = elementTest(operand);
  const hasOne: Test = (value) => Array.isArray(value) && value.some(test);
  return { ...leaf({ test: hasOne, expand: false }), onElement: test };
}

/** `$elemMatch` takes operators for a plain element or a filter for an element that is a document. */
export function elementTest(operand: Document): Test {
  if (isOperatorDocument(operand) && !LOGICAL.has(Object.keys(operand)[0] ?? ''))
    return compileForValue(operand);
  const matches = compileFilter(operand);
  return (element) => (isObj(element) || Array.isArray(element)) && matches(element);
}

function not(operand: unknown): Condition {
  const operators = operatorsOf(operand);
  if ('$eq' in operators && !isOperatorDocument(operand))
    return refuse(2, '$not needs a regex or a document of operators');
  const conditions = compileOperators(operators);
  return {
    onPath(path) {
      const holds = every(conditions.map((condition) => condition.onPath(path)));
      return (document) => !holds(document);
    },
    onValue(value) {
      return !conditions.every((condition) => condition.onValue(value));
    },
    onElement: never,
  };
}

function pathTest(path: readonly string[], expand: boolean, test: Test): Test {
  const [name = ''] = path;
  if (path.length > 1) return (document) => reach(document, path, expand, test);
  return (document) => {
    if (!isObj(document)) return reach(document, path, expand, test);
    const value = getField(document, name);
    return (expand && Array.isArray(value) && value.some(test)) || test(value);
  };
}

/**
 * Calls `visit` for each value that a path reaches, through arrays too; true as soon as `visit` is. With `expand`, an
 * array at the end of the path is visited element by element and as a whole.
 */
export function reach(
  document: unknown,
  path: readonly string[],
  expand: boolean,
  visit: Test,
): boolean {
  return walk(document, 0, { path, expand, visit });
}

interface Walk {
  path: readonly string[];
  expand: boolean;
  visit: Test;
}

function walk(value: unknown, depth: number, way: Walk): boolean {
  const part = way.path[depth];
  if (part === undefined)
    return (way.expand && Array.isArray(value) && value.some(way.visit)) || way.visit(value);
  if (Array.isArray(value)) return walkArray(value, depth, way);
  return isObj(value) ? walk(getField(value, part), depth + 1, way) : way.visit(undefined);
}

/** The rest of the path in each element that is a document; an array inside an array is entered by position only. */
function walkArray(array: readonly unknown[], depth: number, way: Walk): boolean {
  if (array.some((element) => isObj(element) && walk(element, depth, way))) return true;
  const part = way.path[depth] ?? '';
  if (!isIndex(part) || Number(part) >= array.length) return false;
  const element = array[Number(part)];
  if (depth + 1 === way.path.length) return way.visit(element);
  return (Array.isArray(element) || isObj(element)) && walk(element, depth + 1, way);
}

/** The conditions that all have to hold, for the planner and for upserts. Takes a filter that `compile` accepted. */
export function conjuncts(filter: Document): Conjunct[] {
  return Object.keys(filter).flatMap((name): Conjunct[] => {
    const operand = filter[name];
    if (!name.startsWith('$')) return [[name, operatorsOf(operand)]];
    const single = name === '$or' && Array.isArray(operand) && operand.length === 1;
    if (name !== '$and' && !single) return [];
    return (operand as Document[]).flatMap(conjuncts);
  });
}
