import jsonld from 'jsonld';
import { contextResolver } from '../context-cache.ts';
import type { DocumentLoader } from '../documents.ts';
import { assertPlaces, hidden } from './places.ts';
import { Problem } from './problem.ts';
import type { Json } from './types.ts';
import { list } from './values.ts';

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
  assertPlaces(root, {
    critical: criticalTerms.map((term) => vocabulary + term),
    issuer: list(root[`${vocabulary}issuer`])[0],
  });
}

function onlyNode(nodes: readonly Json[]): Json {
  const [root] = nodes;
  const isOne = root && !['@graph', '@included', '@reverse'].some((name) => name in root);
  if (isOne && nodes.length === 1) return root;
  throw hidden('It describes several things at once.');
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
