import { Problem } from '../problem.ts';
import type { Outside, TaskName } from './messages.ts';

type Ask = (...values: readonly unknown[]) => unknown;

/** One verification, from when it is asked for until it is answered. */
export interface Run {
  readonly id: number;
  readonly task: TaskName;
  readonly input: unknown;
  readonly now: Date;
  /** What it may ask, by name. */
  readonly functions: ReadonlyMap<string, Ask>;
  readonly given: Readonly<Record<string, unknown>>;
  /** How long it has kept threads busy. */
  busyMs: number;
  /** In how many threads it was begun. */
  starts: number;
  readonly succeed: (result: unknown) => void;
  readonly fail: (error: Error) => void;
}

export function createRun(
  { id, task, input }: Pick<Run, 'id' | 'task' | 'input'>,
  { now, ...outside }: Outside,
  { succeed, fail }: Pick<Run, 'succeed' | 'fail'>,
): Run {
  const functions = new Map<string, Ask>();
  const given: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(outside) as [string, unknown][]) {
    if (typeof member === 'function') functions.set(name, member as Ask);
    else given[name] = member;
  }
  return {
    id,
    task,
    input: input instanceof Uint8Array ? exactly(input) : input,
    now: now(),
    functions,
    given,
    busyMs: 0,
    starts: 0,
    succeed,
    fail,
  };
}

/** A copy that shares its memory with nothing: cloning a view would hand over all of the memory behind it. */
function exactly(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

export function outOfBounds(): Problem {
  const detail = 'Looking at it takes more time or memory than any honest credential needs.';
  return new Problem('format', 'unverifiable', 'TOO_COMPLEX', detail);
}

export function outOfTime(): Problem {
  const detail =
    'It could not be looked at in time: what it refers to answers too slowly. Try again later.';
  return new Problem('format', 'unverifiable', 'VERIFY_TIMEOUT', detail);
}

export function broken(): Problem {
  const detail = 'It could not be looked at.';
  return new Problem('format', 'unverifiable', 'CHECK_FAILED', detail);
}
