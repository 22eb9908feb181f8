import type { ServiceError } from '../../src/shared/errors.ts';

/** For `toThrow` and `rejects.toThrow`: an error with these fields. */
export function refusal(fields: Partial<Pick<ServiceError, 'kind' | 'code' | 'issues'>>): Error {
  return expect.objectContaining(fields) as Error;
}
