// Results that did not fit into one answer wait here until they are asked for, or until nobody has for a while.
import { refuse } from './error.ts';

type Documents = Iterator<Uint8Array>;

/** A cursor's answer is written around the stored bytes of its documents. */
export interface CursorReply {
  readonly field: 'firstBatch' | 'nextBatch';
  readonly batch: readonly Uint8Array[];
  readonly id: number;
  readonly ns: string;
}

export interface PageOptions {
  readonly ns: string;
  readonly batchSize: number;
  /** The client wants no more than this answer. */
  readonly single?: boolean;
}

export interface Cursors {
  readonly open: (documents: Iterable<Uint8Array>, options: PageOptions) => CursorReply;
  readonly more: (id: number, batchSize: number) => CursorReply;
  /** True when there was such a cursor. */
  readonly kill: (id: number) => boolean;
  /** Forgets those that were idle for too long. */
  readonly sweep: () => void;
}

export interface CursorsOptions {
  readonly idleMs: number;
  readonly now: () => number;
}

interface Waiting {
  readonly documents: Documents;
  readonly ns: string;
  readonly next: Uint8Array;
  readonly since: number;
}

const CURSOR_NOT_FOUND = 43;
const MOST_CURSORS = 10_000;
const LARGEST_BATCH = 15 * 1024 * 1024;

export function createCursors({ idleMs, now }: CursorsOptions): Cursors {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;

  const keep = (id: number, documents: Documents, ns: string, next: Uint8Array): number => {
    waiting.set(id, { documents, ns, next, since: now() });
    const [oldest] = waiting.keys();
    if (waiting.size > MOST_CURSORS && oldest !== undefined) waiting.delete(oldest);
    return id;
  };

  return {
    open: (documents, { ns, batchSize, single = false }) => {
      const iterator = documents[Symbol.iterator]();
      const { batch, next } = take(iterator, batchSize);
      const id = next && !single ? keep(++lastId, iterator, ns, next) : 0;
      return { field: 'firstBatch', batch, id, ns };
    },
    more: (id, batchSize) => {
      const cursor = waiting.get(id) ?? refuse(CURSOR_NOT_FOUND, `cursor id ${id} not found`);
      waiting.delete(id);
      const { documents, ns } = cursor;
      const { batch, next } = take(documents, batchSize, cursor.next);
      if (next) keep(id, documents, ns, next);
      return { field: 'nextBatch', batch, id: next ? id : 0, ns };
    },
    kill: (id) => waiting.delete(id),
    sweep: () => {
      for (const [id, { since }] of waiting) if (now() - since > idleMs) waiting.delete(id);
    },
  };
}

/** One more than fits is read, so that a cursor which has nothing left is not kept. */
function take(
  documents: Documents,
  most: number,
  first?: Uint8Array,
): { batch: Uint8Array[]; next: Uint8Array | undefined } {
  const batch: Uint8Array[] = [];
  let size = 0;
  for (let next = first ?? pull(documents); next; next = pull(documents)) {
    if (batch.length >= most || (batch.length && size + next.length > LARGEST_BATCH)) {
      return { batch, next };
    }
    batch.push(next);
    size += next.length;
  }
  return { batch, next: undefined };
}

function pull(documents: Documents): Uint8Array | undefined {
  const result = documents.next();
  return result.done === true ? undefined : result.value;
}
