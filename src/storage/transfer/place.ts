import { join, resolve } from 'node:path';
import { conflict, invalid } from '../../shared/errors.ts';

/** Where documents are. */
export type Place =
  | { readonly engine: 'embedded'; readonly directory: string }
  | { readonly engine: 'mongodb'; readonly uri: string };

export const storeFile = (directory: string) => join(directory, 'store.db');

export const inUse = (directory: string) =>
  conflict('store.in_use', `Cairn is running on ${directory}. Stop it first.`);

/** `embedded:DIR`, or an address of MongoDB. */
export function parsePlace(text: string): Place {
  if (/^mongodb(\+srv)?:\/\//.test(text)) return { engine: 'mongodb', uri: text };
  const directory = /^embedded:(.+)$/.exec(text)?.[1];
  if (directory !== undefined) return { engine: 'embedded', directory: resolve(directory) };
  throw invalid(
    'store.bad_place',
    'Say where as embedded:FOLDER or as an address that starts with mongodb://',
  );
}
