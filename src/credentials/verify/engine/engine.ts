import type { Log } from '../../../shared/log.ts';
import { refusedPresentation, type PresentationExpectations } from '../presentation.ts';
import { Problem } from '../problem.ts';
import type { DetailedResult, Json } from '../types.ts';
import { unfinished } from '../verify.ts';
import { defaultLimits, type EngineLimits } from './limits.ts';
import type { Outside, PresentationOutside } from './messages.ts';
import { createPool } from './pool.ts';

export type VerifyEngine = ReturnType<typeof createVerifyEngine>;

/**
 * Verifies in threads that can be killed: whatever a document was built to do, this thread goes on, and the document is
 * answered with "could not be looked at". A bad one is an answer, never an exception; when too many wait, that is a
 * ServiceError (503).
 */
export function createVerifyEngine({
  log,
  ...limits
}: Partial<EngineLimits> & { readonly log?: Log } = {}) {
  const pool = createPool({ ...defaultLimits, ...limits }, log);

  return {
    verifyCredential: (
      input: string | Uint8Array | object,
      outside: Outside,
    ): Promise<DetailedResult> =>
      pool
        .perform('credential', input, outside)
        .catch(whenProblem((problem) => unfinished(problem, outside.now()))),
    verifyPresentation: (
      presentation: Json,
      expected: PresentationExpectations,
      outside: PresentationOutside,
    ) =>
      pool
        .perform('presentation', { presentation, expected }, outside)
        .catch(whenProblem(refusedPresentation)),
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };

  function whenProblem<T>(answer: (problem: Problem) => T): (error: unknown) => T {
    return (error) => {
      if (!(error instanceof Problem)) throw error;
      log?.warn({ event: 'verification.put-aside', code: error.code }, 'not looked at');
      return answer(error);
    };
  }
}
