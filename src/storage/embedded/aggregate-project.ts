import { type Document, isObj } from './document.ts';
import { refuse } from './error.ts';
import { type Evaluate, compileExpression } from './expressions.ts';
import { flattenFields, parsePath, withPath } from './field-paths.ts';
import {
  type Flag,
  type Reshape,
  exclude,
  flagOf,
  includeOnly,
  isInclusive,
} from './project-shape.ts';

interface Computed {
  path: string;
  evaluate: Evaluate;
}

/** The $project stage: flags and computed fields. A computed field has no dots here; $addFields takes those. */
export function compileProject(spec: unknown): Reshape {
  if (!isObj(spec) || Object.keys(spec).length === 0)
    return refuse(51272, '$project specification must have at least one field');
  const flags: Flag[] = [];
  const computed: Computed[] = [];
  for (const [path, value] of flattenFields(spec)) {
    const included = flagOf(value);
    if (included !== undefined) flags.push({ path, included });
    else computed.push({ path, evaluate: compileExpression(value) });
  }
  return combine(flags, computed);
}

function combine(flags: readonly Flag[], computed: readonly Computed[]): Reshape {
  const pathsThatStay = flags.filter(({ included }) => included).map(({ path }) => path);
  for (const { path } of computed) checkComputed(path, pathsThatStay);
  const inclusive = isInclusive(flags, computed.length > 0);
  const gone = flags.filter(({ included }) => !included).map(({ path }) => path);
  if (!inclusive) return exclude(gone);
  const keepsId = !gone.includes('_id') && !computed.some(({ path }) => path === '_id');
  const others = pathsThatStay.filter((path) => path !== '_id');
  const reshape = includeOnly(keepsId ? ['_id', ...others] : others);
  return (document) => withFields(reshape(document), document, computed);
}

function checkComputed(path: string, pathsThatStay: readonly string[]): void {
  const [root = '', ...rest] = parsePath(path);
  if (rest.length > 0)
    refuse(2, `A computed field with dots is not supported in $project: ${path}`);
  if (pathsThatStay.some((other) => other.split('.')[0] === root))
    refuse(31250, `Path collision at ${path}`);
}

function withFields(target: Document, source: Document, computed: readonly Computed[]): Document {
  let document = target;
  for (const { path, evaluate } of computed)
    document = withPath(document, path.split('.'), evaluate(source));
  return document;
}

/** The $addFields stage, which is also called $set. */
export function compileAddFields(spec: unknown): Reshape {
  if (!isObj(spec) || Object.keys(spec).length === 0)
    return refuse(40272, '$addFields specification stage must be an object with fields');
  const computed = flattenFields(spec).map(([path, value]) => ({
    path: parsePath(path).join('.'),
    evaluate: compileExpression(value),
  }));
  return (document) => withFields(document, document, computed);
}

/** The $unset stage. */
export function compileUnset(spec: unknown): Reshape {
  const paths: readonly unknown[] = Array.isArray(spec) ? spec : [spec];
  if (paths.length === 0)
    refuse(31119, '$unset specification must be a string or an array with at least one field');
  return exclude(
    paths.map((path) =>
      typeof path === 'string' ? path : refuse(31120, '$unset takes the names of fields'),
    ),
  );
}
