export interface EngineLimits {
  /** How many threads there may be. */
  readonly threads: number;
  /** How many verifications may be under way in one thread; all but one of them wait for answers from outside. */
  readonly runsPerThread: number;
  /** How many may wait for their turn before others are sent away. */
  readonly queue: number;
  readonly heapMegabytes: number;
  /** How long one verification may keep a thread busy; waiting for answers does not count. */
  readonly busyMs: number;
  /** How long it may take in all, from when it was asked for. */
  readonly deadlineMs: number;
  /** After so long without work a thread ends. */
  readonly idleMs: number;
}

export const defaultLimits: EngineLimits = {
  threads: 2,
  runsPerThread: 8,
  queue: 100,
  heapMegabytes: 256,
  busyMs: 1_500,
  deadlineMs: 20_000,
  idleMs: 300_000,
};
