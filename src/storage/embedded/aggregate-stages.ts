import { compileGroup } from './aggregate-group.ts';
import { type FindIn, compileLookup } from './aggregate-lookup.ts';
import { compileAddFields, compileProject, compileUnset } from './aggregate-project.ts';
import { compileUnwind } from './aggregate-unwind.ts';
import { type Document, isObj } from './document.ts';
import { refuse } from './error.ts';
import { compileExpression } from './expressions.ts';
import { compile } from './match.ts';
import { toNumber } from './numbers.ts';
import { sorter } from './sort.ts';

/** Documents in, documents out, one at a time where the stage allows it. */
export type Stage = (documents: Iterable<Document>) => Iterable<Document>;

type StageCompiler = (spec: unknown, findIn: FindIn) => Stage;

const STAGES: Readonly<Record<string, StageCompiler>> = {
  $match: (spec) => {
    const matches = compile(matchFilter(spec));
    return flatMapped((document) => (matches(document) ? [document] : []));
  },
  $sort: (spec) => sortBy(sortFields(spec)),
  $skip: (spec) => {
    const count = skipCount(spec);
    return (documents) => slice(documents, { skip: count });
  },
  $limit: (spec) => {
    const count = limitCount(spec);
    return (documents) => slice(documents, { limit: count });
  },
  $project: (spec) => mapped(compileProject(spec)),
  $addFields: (spec) => mapped(compileAddFields(spec)),
  $set: (spec) => mapped(compileAddFields(spec)),
  $unset: (spec) => mapped(compileUnset(spec)),
  $replaceRoot: replaceRoot,
  $unwind: (spec) => flatMapped(compileUnwind(spec)),
  $group: compileGroup,
  $count: count,
  $lookup: (spec, findIn) => mapped(compileLookup(spec, findIn)),
  $facet: facet,
};

/** Compiles a whole pipeline; an unknown stage is refused before any document is looked at. */
export function compilePipeline(pipeline: readonly unknown[], findIn: FindIn): Stage {
  const stages = pipeline.map((stage) => compileStage(stage, findIn));
  return (documents) => stages.reduce((input, stage) => stage(input), documents);
}

function compileStage(stage: unknown, findIn: FindIn): Stage {
  const [entry, ...others] = isObj(stage) ? Object.entries(stage) : [];
  if (!entry || others.length > 0)
    return refuse(40323, 'A pipeline stage specification object must contain exactly one field.');
  const [name, spec] = entry;
  const compileSpec = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (!compileSpec) return refuse(40324, `Unrecognized pipeline stage name: '${name}'`);
  return compileSpec(spec, findIn);
}

/** The filter of a $match, checked but not compiled: the planner wants it as it is. */
export function matchFilter(spec: unknown): Document {
  return isObj(spec) ? spec : refuse(15959, 'the match filter must be an expression in an object');
}

export function sortFields(spec: unknown): Document {
  if (!isObj(spec)) return refuse(15973, 'the $sort key specification must be an object');
  if (Object.keys(spec).length === 0) refuse(15976, '$sort stage must have at least one sort key');
  return spec;
}

export function skipCount(spec: unknown): number {
  const count = toNumber(spec);
  if (!Number.isInteger(count) || count < 0)
    refuse(5107200, 'the argument to $skip must be a whole number that is not negative');
  return count;
}

export function limitCount(spec: unknown): number {
  const count = toNumber(spec);
  if (!Number.isInteger(count) || count < 0)
    refuse(5107201, 'the argument to $limit must be a whole number that is not negative');
  if (count === 0) refuse(15958, 'the limit must be positive');
  return count;
}

function mapped(change: (document: Document) => Document): Stage {
  return flatMapped((document) => [change(document)]);
}

function flatMapped(change: (document: Document) => readonly Document[]): Stage {
  return function* (documents) {
    for (const document of documents) yield* change(document);
  };
}

function* slice(
  documents: Iterable<Document>,
  { skip = 0, limit = Infinity }: { skip?: number; limit?: number },
): Generator<Document> {
  let seen = 0;
  for (const document of documents) {
    seen += 1;
    if (seen > skip) yield document;
    if (seen >= skip + limit) return;
  }
}

/** Stable, so that documents of one key stay in the order in which they came. */
function sortBy(fields: Document): Stage {
  const order = sorter(fields);
  return (documents) =>
    Array.from(documents, (document) => ({ document, key: order.key(document) }))
      .sort((a, b) => order.compare(a.key, b.key))
      .map(({ document }) => document);
}

function replaceRoot(spec: unknown): Stage {
  if (!isObj(spec) || !('newRoot' in spec) || Object.keys(spec).length > 1)
    return refuse(40230, '$replaceRoot takes an object with newRoot and nothing else');
  const evaluate = compileExpression(spec.newRoot);
  return mapped((document) => {
    const root = evaluate(document);
    return isObj(root) ? root : refuse(40228, "'newRoot' expression must evaluate to an object");
  });
}

function count(spec: unknown): Stage {
  if (typeof spec !== 'string' || !/^[^$.][^.]*$/.test(spec))
    return refuse(40156, 'the count field must be a non-empty string without $ and dots');
  return (documents) => {
    const total = Array.from(documents).length;
    return total === 0 ? [] : [{ [spec]: total }];
  };
}

function facet(spec: unknown, findIn: FindIn): Stage {
  if (!isObj(spec) || Object.keys(spec).length === 0)
    return refuse(40169, 'the $facet specification must be a non-empty object');
  const branches = Object.entries(spec).map(([name, pipeline]): [string, Stage] => [
    name,
    compilePipeline(facetPipeline(name, pipeline), findIn),
  ]);
  return (documents) => {
    const input = [...documents];
    return [Object.fromEntries(branches.map(([name, run]) => [name, [...run(input)]]))];
  };
}

function facetPipeline(name: string, pipeline: unknown): readonly unknown[] {
  if (!Array.isArray(pipeline))
    return refuse(40170, `arguments to $facet must be arrays, ${name} is none`);
  for (const stage of pipeline)
    if (isObj(stage) && '$facet' in stage)
      refuse(40600, '$facet is not allowed to be used within a $facet stage');
  return pipeline;
}
