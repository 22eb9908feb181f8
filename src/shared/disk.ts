import { ServiceError } from './errors.ts';

/** Of the file system, and of a store whose disk is full (MongoDB's code for it). */
const fullCodes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 14031]);

export function isDiskFull(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && fullCodes.has(error.code)
  );
}

export function storeFull(cause: unknown): ServiceError {
  return new ServiceError(
    'storage-full',
    'store.full',
    'There is no room left to write anything down. Please tell an administrator of your school.',
    { cause },
  );
}
