import type { DocumentLoader, LoadedDocument } from '../documents.ts';
import { assertCriticalTerms } from './critical-terms.ts';
import { preflight } from './preflight.ts';
import { pass, Problem } from './problem.ts';
import type { Finding, Json, Secured } from './types.ts';
import { idOf, isObject, list, typesOf } from './values.ts';

const dataModels = [
  'https://www.w3.org/ns/credentials/v2',
  'https://www.w3.org/2018/credentials/v1',
];

/** Whether the credential is in the form of version 1.1 of the data model (dates and tokens differ). */
export function isVersion1(credential: Json): boolean {
  return list(credential['@context'])[0] === dataModels[1];
}

/** VCDM 2.0 §4: what every verifiable credential has, whatever it says. */
export async function checkFormat(
  secured: Secured,
  documents: DocumentLoader,
  signedAsGraph = secured.kind === 'data-integrity',
): Promise<Finding> {
  const { credential } = secured;
  assertCredential(credential);
  const contexts = await preflight(secured, documents, signedAsGraph);
  assertNames(credential);
  if (signedAsGraph) await assertCriticalTerms(credential, documents);
  const form = secured.kind === 'jwt' ? 'A signed token (JWT).' : 'A signed document.';
  return pass('format', [form, ...contexts.flatMap(describeAdded)].join(' '));
}

/** What the pinned contexts mean is everybody's; the others are this installation's own doing. */
function describeAdded({ documentUrl, addedAt }: LoadedDocument): readonly string[] {
  if (addedAt === undefined) return [];
  return [
    `Some of its words are those of ${documentUrl}, a vocabulary that this installation's administrator added on ${addedAt.slice(0, 10)}.`,
  ];
}

function assertCredential(credential: Json): void {
  const contexts = list(credential['@context']);
  if (!typesOf(credential).includes('VerifiableCredential')) {
    throw problem('NOT_A_CREDENTIAL', 'It does not say that it is a verifiable credential.');
  }
  if (typeof contexts[0] !== 'string' || !dataModels.includes(contexts[0])) {
    throw problem('CONTEXT_NOT_ALLOWED', 'It does not begin with the vocabulary of credentials.');
  }
}

function assertNames(credential: Json): void {
  if (Array.isArray(credential.issuer) || !isAbsolute(idOf(credential.issuer))) {
    throw problem('ISSUER_MISSING', 'It does not say by a web address or DID who issued it.');
  }
  if (credential.id !== undefined && !isAbsolute(idOf(credential.id))) {
    throw problem('ID_MALFORMED', 'Its own identifier is not a web address or URN.');
  }
  const subjects = list(credential.credentialSubject);
  if (subjects.length === 0 || !subjects.every(isObject)) {
    throw problem('SUBJECT_MISSING', 'It does not say whom it is about.');
  }
}

function isAbsolute(id: string | undefined): boolean {
  return id !== undefined && URL.canParse(id);
}

function problem(code: string, detail: string): Problem {
  return new Problem('format', 'invalid', code, detail);
}
