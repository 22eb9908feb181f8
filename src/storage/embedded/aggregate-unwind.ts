import { Long } from 'bson';
import { type Document, isMissing, isObj } from './document.ts';
import { refuse } from './error.ts';
import { parsePath, readPlainPath, withPath } from './field-paths.ts';

interface UnwindOptions {
  path: string[];
  keepEmpty: boolean;
  indexPath: string[] | undefined;
}

/** The $unwind stage: one document for each element of an array. */
export function compileUnwind(spec: unknown): (document: Document) => Document[] {
  const options = parseOptions(isObj(spec) ? spec : { path: spec });
  return (document) => unwindOne(document, options);
}

function parseOptions(spec: Document): UnwindOptions {
  const { path, preserveNullAndEmptyArrays: keep = false, includeArrayIndex, ...others } = spec;
  for (const name of Object.keys(others))
    refuse(28811, `unrecognized option to $unwind stage: ${name}`);
  if (typeof path !== 'string') return refuse(28812, 'no path specified to $unwind stage');
  if (!path.startsWith('$'))
    refuse(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (typeof keep !== 'boolean')
    return refuse(28809, 'expected a boolean for the preserveNullAndEmptyArrays option');
  if (includeArrayIndex !== undefined && typeof includeArrayIndex !== 'string')
    return refuse(28810, 'expected a string for the includeArrayIndex option');
  return {
    path: parsePath(path.slice(1)),
    keepEmpty: keep,
    indexPath: includeArrayIndex === undefined ? undefined : parsePath(includeArrayIndex),
  };
}

/** What is no array counts as an array of itself; null, nothing and an empty array count as empty. */
function unwindOne(document: Document, { path, keepEmpty, indexPath }: UnwindOptions): Document[] {
  const value = readPlainPath(document, path);
  const indexed = (result: Document, index: unknown): Document =>
    indexPath ? withPath(result, indexPath, index) : result;
  if (isMissing(value) || (Array.isArray(value) && value.length === 0)) {
    if (!keepEmpty) return [];
    return [indexed(isMissing(value) ? document : withPath(document, path, undefined), null)];
  }
  if (!Array.isArray(value)) return [indexed(document, null)];
  return value.map((element: unknown, i) =>
    indexed(withPath(document, path, element), Long.fromNumber(i)),
  );
}
