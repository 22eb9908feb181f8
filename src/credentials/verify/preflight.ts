import { Problem } from './problem.ts';
import type { DocumentLoader, LoadedDocument } from '../documents.ts';
import type { Json, Secured } from './types.ts';
import { bringsOwnWords, isBadge, isHarmless } from './own-words.ts';
import { isObject, typesOf } from './values.ts';

/** Generous for every real badge or transcript, and small enough for JSON-LD, whose cost grows faster than its input. */
const limits = {
  depth: 24,
  nodes: 5000,
  /** A transcript (CLR) holds many badges. */
  nodesOfTranscript: 20_000,
  array: 500,
  text: 16_384,
  data: 400_000,
  proofs: 4,
};

/** Members whose credentials or proofs bring contexts of their own. */
const ownContext = new Set(['endorsement', 'verifiableCredential', 'proof']);
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
/** Open Badges contexts give these classes the IRIs of members: written so, a member is signed and not read. */
const classes = new Set([
  'Achievement',
  'Address',
  'Criteria',
  'GeoCoordinates',
  'Image',
  'Profile',
]);
/** Pictures inside credentials and packed status lists are long and cheap. */
const longText = /^(?:data:image\/|u[\w-]+$)/;

interface Walk {
  /** Absent where contexts mean nothing. */
  readonly contexts?: unknown[];
  readonly signedAsGraph: boolean;
  /** How many more values may follow. */
  nodesLeft: number;
}

/**
 * Looks at the shape before any JSON-LD is done: sizes, and the ways in which a holder could hide a member
 * from readers of JSON while its triples, and with them the signature, stay the same. Answers the contexts in use.
 */
export async function preflight(
  { kind, credential }: Secured,
  documents: DocumentLoader,
  signedAsGraph = kind === 'data-integrity',
): Promise<readonly LoadedDocument[]> {
  const contexts: unknown[] = [];
  const walk: Walk = {
    contexts,
    signedAsGraph,
    nodesLeft: typesOf(credential).includes('ClrCredential')
      ? limits.nodesOfTranscript
      : limits.nodes,
  };
  visit(credential, [], walk);
  assertProofs(credential);
  const closed = isBadge(credential, contexts);
  const urls = new Set(contexts.flatMap((context) => contextUrlsOf(context, closed)));
  const loaded: LoadedDocument[] = [];
  for (const url of urls) {
    const context = await documents(url).catch(() => {
      const detail = `It uses a vocabulary that is not known here: ${url.slice(0, 200)}`;
      throw new Problem('format', 'unverifiable', 'CONTEXT_NOT_ALLOWED', detail);
    });
    loaded.push(context);
  }
  return loaded;
}

/** The sizes alone, for JSON that is read as it stands and never as linked data. */
export function assertReadable(document: Json): void {
  visit(document, [], { signedAsGraph: false, nodesLeft: limits.nodes });
}

function visit(value: unknown, path: readonly string[], walk: Walk): void {
  walk.nodesLeft -= 1;
  if (walk.nodesLeft < 0 || path.length > limits.depth) throw tooComplex();
  if (typeof value === 'string') assertText(value, path);
  else if (typeof value === 'number' && walk.signedAsGraph) assertNumber(value);
  else if (value === null && walk.signedAsGraph) throw notSigned('an empty value', path);
  else if (Array.isArray(value)) visitArray(value, path, walk);
  else if (isObject(value)) visitObject(value, path, walk);
}

function visitArray(items: readonly unknown[], path: readonly string[], walk: Walk): void {
  if (items.length > limits.array) throw tooComplex();
  if (items.length === 0 && walk.signedAsGraph) throw notSigned('an empty list', path);
  for (const item of items) visit(item, [...path, '0'], walk);
}

function visitObject(node: Json, path: readonly string[], walk: Walk): void {
  if (isLanguageValue(node, path)) {
    visit(node['@value'], path, walk);
    return;
  }
  for (const [key, member] of Object.entries(node)) {
    if (key === '@context' && walk.contexts) collectContext(member, path, walk.contexts);
    else if (forbiddenKeys.has(key) || (walk.signedAsGraph && isDisguise(key))) {
      throw notSigned(`the member "${key.slice(0, 100)}"`, path);
    } else visit(member, [...path, key], walk);
  }
}

function isDisguise(key: string): boolean {
  return /^@|:/.test(key) || classes.has(key);
}

const languageMembers = new Set(['@value', '@language', '@direction']);

/** VCDM 2.0 §11.1: a name or description may say in which language it is. */
function isLanguageValue(node: Json, path: readonly string[]): boolean {
  const holder = path.findLast((key) => key !== '0');
  return (
    (holder === 'name' || holder === 'description') &&
    typeof node['@value'] === 'string' &&
    Object.entries(node).every(
      ([key, member]) => languageMembers.has(key) && typeof member === 'string',
    )
  );
}

function collectContext(context: unknown, path: readonly string[], contexts: unknown[]): void {
  const holder = path.findLast((key) => key !== '0');
  if (holder !== undefined && !ownContext.has(holder)) {
    throw contextProblem('It redefines words in the middle of its text.');
  }
  contexts.push(context);
}

function contextUrlsOf(context: unknown, closed: boolean): readonly string[] {
  const parts: readonly unknown[] = Array.isArray(context) ? context : [context];
  if (parts.length === 0 || parts.length > 10 || new Set(parts).size !== parts.length) {
    throw contextProblem('Its list of vocabularies cannot be used.');
  }
  return parts.flatMap((part) => {
    if (closed && bringsOwnWords(part)) {
      throw contextProblem('It brings definitions of its own, which a badge may not.');
    }
    if (typeof part === 'string') return [part];
    if (isHarmless(part)) return [];
    throw contextProblem('It brings definitions of its own for the words that it uses.');
  });
}

function assertProofs({ proof }: Json): void {
  if (Array.isArray(proof) && proof.length > limits.proofs) throw tooComplex();
}

function assertText(text: string, path: readonly string[]): void {
  // Only labels can tie nameless nodes into knots that take for ever to canonicalize (RDFC-1.0 §7.1).
  if (/^_:\S*$/.test(text)) throw notSigned('a label for a nameless thing', path);
  // All halves of characters are the same bytes to a signature (UTF-8 has none).
  if (/\p{Surrogate}/u.test(text)) throw notSigned('half a character', path);
  if (text.length > (longText.test(text) ? limits.data : limits.text)) throw tooComplex();
}

function assertNumber(value: number): void {
  // Canonical numbers lose their exponent (1e-7 would sign and verify as 0) and their 17th digit (JSON-LD 1.1 API §8.6).
  const isExact = Number.isInteger(value) || Number(value.toExponential(15)) === value;
  if (/e/i.test(String(value)) || !isExact) {
    throw new Problem(
      'format',
      'invalid',
      'NUMBER_NOT_SIGNABLE',
      'It holds a number that no signature can cover exactly.',
    );
  }
}

function tooComplex(): Problem {
  return new Problem(
    'format',
    'invalid',
    'TOO_COMPLEX',
    'It is larger or deeper than any credential that we read.',
  );
}

function contextProblem(detail: string): Problem {
  return new Problem('format', 'invalid', 'CONTEXT_NOT_ALLOWED', detail);
}

function notSigned(what: string, path: readonly string[]): Problem {
  const place = path.filter((key) => key !== '0').join('.') || 'its top level';
  const detail = `It contains ${what} (${place.slice(0, 200)}) that its signature would not cover in the usual way.`;
  return new Problem('format', 'invalid', 'MEMBER_NOT_ALLOWED', detail);
}
