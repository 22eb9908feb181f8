import type { RequestListener } from 'node:http';
import type { Priority } from '../domain/awards.ts';

/** Handles one issuance. Safe to run twice; what fails here is tried again because the award says so, not the queue. */
export type Processor = (award: string) => Promise<void>;

/**
 * A doorbell with a waiting line: it tells workers which award to look at and limits how many are worked on at once.
 * It may lose everything at any time; the awards in the store are the truth, and the dispatcher rings again.
 */
export interface IssuanceQueue extends AsyncDisposable {
  /**
   * Adding an award that is waiting already changes nothing; one that is being worked on is worked on once more after
   * that. Carries the id only, never data of a person. Answers soon, and rejects soon when the queue does not answer.
   */
  add(award: string, priority?: Priority): Promise<void>;
  /** Like `add`, for many. May take its time. */
  addMany(awards: readonly string[], priority?: Priority): Promise<void>;
  /** Starts working; call once. */
  process(processor: Processor): void;
  /**
   * Does `work` every `ms` from now on: of all processes that share the queue in one, and in each when the queue does
   * not answer. The answer stops it, after what is under way.
   */
  every(ms: number, work: () => Promise<void>): () => Promise<void>;
  /** Resolves when nothing is waiting or running. */
  drained(): Promise<void>;
  /** How many are waiting. */
  depth(): Promise<number>;
  /** Whether nothing is waiting or running, here or in another process that shares the queue. */
  isIdle(): Promise<boolean>;
  /**
   * Looks whether the queue can be relied on, and answers what could be better, a sentence each.
   * @throws ServiceError that says why it cannot
   */
  examine(): Promise<readonly string[]>;
  /** Pages at `path` that show the queue; not every queue has some. */
  board?(path: string): Promise<RequestListener>;
}
