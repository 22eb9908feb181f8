import { contextUrls, withDocuments, type DocumentLoader } from '../../documents.ts';
import { parseMultikey, parsePublicJwk } from '../../public-key.ts';
import type { VerificationMethod } from '../controller.ts';
import { Problem } from '../problem.ts';
import type { Json } from '../types.ts';
import { isTooMuchWork } from './canonize.ts';
import { toSecuredDocument } from './chain.ts';
import { suiteOf } from './options.ts';
import type { ProofSuite } from './suite.ts';

interface Claim {
  readonly credential: Json;
  readonly proof: Json;
  readonly method: VerificationMethod;
}

/** The cryptography alone: whether this key made this proof over this document. Throws a Problem. */
export async function checkSignature(
  { credential, proof, method }: Claim,
  documents: DocumentLoader,
): Promise<void> {
  const suite = suiteOf(proof);
  const verificationMethod = {
    '@context': contextUrls.multikey,
    id: method.id,
    type: 'Multikey',
    controller: method.controller,
    publicKeyMultibase: multikeyOf(method, suite),
  };
  const document = { ...toSecuredDocument(credential, proof.previousProof) };
  assertContext(proof, document, suite);
  const result = await suite.createVerifier().verifyProof({
    // The options of a proof over triples are read with the document's own context (e.g. eddsa-rdfc-2022 §3.2.5).
    proof: suite.signsJson ? { ...proof } : { ...proof, '@context': document['@context'] },
    document,
    proofSet: [],
    documentLoader: withDocuments(documents, new Map([[method.id, verificationMethod]])),
  });
  if (!result.verified) throw signatureProblem(result.error);
}

function multikeyOf({ multikey, jwk }: VerificationMethod, { keys }: ProofSuite): string {
  const key = multikey === undefined ? parsePublicJwk(jwk ?? {}) : parseMultikey(multikey);
  if (key === undefined && jwk === undefined) {
    const detail = 'The issuer publishes its key in a form that is not known here.';
    throw new Problem('proof', 'unverifiable', 'KEY_NOT_SUPPORTED', detail);
  }
  if (key === undefined || !keys.includes(key.kind)) {
    throw broken('KEY_NOT_AUTHORIZED', 'The key is of another kind than the signature.');
  }
  return key.multikey;
}

/**
 * eddsa-jcs-2022 §3.3.2 lets a document have more contexts than were signed. What they would add to its meaning
 * nobody vouched for, so they have to be the same.
 */
function assertContext(proof: Json, document: Json, { signsJson }: ProofSuite): void {
  const [ours, theirs] = [document['@context'], proof['@context']].map((it) => JSON.stringify(it));
  if (signsJson && theirs !== undefined && ours !== theirs) {
    throw broken('PROOF_CONTEXT', 'It uses other vocabularies than those that were signed.');
  }
}

function signatureProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isTooMuchWork(error)) {
    const detail = 'It is built so that checking its signature would take too long.';
    return new Problem('proof', 'unverifiable', 'PROOF_TOO_COMPLEX', detail);
  }
  return broken('PROOF_INVALID', 'It was changed after it was signed, or signed with another key.');
}

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
