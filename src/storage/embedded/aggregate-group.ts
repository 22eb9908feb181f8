import { type Accumulator, createAverage, createExtreme, createSum } from './accumulate.ts';
import { type Document, isObj } from './document.ts';
import { refuse } from './error.ts';
import { mergeObjects } from './expression-arrays.ts';
import { type Evaluate, compileExpression } from './expressions.ts';
import { encode } from './order.ts';

const ACCUMULATORS: Readonly<Record<string, () => Accumulator>> = {
  $sum: createSum,
  $avg: createAverage,
  $min: () => createExtreme(-1),
  $max: () => createExtreme(1),
  $first: createFirst,
  $last: createLast,
  $push: createList,
  $addToSet: createSet,
  $count: createSum,
  $mergeObjects: createMerge,
};

interface Field {
  name: string;
  evaluate: Evaluate;
  create: () => Accumulator;
}

interface Group {
  id: unknown;
  accumulators: Accumulator[];
}

/** The $group stage; a missing `_id` value counts as null. */
export function compileGroup(spec: unknown): (documents: Iterable<Document>) => Document[] {
  if (!isObj(spec)) return refuse(15947, "a group's fields must be specified in an object");
  if (!('_id' in spec)) refuse(15955, 'a group specification must include an _id');
  const id = compileExpression(spec._id);
  const names = Object.keys(spec).filter((name) => name !== '_id');
  const fields = names.map((name) => compileField(name, spec[name]));
  return (documents) => {
    const groups = new Map<string, Group>();
    for (const document of documents) {
      const group = groupFor(groups, id(document) ?? null, fields);
      for (const [i, { evaluate }] of fields.entries())
        group.accumulators[i]?.add(evaluate(document));
    }
    return [...groups.values()].map((group) => present(group, fields));
  };
}

function compileField(name: string, spec: unknown): Field {
  if (name.includes('.')) refuse(40235, `The field name '${name}' cannot contain '.'`);
  if (name.startsWith('$')) refuse(40236, `The field name '${name}' cannot be an operator name`);
  const [entry, ...others] = isObj(spec) ? Object.entries(spec) : [];
  if (!entry) return refuse(40234, `The field '${name}' must be an accumulator object`);
  if (others.length > 0) refuse(40238, `The field '${name}' must specify one accumulator`);
  const [operator, operand] = entry;
  const create = Object.hasOwn(ACCUMULATORS, operator) ? ACCUMULATORS[operator] : undefined;
  if (!create) return refuse(15952, `unknown group operator '${operator}'`);
  return { name, create, evaluate: operator === '$count' ? () => 1 : compileExpression(operand) };
}

function groupFor(groups: Map<string, Group>, id: unknown, fields: readonly Field[]): Group {
  const key = encode(id).toString('latin1');
  const known = groups.get(key);
  if (known) return known;
  const group = { id, accumulators: fields.map(({ create }) => create()) };
  groups.set(key, group);
  return group;
}

function present({ id, accumulators }: Group, fields: readonly Field[]): Document {
  const document: Document = { _id: id };
  for (const [i, { name }] of fields.entries()) document[name] = accumulators[i]?.result() ?? null;
  return document;
}

function createFirst(): Accumulator {
  let first: unknown;
  let any = false;
  return {
    add(value) {
      if (!any) first = value;
      any = true;
    },
    result: () => first,
  };
}

function createLast(): Accumulator {
  let last: unknown;
  return {
    add(value) {
      last = value;
    },
    result: () => last,
  };
}

function createList(): Accumulator {
  const list: unknown[] = [];
  return {
    add(value) {
      if (value !== undefined) list.push(value);
    },
    result: () => list,
  };
}

function createSet(): Accumulator {
  const values = new Map<string, unknown>();
  return {
    add(value) {
      if (value === undefined) return;
      const key = encode(value).toString('latin1');
      if (!values.has(key)) values.set(key, value);
    },
    result: () => [...values.values()],
  };
}

function createMerge(): Accumulator {
  let merged: Document = {};
  return {
    add(value) {
      merged = mergeObjects([merged, value]);
    },
    result: () => merged,
  };
}
