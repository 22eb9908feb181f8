// What createIndexes may ask for. Everything else is refused by name: an index that means less than it says is worse than none.
import type { Document } from './document.ts';
import { isObj, show } from './document.ts';
import { refuse } from './error.ts';
import type { IndexDefinition } from './index.ts';
import { conjuncts } from './match.ts';
import { toNumber } from './order.ts';

const CANNOT_CREATE_INDEX = 67;
const OPTIONS_CONFLICT = 85;
const KEY_SPECS_CONFLICT = 86;
const MOST_PARTS = 31;

/** `v`, `ns`, `background` and `comment` have no effect in MongoDB's own engine any more. */
const OPTIONS = new Set([
  'name',
  'key',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'ns',
  'comment',
]);

const PARTIAL_OPERATORS = new Set(['$eq', '$gt', '$gte', '$lt', '$lte', '$type', '$in']);

export function parseIndex(spec: Document): IndexDefinition {
  for (const option of Object.keys(spec)) {
    if (!OPTIONS.has(option)) fail(`Index option '${option}' is not supported`);
  }
  const { name, partialFilterExpression: partial, expireAfterSeconds: expires } = spec;
  if (typeof name !== 'string' || !name) return fail('An index needs a name');
  const key = parseKey(spec.key);
  const sparse = isOn(spec.sparse);
  if (sparse && partial !== undefined) {
    fail('Index options partialFilterExpression and sparse cannot be used together');
  }
  return {
    name,
    key,
    unique: isOn(spec.unique),
    sparse,
    ...(partial === undefined ? {} : { partialFilterExpression: checkPartial(partial) }),
    ...(expires === undefined ? {} : { expireAfterSeconds: checkExpiry(expires, key) }),
  };
}

/** As listIndexes tells it and as the catalogue keeps it. */
export function presentIndex(definition: IndexDefinition): Document {
  const { name, key, unique, sparse, partialFilterExpression, expireAfterSeconds } = definition;
  return {
    v: 2,
    key,
    name,
    ...(unique ? { unique } : {}),
    ...(sparse ? { sparse } : {}),
    ...(partialFilterExpression ? { partialFilterExpression } : {}),
    ...(expireAfterSeconds === undefined ? {} : { expireAfterSeconds }),
  };
}

/** True when the very same index exists already; throws when another one stands in the way. */
export function isPresent(wanted: IndexDefinition, existing: readonly IndexDefinition[]): boolean {
  for (const index of existing) {
    const sameIdentity = identity(index) === identity(wanted);
    const sameName = index.name === wanted.name;
    if (sameName && !sameIdentity) {
      refuse(
        KEY_SPECS_CONFLICT,
        `An existing index has the same name as the requested index but another definition: ${wanted.name}`,
      );
    }
    if (!sameIdentity) continue;
    if (!sameName) {
      refuse(OPTIONS_CONFLICT, `Index already exists with a different name: ${index.name}`);
    }
    if (index.expireAfterSeconds !== wanted.expireAfterSeconds) {
      refuse(
        OPTIONS_CONFLICT,
        `An equivalent index already exists with the same name but different options: ${wanted.name}`,
      );
    }
    return true;
  }
  return false;
}

/** What tells two indexes apart since MongoDB 5.0. */
function identity({ key, unique, sparse, partialFilterExpression }: IndexDefinition): string {
  return show([Object.entries(key), unique, sparse, partialFilterExpression ?? null]);
}

function parseKey(spec: unknown): Record<string, 1 | -1> {
  if (!isObj(spec)) return fail('An index needs a key');
  const parts = Object.entries(spec);
  if (!parts.length || parts.length > MOST_PARTS) {
    fail(`An index has 1 to ${MOST_PARTS} parts, not ${parts.length}`);
  }
  return Object.fromEntries(parts.map(([path, value]) => [path, direction(path, value)]));
}

function direction(path: string, value: unknown): 1 | -1 {
  const names = path.split('.');
  if (names.some((name) => name === '' || name.startsWith('$'))) {
    fail(`Index key contains an illegal field name: '${path}'`);
  }
  if (names.some((name) => /^\d+$/.test(name))) {
    fail(`Index on an array position is not supported: '${path}'`);
  }
  const number = typeof value === 'string' ? NaN : toNumber(value);
  if (number === 1) return 1;
  if (number === -1) return -1;
  return fail(`Index type ${show(value)} of '${path}' is not supported`);
}

function checkPartial(expression: unknown): Document {
  if (!isObj(expression)) return fail('partialFilterExpression must be a document');
  const known = Object.keys(expression).every((name) => !name.startsWith('$') || name === '$and');
  if (!known) fail('Unsupported expression in partial index: only $and of conditions on fields');
  for (const [path, operators] of conjuncts(expression)) {
    for (const [operator, value] of Object.entries(operators)) {
      const exists = operator === '$exists' && isOn(value);
      if (!exists && !PARTIAL_OPERATORS.has(operator)) {
        fail(`Unsupported expression in partial index: ${path} ${operator} ${show(value)}`);
      }
    }
  }
  return expression;
}

function checkExpiry(seconds: unknown, key: Readonly<Record<string, 1 | -1>>): number {
  const value = toNumber(seconds);
  if (!(value >= 0 && value <= 2 ** 31 - 1)) {
    fail(`TTL index 'expireAfterSeconds' option must be within 0 and 2147483647, not ${value}`);
  }
  if (Object.keys(key).length !== 1 || '_id' in key) {
    fail('TTL indexes are single-field indexes and not on _id');
  }
  return value;
}

function isOn(value: unknown): boolean {
  return value === true || (value !== undefined && value !== false && toNumber(value) > 0);
}

function fail(message: string): never {
  return refuse(CANNOT_CREATE_INDEX, message);
}
