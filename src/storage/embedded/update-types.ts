/** A place in a document that an operator reads and writes. */
export interface Slot {
  readonly path: string;
  readonly exists: boolean;
  readonly value: unknown;
  set(value: unknown): void;
  remove(): void;
}

/**
 * What happens where a path leads nowhere: make the documents on the way; or nothing, unless something that is no
 * document stands in the way; or nothing at all.
 */
export type Reach = 'create' | 'existing' | 'lenient';

/** Changes a place; true if what is stored there is no longer the same. */
export type Apply = (slot: Slot) => boolean;

export interface Operator {
  reach: Reach;
  /** Checks the operand before any document is looked at. */
  compile(operand: unknown, path: string, now: Date): Apply;
}
