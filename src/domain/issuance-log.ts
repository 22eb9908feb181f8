import { createHash } from 'node:crypto';

/** What the log knows of one issued credential: digests, never contents. */
export interface LoggedCredential {
  readonly organization: string;
  readonly credential: string;
  /** SHA-256 (hex) of the Data Integrity form in canonical JSON (RFC 8785). */
  readonly document: string;
  /** SHA-256 (hex) of the VC-JWT form; `-` when there is none. */
  readonly jwt: string;
  /** When the log took it in, by the clock of the server. */
  readonly at: Date;
}

/** One leaf of an organization's Merkle tree (RFC 6962 §2.1). */
export interface LogEntry extends LoggedCredential {
  /** 0, 1, 2 … without a gap within the organization. */
  readonly index: number;
  /** Hashes (hex) of the complete subtrees that end with this leaf, smallest first: the leaf itself, two leaves, four … */
  readonly nodes: readonly string[];
}

/** A complete subtree of 2^level leaves, kept with its last leaf. */
export interface Subtree {
  readonly end: number;
  readonly level: number;
}

/** Some leaves in a row. */
interface Range {
  readonly start: number;
  readonly size: number;
}

export type FindNode = (subtree: Subtree) => string;

const emptyRoot = createHash('sha256').digest('hex');

/** RFC 6962 §2.1: 0x00 before a leaf, 0x01 before a node, so that neither passes for the other. */
export function hashLeaf({ credential, document, jwt, at }: LoggedCredential): string {
  const leaf = JSON.stringify([credential, document, jwt, at.toISOString()]);
  return createHash('sha256').update(Buffer.of(0)).update(leaf).digest('hex');
}

export function hashNode(left: string, right: string): string {
  return createHash('sha256')
    .update(Buffer.of(1))
    .update(Buffer.from(left, 'hex'))
    .update(Buffer.from(right, 'hex'))
    .digest('hex');
}

/** The subtrees to the left that the leaf at `index` makes complete, nearest first. */
export function listCompleted(index: number): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  for (let level = 0; Math.floor(index / 2 ** level) % 2 === 1; level += 1) {
    subtrees.push({ end: index - 2 ** level, level });
  }
  return subtrees;
}

/** What `nodes` of the leaf at `index` must be. */
export function buildNodes(leaf: string, index: number, find: FindNode): readonly string[] {
  const nodes = [leaf];
  let last = leaf;
  for (const left of listCompleted(index)) {
    last = hashNode(find(left), last);
    nodes.push(last);
  }
  return nodes;
}

/** The complete subtrees that a range falls into, from left to right. */
export function splitRange({ start, size }: Range): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  let [from, left] = [start, size];
  while (left > 0) {
    const level = Math.floor(Math.log2(left));
    from += 2 ** level;
    left -= 2 ** level;
    subtrees.push({ end: from - 1, level });
  }
  return subtrees;
}

export function hashRange(range: Range, find: FindNode): string {
  const [last, ...others] = splitRange(range).map(find).reverse();
  return others.reduce((right, left) => hashNode(left, right), last ?? emptyRoot);
}

/** RFC 6962 §2.1.1: the ranges whose hashes lead from a leaf to the root, nearest first. */
export function listAuditPath(index: number, size: number): readonly Range[] {
  const path: Range[] = [];
  let range: Range = { start: 0, size };
  while (range.size > 1) {
    const half = 2 ** Math.ceil(Math.log2(range.size) - 1);
    const left = { start: range.start, size: half };
    const right = { start: range.start + half, size: range.size - half };
    const isLeft = index < right.start;
    path.unshift(isLeft ? right : left);
    range = isLeft ? left : right;
  }
  return path;
}

/** Reads a log from its first entry on and tells the first thing that is wrong with it, or nothing. */
export function createLogCheck(): (entry: LogEntry) => string | undefined {
  /** The largest complete subtrees so far: as many as the size has binary digits. */
  const nodes = new Map<string, string>();
  const findNode: FindNode = ({ end, level }) => nodes.get(`${end} ${level}`) ?? '';
  let size = 0;

  return (entry) => {
    if (entry.index !== size) return `log entry ${size} is missing`;
    const expected = buildNodes(hashLeaf(entry), size, findNode);
    if (expected.join() !== entry.nodes.join()) return `log entry ${size} was changed`;
    for (const { end, level } of listCompleted(size)) nodes.delete(`${end} ${level}`);
    nodes.set(`${size} ${expected.length - 1}`, expected.at(-1) ?? '');
    size += 1;
    return undefined;
  };
}
