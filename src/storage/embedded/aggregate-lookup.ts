import { isRegex } from './brackets.ts';
import { type Document, isObj } from './document.ts';
import { refuse } from './error.ts';
import { parsePath, readPath, withPath } from './field-paths.ts';

/** Finds the documents of another collection of the same database. */
export type FindIn = (collection: string, filter: Document) => Iterable<Document>;

interface LookupOptions {
  from: string;
  localField: string;
  foreignField: string;
  as: string;
}

/** The $lookup stage in its equality form. */
export function compileLookup(spec: unknown, findIn: FindIn): (document: Document) => Document {
  const { from, localField, foreignField, as } = parseOptions(spec);
  const localPath = parsePath(localField);
  const target = parsePath(as);
  parsePath(foreignField);
  return (document) => {
    const local = readPath(document, localPath);
    const found = findIn(from, { [foreignField]: matching(local) });
    return withPath(document, target, [...found]);
  };
}

function parseOptions(spec: unknown): LookupOptions {
  if (!isObj(spec)) return refuse(9, 'the $lookup specification must be an object');
  const { from, localField, foreignField, as, ...others } = spec;
  for (const name of Object.keys(others)) refuse(9, `${name} is not supported in $lookup`);
  return {
    from: textOf('from', from),
    localField: textOf('localField', localField),
    foreignField: textOf('foreignField', foreignField),
    as: textOf('as', as),
  };
}

function textOf(name: string, value: unknown): string {
  return typeof value === 'string' && value !== ''
    ? value
    : refuse(9, `$lookup argument '${name}' must be a string`);
}

/** An array looks up each of its elements; what is missing looks up null and missing. */
function matching(local: unknown): Document {
  const values: readonly unknown[] = Array.isArray(local) ? local : [local ?? null];
  if (values.some(isRegex)) refuse(2, '$lookup by a regular expression is not supported');
  return Array.isArray(local) ? { $in: values } : { $eq: local ?? null };
}
