import type { Document } from './document.ts';
import { isObj } from './document.ts';
import {
  compilePipeline,
  limitCount,
  matchFilter,
  skipCount,
  sortFields,
} from './aggregate-stages.ts';
import { equal } from './order.ts';

/** What a pipeline reads from: documents as `decode` gives them, lazily, in result order. */
export interface AggregateSource {
  find(ns: string, filter: Document, options?: FindOptions): Iterable<Document>;
  count(ns: string, filter: Document, options?: Omit<FindOptions, 'sort'>): number;
}

interface FindOptions {
  sort?: Document;
  skip?: number;
  limit?: number;
}

/** What the planner can take over from the head of a pipeline, and what is left. */
interface Split {
  filter: Document;
  options: FindOptions;
  rest: readonly Document[];
}

/** Runs a pipeline over `<db>.<collection>`. */
export function aggregate(
  source: AggregateSource,
  db: string,
  collection: string,
  pipeline: readonly Document[],
): Document[] {
  const findIn = (from: string, filter: Document): Iterable<Document> =>
    source.find(`${db}.${from}`, filter);
  // All of it is compiled first, so that a mistake anywhere is refused even where there are no documents.
  compilePipeline(pipeline, findIn);
  const ns = `${db}.${collection}`;
  const { filter, options, rest } = split(pipeline);
  const counted = countedId(rest, options);
  if (counted) {
    const count = source.count(ns, filter, options);
    return count === 0 ? [] : [{ _id: counted.id, n: count }];
  }
  return [...compilePipeline(rest, findIn)(source.find(ns, filter, options))];
}

/** Leading $match stages, then at most one each of $sort, $skip and $limit. */
function split(pipeline: readonly Document[]): Split {
  const rest = [...pipeline];
  const take = (name: string): unknown => {
    const [stage] = rest;
    return stage && name in stage ? rest.shift()?.[name] : undefined;
  };
  const filters: Document[] = [];
  for (let spec = take('$match'); spec !== undefined; spec = take('$match'))
    filters.push(matchFilter(spec));
  const sort = take('$sort');
  const skip = take('$skip');
  const limit = take('$limit');
  return {
    filter: filters.length > 1 ? { $and: filters } : (filters[0] ?? {}),
    options: {
      ...(sort !== undefined && { sort: sortFields(sort) }),
      ...(skip !== undefined && { skip: skipCount(skip) }),
      ...(limit !== undefined && { limit: limitCount(limit) }),
    },
    rest,
  };
}

/** `[{ $group: { _id: <constant>, n: { $sum: 1 } } }]` is how the driver counts; an index may answer it. */
function countedId(rest: readonly Document[], { sort }: FindOptions): { id: unknown } | undefined {
  const group = rest[0]?.$group;
  if (rest.length !== 1 || sort || !isObj(group)) return undefined;
  const id = group._id;
  const constant = typeof id === 'number' || id === null;
  return constant && equal(group, { _id: id, n: { $sum: 1 } }) ? { id } : undefined;
}
