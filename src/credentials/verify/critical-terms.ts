import { isDeepStrictEqual } from 'node:util';
import jsonld from 'jsonld';
import { contextResolver } from '../context-cache.ts';
import type { DocumentLoader } from '../documents.ts';
import { Problem } from './problem.ts';
import type { Json } from './types.ts';
import { isObject, list } from './values.ts';

const vocabulary = 'https://www.w3.org/2018/credentials#';
/** Members that decisions rest on: each must be as often in the JSON as in what the signature covers. */
const criticalTerms = [
  'credentialStatus',
  'validFrom',
  'validUntil',
  'issuanceDate',
  'expirationDate',
  'issuer',
  'credentialSubject',
  'evidence',
  'credentialSchema',
  'termsOfUse',
  'refreshService',
];

/**
 * A signature covers triples, the checks read JSON. Whoever hides `credentialStatus` behind another spelling
 * keeps the triples and loses the check; so what was read is compared with what was signed.
 */
export async function assertCriticalTerms(
  credential: Json,
  documentLoader: DocumentLoader,
): Promise<void> {
  const document: Record<string, unknown> = { ...credential };
  delete document.proof;
  const root = onlyNode(await expand(document, documentLoader));
  for (const term of criticalTerms) {
    if (list(credential[term]).length !== list(root[vocabulary + term]).length) {
      throw hidden(`What it says under "${term}" is not what was signed.`);
    }
  }
  for (const node of nodesOf(root)) {
    if (node !== root) assertNotRoot(node, root['@id']);
    for (const [name, values] of Object.entries(node)) assertNoneTwice(name, list(values));
  }
}

function onlyNode(nodes: readonly Json[]): Json {
  const [root] = nodes;
  const isOne = root && !['@graph', '@included', '@reverse'].some((name) => name in root);
  if (isOne && nodes.length === 1) return root;
  throw hidden('It describes several things at once.');
}

/** The node and every node below it in the same graph. */
function* nodesOf(node: Json): Generator<Json> {
  yield node;
  for (const [name, values] of Object.entries(node)) {
    if (name !== '@graph') for (const value of list(values).filter(isObject)) yield* nodesOf(value);
  }
}

/** Triples know no places: said of the same id further down, in an endorsement for one, it is signed all the same. */
function assertNotRoot(node: Json, id: unknown): void {
  if (id === undefined || node['@id'] !== id) return;
  const term = criticalTerms.find((name) => vocabulary + name in node);
  if (term === undefined) return;
  throw hidden(`What it says of itself under "${term}" stands where nobody looks for it.`);
}

/** Nor do triples count: one piece of evidence, written down twice or in two halves, would pass for two. */
function assertNoneTwice(name: string, values: readonly unknown[]): void {
  if (values.length < 2 || name.startsWith('@')) return;
  const known = new Map<unknown, Json[]>();
  for (const value of values.filter(isObject)) {
    const id = value['@id'];
    const twins = known.get(id) ?? [];
    if (id !== undefined && !twins.every((twin) => contradict(twin, value))) {
      throw hidden(`It says the same thing twice (${name.split(/[#/]/).at(-1) ?? name}).`);
    }
    known.set(id, [...twins, value]);
  }
}

function contradict(one: Json, other: Json): boolean {
  return Object.entries(one).some(
    ([name, value]) => name in other && !isDeepStrictEqual(value, other[name]),
  );
}

async function expand(document: Json, documentLoader: DocumentLoader): Promise<Json[]> {
  try {
    const options = { documentLoader, contextResolver, base: null, safe: true };
    return await jsonld.expand(document, options);
  } catch (error) {
    const detail = `Part of it is not covered by any signature${reason(error)}.`;
    throw new Problem('format', 'unverifiable', 'MEMBER_NOT_COVERED', detail);
  }
}

/** The JSON-LD processor names the member or the value that it would have dropped. */
function reason(error: unknown): string {
  const { details } = error as { details?: { event?: { details?: Json } } };
  const { property, value, id, type } = details?.event?.details ?? {};
  const what = [property, id, type, value].find((item) => typeof item === 'string');
  return typeof what === 'string' ? `: ${what.slice(0, 100)}` : '';
}

function hidden(detail: string): Problem {
  return new Problem('format', 'invalid', 'MEMBER_HIDDEN', detail);
}
