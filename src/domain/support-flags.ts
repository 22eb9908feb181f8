import { conflict } from '../shared/errors.ts';
import type { Actor } from './roles.ts';
import type { FlagFact } from './support.ts';

/** `open`: nobody works on it yet. */
export const flagStates = ['open', 'taken', 'resolved'] as const;
export type FlagState = (typeof flagStates)[number];

/** A line of the support log: for staff only. */
export interface LogEntry {
  readonly id: string;
  readonly by: string;
  readonly at: Date;
  readonly text: string;
}

/** A learner whom somebody should look after, and what was done. It fails nobody and stops nobody's clock. */
export interface SupportFlag extends FlagFact {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly state: FlagState;
  readonly raisedBy: Pick<Actor, 'kind' | 'id'>;
  readonly raisedAt: Date;
  /** Id of the person who looks after it. */
  readonly owner?: string;
  readonly takenAt?: Date;
  readonly log: readonly LogEntry[];
  readonly resolvedAt?: Date;
  readonly resolvedBy?: Pick<Actor, 'kind' | 'id'>;
  readonly resolution?: 'by-person' | 'fact-gone' | 'rule-off';
  /** What came of it, in the words of whoever resolved it: for staff only. */
  readonly outcome?: string;
}

export const supportLimits = { logEntries: 200, logText: 4_000 } as const;

export function buildFlag(
  id: string,
  { organization, learner }: { organization: string; learner: string },
  fact: FlagFact,
  { by, at, log = [] }: { by: Pick<Actor, 'kind' | 'id'>; at: Date; log?: readonly LogEntry[] },
): SupportFlag {
  const raisedBy = { kind: by.kind, id: by.id };
  return { id, organization, learner, ...fact, state: 'open', raisedBy, raisedAt: at, log };
}

/** @throws ServiceError when it is over, or its log is full */
export function assertActive({ state, log }: SupportFlag): void {
  if (state === 'resolved') {
    throw conflict('support_flag.resolved', 'This is resolved. Raise a new flag if it came back.');
  }
  if (log.length >= supportLimits.logEntries) {
    throw conflict('support_flag.log_full', 'This log is full. Resolve it and raise a new flag.');
  }
}
