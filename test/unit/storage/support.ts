import { EJSON } from 'bson';
import {
  type Document,
  decode,
  decodeExact,
  encodeDocument,
} from '../../../src/storage/embedded/document.ts';
import { DbError } from '../../../src/storage/embedded/error.ts';

/** What a client would read back, numbers as JavaScript has them. */
export function read(document: Document): unknown {
  return EJSON.deserialize(
    EJSON.serialize(decode(encodeDocument(document)), { relaxed: true }),
    { relaxed: true },
  );
}

/** As it lies in the store, numeric types kept. */
export function stored(document: Document): Document {
  return decodeExact(encodeDocument(document));
}

/** The code of the refusal; fails where nothing is refused. */
export function codeOf(action: () => unknown): number {
  try {
    action();
  } catch (error) {
    if (error instanceof DbError) return error.code;
    throw error;
  }
  throw new Error('nothing was refused');
}
