import jsonld from 'jsonld';
import type { DocumentLoader } from '../../src/credentials/documents.ts';
import type { Json } from './json-places.ts';
import type { Words } from './edit-places.ts';

/**
 * Whether an edited credential says the same, found out without any code of the verifier. Both have to hold: what a
 * signature covers is equal, and a reader of JSON finds everything as it was, or not at all where it is said twice.
 */
export async function meansTheSame(original: Json, edited: Json, documentLoader: DocumentLoader) {
  const isEqual = text(readingOf(original)) === text(readingOf(edited));
  if (!isEqual && !isPart(edited, original)) return false;
  const quads = await quadsOf(original, documentLoader);
  return quads !== undefined && quads === (await quadsOf(edited, documentLoader));
}

/** Nothing is added and nothing is different. */
function isPart(edited: unknown, original: unknown): boolean {
  if (typeof edited !== 'object' || edited === null) return edited === original;
  if (typeof original !== 'object' || original === null) return false;
  if (Array.isArray(edited) !== Array.isArray(original)) return false;
  const isWhole = !Array.isArray(original) || original.length === Object.keys(edited).length;
  return (
    isWhole &&
    Object.entries(edited).every(([key, value]) => isPart(value, (original as Json)[key]))
  );
}

/**
 * JSON as it is read: members in any order, a list of one is its item (JSON-LD 1.1 §4.3), lists are sets (§4.3.2;
 * `allowedValue` alone is ordered), the same text or proof twice is the same, a node of which only the id is said is its
 * id (VCDM 2.0 §4.7). Contexts are for the other half.
 */
function readingOf(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return readingOfList(value, key);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== '@context');
  const [only, ...others] = members;
  if (only?.[0] === 'id' && others.length === 0) return only[1];
  return Object.fromEntries(
    members
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, readingOf(member, name)]),
  );
}

function readingOfList(list: readonly unknown[], key: string): unknown {
  if (key === 'allowedValue') return list.map((item) => readingOf(item));
  const items = list.map((item) => readingOf(item)).sort((a, b) => (text(a) < text(b) ? -1 : 1));
  const distinct = items.filter(
    (item, at) =>
      (typeof item !== 'string' && key !== 'proof') || text(item) !== text(items[at - 1]),
  );
  return distinct.length === 1 ? distinct[0] : distinct;
}

const text = (value: unknown): string => JSON.stringify([value]);

/** What is signed. The words of the proof are the suite's own (Data Integrity §2.1): how they are read is no choice. */
async function quadsOf({ proof: _proof, ...document }: Json, documentLoader: DocumentLoader) {
  const algorithm = { algorithm: 'RDFC-1.0', format: 'application/n-quads' } as const;
  try {
    return await jsonld.canonize(document, {
      documentLoader,
      base: null,
      safe: true,
      ...algorithm,
    });
  } catch {
    return undefined;
  }
}

/** Every term of these contexts, at whatever depth it is defined. */
export async function wordsOf(
  contexts: readonly string[],
  documentLoader: DocumentLoader,
): Promise<Words> {
  const pairs: (readonly [string, string])[] = [];
  for (const url of contexts) {
    pairs.push(...definitionsIn(((await documentLoader(url)).document as Json)['@context']));
  }
  return { iris: group(pairs), terms: group(pairs.map(([a, b]) => [b, a] as const)), contexts };
}

function definitionsIn(context: unknown): readonly (readonly [string, string])[] {
  if (Array.isArray(context)) return context.flatMap(definitionsIn);
  if (typeof context !== 'object' || context === null) return [];
  return Object.entries(context as Json).flatMap(([term, value]) => {
    const definition = (typeof value === 'object' ? (value ?? {}) : { '@id': value }) as Json;
    const iri = definition['@id'];
    const isTerm = !term.startsWith('@') && typeof iri === 'string' && /^@|^https?:/.test(iri);
    return [...(isTerm ? [[term, iri] as const] : []), ...definitionsIn(definition['@context'])];
  });
}

function group(
  pairs: readonly (readonly [string, string])[],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, Set<string>>();
  for (const [key, value] of pairs) groups.set(key, (groups.get(key) ?? new Set()).add(value));
  return new Map([...groups].map(([key, values]) => [key, [...values]]));
}
