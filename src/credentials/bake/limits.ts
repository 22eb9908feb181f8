import { ServiceError } from '../../shared/errors.ts';

/** The largest credential that is put into or taken out of a picture. */
export const maxCredentialBytes = 512 * 1024;
/** The largest picture that is searched for a credential. */
export const maxImageBytes = 10 * 1024 * 1024;

export function brokenImage(message: string, cause?: unknown): ServiceError {
  return new ServiceError('unprocessable', 'image.broken', message, { cause });
}

export function assertBakeable(image: { length: number }, credential: string): void {
  assertSearchable(image);
  if (Buffer.byteLength(credential) > maxCredentialBytes) {
    throw new ServiceError(
      'too-large',
      'credential.too_large',
      'The credential is too large to be put into a picture.',
    );
  }
}

export function assertSearchable(image: { length: number }): void {
  if (image.length > maxImageBytes) {
    throw new ServiceError('too-large', 'image.too_large', 'The picture is too large.');
  }
}
