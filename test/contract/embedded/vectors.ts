import { readFileSync } from 'node:fs';
import { EJSON } from 'bson';
import { type Document, decode, encodeDocument } from '../../../src/storage/embedded/document.ts';
import { sharedData } from '../../support/shared-data.ts';

/** Answers recorded from MongoDB's own engine, one in a line, in canonical extended JSON. */
export function readVectors(name: string): Document[] {
  const text = readFileSync(sharedData(`store-vectors/${name}.jsonl`), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => EJSON.parse(line, { relaxed: false }) as Document);
}

/** As the engine gets it: through BSON bytes. */
export function throughBytes(document: unknown): Document {
  return decode(encodeDocument(document as Document));
}

export function toText(value: unknown): string {
  return EJSON.stringify(value, { relaxed: false });
}
