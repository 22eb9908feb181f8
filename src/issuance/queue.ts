/** Handles one issuance. Safe to run twice; what fails here is tried again because the award says so, not the queue. */
export type Processor = (award: string) => Promise<void>;

/**
 * A doorbell with a waiting line: it tells workers which award to look at and limits how many are worked on at once.
 * It may lose everything at any time; the awards in the store are the truth, and the dispatcher rings again.
 */
export interface IssuanceQueue extends AsyncDisposable {
  /** Adding an award that is waiting already changes nothing. Carries the id only, never data of a person. */
  add(award: string): Promise<void>;
  /** Starts working; call once. */
  process(processor: Processor): void;
  /** Resolves when nothing is waiting or running. */
  drained(): Promise<void>;
  /** How many are waiting. */
  depth(): Promise<number>;
}
