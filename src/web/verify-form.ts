import type { Request, RequestHandler } from 'express';
import multer, { MulterError } from 'multer';
import { invalid, ServiceError } from '../shared/errors.ts';

const maxBytes = 5_000_000;

/** What somebody handed in to be verified; the first of the three that is there counts. */
export type VerifyInput =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'text'; readonly text: string };

const upload = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: maxBytes, files: 1, fields: 4, fieldSize: 1_000_000, parts: 6 },
}).single('file');

/** Reads the form, in memory. */
export const readVerifyForm: RequestHandler = (request, response, next) => {
  upload(request, response, (error: unknown) => {
    if (error === undefined || error === null) next();
    else next(toFormError(error));
  });
};

export function parseVerifyForm(request: Request): VerifyInput {
  if (request.file !== undefined && request.file.size > 0) {
    return { kind: 'file', bytes: request.file.buffer };
  }
  const fields = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const url = textOf(fields.url);
  if (url !== '') return { kind: 'url', url: assertAddress(url) };
  const text = textOf(fields.text);
  if (text === '') {
    throw invalid('verify.nothing', 'Choose a file, or paste the badge or its link.');
  }
  return isAddress(text) ? { kind: 'url', url: text } : { kind: 'text', text };
}

function textOf(field: unknown): string {
  return typeof field === 'string' ? field.trim() : '';
}

function assertAddress(url: string): string {
  if (url.length <= 2_000 && isAddress(url)) return url;
  throw invalid('verify.no_address', 'This is no web address. It has to begin with https://.');
}

function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

/** What the form was refused for, in the words of the other errors: whatever its reader throws is about the form. */
function toFormError(error: unknown): ServiceError {
  const code = error instanceof MulterError ? error.code : undefined;
  return code === 'LIMIT_FILE_SIZE' || code === 'LIMIT_FIELD_VALUE'
    ? new ServiceError('too-large', 'verify.too_large', 'A badge has at most 5 MB. This is more.')
    : invalid('verify.bad_form', 'The form was not filled in as it should be.');
}
