import { createHash } from 'node:crypto';

/** How much there is of a collection, and the SHA-256 of its documents (BSON, byte for byte) in order of `_id`. */
export interface Tally {
  readonly documents: number;
  readonly bytes: number;
  readonly sha256: string;
}

export function createTally() {
  const hash = createHash('sha256');
  let documents = 0;
  let bytes = 0;
  return {
    add: (document: Uint8Array) => {
      hash.update(document);
      documents += 1;
      bytes += document.byteLength;
    },
    result: (): Tally => ({ documents, bytes, sha256: hash.digest('hex') }),
  };
}

export function isSame(a: Tally | undefined, b: Tally | undefined): boolean {
  return a?.documents === b?.documents && a?.sha256 === b?.sha256;
}
