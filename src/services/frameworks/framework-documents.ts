import { parseCasePackage, type StandardsPackage } from '../../domain/standards/package.ts';
import type { CaseUris } from '../../domain/standards.ts';
import { parseSheet, type Sheet } from '../../domain/standards/sheet.ts';
import { invalid, ServiceError } from '../../shared/errors.ts';
import type { SafeFetch } from '../../shared/safe-fetch.ts';

export const maxDocumentBytes = 32 * 1024 * 1024;

/** Standards as they are handed in: a CASE package, a sheet, or the address of one. */
export interface StandardsDocument {
  /** `application/json` or `text/csv`. */
  readonly contentType: string;
  readonly text: string;
}

export type ReadDocument =
  | { readonly kind: 'package'; readonly content: StandardsPackage }
  | { readonly kind: 'sheet'; readonly content: Sheet };

/** Follows `{"url": …}` to the document itself. */
export async function fetchDocument(
  document: StandardsDocument,
  safeFetch: SafeFetch,
): Promise<StandardsDocument> {
  const url = document.contentType === 'text/csv' ? undefined : readAddress(document.text);
  if (url === undefined) return document;
  const { status, contentType, bytes } = await safeFetch(url, {
    accept: 'application/json, text/csv;q=0.9',
    maxBytes: maxDocumentBytes,
    timeoutMs: 30_000,
  });
  if (status !== 200) {
    throw new ServiceError(
      'unprocessable',
      'import.no_document',
      `The address answered with ${status} instead of a document.`,
    );
  }
  const isSheet = contentType === 'text/csv' || /\.csv$/i.test(new URL(url).pathname);
  return {
    contentType: isSheet ? 'text/csv' : 'application/json',
    text: Buffer.from(bytes).toString('utf8'),
  };
}

/** Only a small body is looked at: a package is parsed once, later. */
function readAddress(text: string): string | undefined {
  if (text.length > 5_000) return undefined;
  const body = parseJson(text);
  if (typeof body !== 'object' || body === null || !('url' in body)) return undefined;
  if (typeof body.url === 'string' && Object.keys(body).length === 1) return body.url;
  throw invalid('import.invalid_address', 'To import from an address, send {"url": "https://…"}.');
}

export function readDocument(
  { contentType, text }: StandardsDocument,
  uris: CaseUris,
): ReadDocument {
  return contentType === 'text/csv'
    ? { kind: 'sheet', content: parseSheet(text) }
    : { kind: 'package', content: parseCasePackage(parseJson(text), uris) };
}

/** Members are only ever read by name, so a `__proto__` among them reaches nothing. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new ServiceError(
      'invalid',
      'import.malformed_json',
      'This document is not proper JSON.',
      {
        cause,
      },
    );
  }
}
