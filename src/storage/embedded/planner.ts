// Chooses an index and the key ranges in it that hold every document a filter can match.
import type { Bounds, Condition, Conditions } from './bounds.ts';
import { boundsOf, conditionsOf, keyRange } from './bounds.ts';
import type { Collection } from './catalogue.ts';
import type { Document } from './document.ts';
import { isObj } from './document.ts';
import { holdsEveryMatch } from './implication.ts';
import type { Index } from './index.ts';
import { after, encode, toNumber } from './order.ts';

export interface KeyRange {
  /** low <= key < high */
  readonly low: Buffer;
  readonly high: Buffer;
}

export interface IndexScan {
  readonly index: Index;
  /** Disjoint, in key order. */
  readonly ranges: readonly KeyRange[];
  readonly reverse: boolean;
}

export interface Plan {
  /** None: the whole collection in the order of insertion. Several: one for each branch of an $or. */
  readonly scans: readonly IndexScan[];
  /** The scan gives the order that was asked for. */
  readonly ordered: boolean;
  /** An index narrows the search; else every document is looked at. */
  readonly bounded: boolean;
}

interface Candidate extends Plan {
  readonly score: number;
}

interface Wanted {
  readonly path: string;
  readonly descending: boolean;
}

/** A lookup of one key takes about 10 µs, hence still faster than a scan. */
const MOST_RANGES = 20_000;

export function plan(collection: Collection, filter: Document, sort?: Document): Plan {
  const wanted = Object.entries(sort ?? {}).map(([path, direction]) => ({
    path,
    descending: toNumber(direction) < 0,
  }));
  const single = bestScan(collection, filter, wanted);
  const union = unionOfBranches(collection, filter, wanted);
  const best = union && union.score > (single?.score ?? 0) ? union : single;
  return best ?? { scans: [], ordered: !wanted.length, bounded: false };
}

function bestScan(
  collection: Collection,
  filter: Document,
  wanted: readonly Wanted[],
): Candidate | undefined {
  const conditions = conditionsOf(filter);
  let best: Candidate | undefined;
  for (const index of [collection.primary, ...collection.indexes]) {
    const candidate = considerIndex(index, conditions, wanted);
    if (candidate && candidate.score > (best?.score ?? 0)) best = candidate;
  }
  return best;
}

/** An $or is served when an index serves each of its branches together with what stands beside the $or. */
function unionOfBranches(
  collection: Collection,
  filter: Document,
  wanted: readonly Wanted[],
): Candidate | undefined {
  const branches = branchesOf(filter);
  const parts = branches.flatMap(
    (branch) => bestScan(collection, { $and: [filter, branch] }, []) ?? [],
  );
  if (parts.length < branches.length || !parts.length) return undefined;
  return {
    scans: parts.flatMap(({ scans }) => scans),
    ordered: !wanted.length,
    bounded: true,
    score: Math.min(...parts.map((part) => part.score)) - 1,
  };
}

function branchesOf(filter: Document): readonly Document[] {
  const { $or, $and } = filter;
  if (Array.isArray($or) && $or.length > 1) return $or.filter(isObj);
  if (!Array.isArray($and)) return [];
  return (
    $and
      .filter(isObj)
      .map(branchesOf)
      .find((branches) => branches.length) ?? []
  );
}

interface Prefix {
  /** The keys' beginnings, one for each combination of the values asked for. */
  readonly beginnings: readonly Buffer[];
  readonly equalities: number;
  readonly range?: readonly [Buffer, Buffer];
}

function considerIndex(
  index: Index,
  conditions: Conditions,
  wanted: readonly Wanted[],
): Candidate | undefined {
  if (!holdsEveryMatch(index, conditions)) return undefined;
  const prefix = matchPrefix(index, conditions);
  const { beginnings, equalities, range } = prefix;
  const direction = beginnings.length === 1 ? orderGiven(index, equalities, wanted) : 'none';
  const ordered = direction !== 'none';
  const bounded = equalities > 0 || range !== undefined;
  if (!bounded && !(ordered && wanted.length)) return undefined;
  return {
    scans: [{ index, ranges: rangesOf(prefix), reverse: direction === 'backward' }],
    ordered: ordered || !wanted.length,
    bounded,
    score: score(index, prefix, ordered && wanted.length > 0),
  };
}

/** Equalities count most, a whole unique key above all; then a range, then the order. */
function score(index: Index, { beginnings, equalities, range }: Prefix, ordered: boolean): number {
  const unique = index.definition.unique && equalities === index.parts.length;
  return (
    equalities * 100 -
    (beginnings.length > 1 ? 20 : 0) +
    (unique ? 200 : 0) +
    (range ? 40 : 0) +
    (ordered ? 30 : 0)
  );
}

function matchPrefix(index: Index, conditions: Conditions): Prefix {
  let beginnings: readonly Buffer[] = [Buffer.alloc(0)];
  let equalities = 0;
  let element: Condition | undefined;
  for (const [n, { path, descending }] of index.parts.entries()) {
    const isArray = hasArrays(index, n);
    const choice = chooseBounds(conditions.get(path), isArray ? element : undefined);
    if (!choice) break;
    const [bounds, condition] = choice;
    if (bounds.kind === 'range') {
      return { beginnings, equalities, range: keyRange(bounds.range, descending, isArray) };
    }
    if (beginnings.length * bounds.values.length > MOST_RANGES) break;
    const keys = bounds.values.map((value) => encode(value, descending));
    beginnings = beginnings.flatMap((start) => keys.map((key) => Buffer.concat([start, key])));
    equalities++;
    if (isArray) element ??= condition;
  }
  return { beginnings, equalities };
}

/**
 * Two conditions on an array may be met by two of its elements, whose keys are two entries: once an array part is
 * bound, a further one may be bound only by the same $elemMatch.
 */
function chooseBounds(
  conditions: readonly Condition[] = [],
  bound: Condition | undefined,
): readonly [Bounds, Condition] | undefined {
  let range: readonly [Bounds, Condition] | undefined;
  for (const condition of conditions) {
    if (bound && (bound.element === undefined || bound.element !== condition.element)) continue;
    const bounds = boundsOf(condition.operators);
    if (bounds?.kind === 'points') return [bounds, condition];
    if (bounds) range ??= [bounds, condition];
  }
  return range;
}

function hasArrays(index: Index, part: number): boolean {
  return (index.arrays & (1 << part)) !== 0;
}

/**
 * Does what follows the equalities give the order asked for? Not by a part with arrays: a document sorts by its least
 * or greatest element, even by one that does not match.
 */
function orderGiven(
  index: Index,
  equalities: number,
  wanted: readonly Wanted[],
): 'forward' | 'backward' | 'none' {
  const fixed = new Set<string>();
  index.parts.slice(0, equalities).forEach(({ path }, n) => {
    if (!hasArrays(index, n)) fixed.add(path);
  });
  const open = wanted.filter(({ path }) => !fixed.has(path));
  let turns: boolean | undefined;
  for (const [n, want] of open.entries()) {
    const part = index.parts[equalities + n];
    if (part?.path !== want.path || hasArrays(index, equalities + n)) return 'none';
    const turned = part.descending !== want.descending;
    if ((turns ??= turned) !== turned) return 'none';
  }
  return turns === true ? 'backward' : 'forward';
}

function rangesOf({ beginnings, range }: Prefix): KeyRange[] {
  const [low, high] = range ?? [Buffer.alloc(0), undefined];
  const ranges = beginnings
    .map((start) => ({
      low: Buffer.concat([start, low]),
      high: high ? Buffer.concat([start, high]) : after(start),
    }))
    .sort((a, b) => Buffer.compare(a.low, b.low));
  return ranges.filter((one, n) => !ranges[n - 1]?.low.equals(one.low));
}
