import { ServiceError, type ErrorKind } from '../../../shared/errors.ts';
import { FetchError, type FetchErrorCode } from '../../../shared/safe-fetch.ts';
import type { PresentationExpectations, PresentationResult } from '../presentation.ts';
import { Problem } from '../problem.ts';
import type { CheckId, DetailedResult, Json, VerifyDependencies } from '../types.ts';

/**
 * What a verification needs from outside of its thread. To add to it, add it to `VerifyDependencies`: functions are asked
 * by message, whatever they are called; they take and answer what can be cloned, promise their answer, and whoever asks
 * waits for it. All else is copied.
 */
export type Outside = Omit<VerifyDependencies, 'documents'>;

export interface PresentationOutside extends Outside {
  /** The DID document of a holder; throws a Problem when there is none. */
  readonly resolve: (did: string) => Promise<unknown>;
}

/** What can be done in the thread, and what comes of it. */
export interface Tasks {
  readonly credential: {
    readonly input: string | Uint8Array | object;
    readonly outside: Outside;
    readonly result: DetailedResult;
  };
  readonly presentation: {
    readonly input: { readonly presentation: Json; readonly expected: PresentationExpectations };
    readonly outside: PresentationOutside;
    readonly result: PresentationResult;
  };
}

export type TaskName = keyof Tasks;

export interface RunMessage {
  readonly type: 'run';
  readonly run: number;
  readonly task: TaskName;
  readonly input: unknown;
  readonly now: Date;
  /** Names of the functions that may be asked for. */
  readonly asked: readonly string[];
  readonly given: Readonly<Record<string, unknown>>;
}

export type Settled = { readonly value: unknown } | { readonly error: WireError };

export type ToWorker =
  | RunMessage
  | {
      readonly type: 'answer';
      readonly run: number;
      readonly question: number;
      readonly settled: Settled;
    }
  /** Nobody waits for this run any more. */
  | { readonly type: 'forget'; readonly run: number };

export type FromWorker =
  | { readonly type: 'ready' }
  | {
      readonly type: 'ask';
      readonly run: number;
      readonly question: number;
      readonly name: string;
      readonly values: readonly unknown[];
    }
  | { readonly type: 'done'; readonly run: number; readonly settled: Settled };

/** An error as it crosses: a class of ours stays what it is, of any other only its message arrives. */
type WireError =
  | { readonly name: 'FetchError'; readonly code: FetchErrorCode; readonly message: string }
  | {
      readonly name: 'ServiceError';
      readonly kind: ErrorKind;
      readonly code: string;
      readonly message: string;
    }
  | {
      readonly name: 'Problem';
      readonly check: CheckId;
      readonly verdict: Problem['verdict'];
      readonly code: string;
      readonly message: string;
    }
  | { readonly name: 'Error'; readonly message: string };

function toWire(error: unknown): WireError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FetchError) return { name: 'FetchError', code: error.code, message };
  if (error instanceof ServiceError) {
    return { name: 'ServiceError', kind: error.kind, code: error.code, message };
  }
  if (error instanceof Problem) {
    const { check, verdict, code } = error;
    return { name: 'Problem', check, verdict, code, message };
  }
  return { name: 'Error', message };
}

function fromWire(error: WireError): Error {
  switch (error.name) {
    case 'FetchError':
      return new FetchError(error.code, error.message);
    case 'ServiceError':
      return new ServiceError(error.kind, error.code, error.message);
    case 'Problem':
      return new Problem(error.check, error.verdict, error.code, error.message);
    case 'Error':
      return new Error(error.message);
  }
}

/** Waits for the work; its failure becomes something that can be sent. */
export async function settle(work: () => unknown): Promise<Settled> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: toWire(error) };
  }
}

/** @throws what the work on the other side threw */
export function unsettle(settled: Settled): unknown {
  if ('error' in settled) throw fromWire(settled.error);
  return settled.value;
}
