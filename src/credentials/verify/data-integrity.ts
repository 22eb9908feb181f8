import { CredentialIssuancePurpose } from '@digitalbazaar/vc';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '../context-cache.ts';
import { digestDocument } from '../digest.ts';
import { contextUrls, withDocuments, type DocumentLoader } from '../documents.ts';
import { decodeBase58, encodeMultikey } from '../multibase.ts';
import { resolveController, type Controller, type VerificationMethod } from './controller.ts';
import { assertKeyInForce, vouchForWithdrawn } from './key.ts';
import { asProblem, Problem } from './problem.ts';
import type { Session } from './session.ts';
import type { Json } from './types.ts';
import { clockSkew, idOf, isObject, list, parseTimestamp } from './values.ts';

/** Which key proved the credential, and whose it is. */
export interface Proven {
  readonly controller: Controller;
  readonly method: VerificationMethod;
  /** The key was stolen since; the log took the credential in before, at this time. */
  readonly loggedAt?: Date;
}

/**
 * One proof that holds is enough (Open Badges 3.0 §8.2), best one whose key the issuer confirms; otherwise the first
 * problem is reported.
 */
export async function verifyDataIntegrity(credential: Json, session: Session): Promise<Proven> {
  let first: Problem | undefined;
  let unconfirmed: Proven | undefined;
  for (const proof of list(credential.proof)) {
    try {
      const proven = await verifyProof(proof, credential, session);
      if (proven.controller.confirmed) return proven;
      unconfirmed ??= proven;
    } catch (error) {
      first ??= asProblem('proof', error);
    }
  }
  if (unconfirmed !== undefined) return unconfirmed;
  throw (
    first ?? new Problem('proof', 'invalid', 'PROOF_MISSING', 'It carries no signature at all.')
  );
}

async function verifyProof(proof: unknown, credential: Json, session: Session): Promise<Proven> {
  const options = assertProofOptions(proof, session.now);
  const issuer = idOf(credential.issuer) ?? '';
  const methodId = idOf(options.verificationMethod) ?? '';
  const published = await resolveController(issuer, session, methodId);
  const proven = await findMethod(published, methodId, () =>
    session.findLogged?.('document', digestDocument(credential)),
  );
  if (proven?.method.controller !== issuer) {
    const detail = 'It was signed with a key that its issuer does not publish for signing.';
    throw new Problem('proof', 'invalid', 'KEY_NOT_AUTHORIZED', detail);
  }
  assertKeyInForce(proven.method, session.now);
  await assertSignature({ ...proven, credential, proof: options }, session);
  return proven;
}

async function findMethod(
  controller: Controller,
  wanted: string,
  findTime: Parameters<typeof vouchForWithdrawn>[2],
): Promise<Proven | undefined> {
  const method = controller.methods.find(({ id }) => id === wanted);
  if (method !== undefined) return { controller, method };
  const withdrawn = controller.withdrawn?.find(({ id }) => id === wanted);
  return withdrawn && vouchForWithdrawn(controller, withdrawn, findTime);
}

const purposes = {
  assertionMethod: 'to assert something',
  authentication: 'to show who presents it',
} as const;

/** Everything about the proof that the library takes on trust. */
export function assertProofOptions(
  proof: unknown,
  now: Date,
  purpose: keyof typeof purposes = 'assertionMethod',
): Json {
  if (!isObject(proof))
    throw broken('PROOF_MALFORMED', 'Its signature is not in a form that we know.');
  const { type, cryptosuite: suite, proofPurpose, proofValue, created, expires } = proof;
  if (type !== 'DataIntegrityProof' || suite !== 'eddsa-rdfc-2022' || 'previousProof' in proof) {
    const detail = 'It is signed in a way that is not known here.';
    throw new Problem('proof', 'unverifiable', 'PROOF_NOT_SUPPORTED', detail);
  }
  if (proofPurpose !== purpose) {
    throw broken('PROOF_PURPOSE', `It was signed for another purpose than ${purposes[purpose]}.`);
  }
  assertProofValue(proofValue);
  assertProofDates(created, expires, now.getTime());
  return proof;
}

function assertProofValue(proofValue: unknown): void {
  const value = typeof proofValue === 'string' && proofValue.startsWith('z') ? proofValue : '';
  if (decodeBase58(value.slice(1))?.length !== 64) {
    throw broken('PROOF_MALFORMED', 'Its signature is not of the right length.');
  }
}

function assertProofDates(created: unknown, expires: unknown, now: number): void {
  const signed = parseTimestamp(created);
  if (created !== undefined && (signed === undefined || signed - now > clockSkew)) {
    throw broken(
      'PROOF_CREATED',
      'It claims to have been signed in the future or at no real time.',
    );
  }
  const end = parseTimestamp(expires);
  if (expires !== undefined && (end === undefined || now - end > clockSkew)) {
    throw broken('PROOF_EXPIRED', 'Its signature was for a limited time, which is over.');
  }
}

interface Claim extends Proven {
  readonly credential: Json;
  readonly proof: Json;
}

async function assertSignature(claim: Claim, session: Session): Promise<void> {
  const { proof, ...options } = await checkSignature(claim, session.documents);
  const { controller } = claim;
  const purpose = new CredentialIssuancePurpose({
    controller: { id: controller.id, assertionMethod: controller.methods.map(({ id }) => id) },
  });
  const { valid } = await purpose.validate(proof, options);
  if (!valid) throw broken('KEY_NOT_AUTHORIZED', 'The key may not sign for this issuer.');
}

/** The cryptography alone: whether this key made this proof over this document. Throws a Problem. */
export async function checkSignature(
  { credential, proof: options, method }: Omit<Claim, 'controller'>,
  documents: DocumentLoader,
) {
  const verificationMethod = {
    '@context': contextUrls.multikey,
    id: method.id,
    type: 'Multikey',
    controller: method.controller,
    publicKeyMultibase: ed25519Of(method),
  };
  const document: Record<string, unknown> = { ...credential };
  delete document.proof;
  // eddsa-rdfc-2022 §3.2.5: the options are read with the document's own context.
  const proof = { ...options, '@context': credential['@context'] };
  const documentLoader = withDocuments(documents, new Map([[method.id, verificationMethod]]));
  const suite = new DataIntegrityProof({ cryptosuite: boundedSuite() });
  const result = await suite.verifyProof({ proof, document, proofSet: [], documentLoader });
  if (!result.verified) throw signatureProblem(result.error);
  return { proof, document, suite, verificationMethod, documentLoader };
}

function ed25519Of({ multikey, jwk }: VerificationMethod): string {
  if (multikey !== undefined) return multikey;
  if (jwk?.kty === 'OKP' && jwk.crv === 'Ed25519' && typeof jwk.x === 'string') {
    return encodeMultikey(Buffer.from(jwk.x, 'base64url'));
  }
  throw broken('KEY_NOT_AUTHORIZED', 'The key is of another kind than the signature.');
}

/**
 * Graphs can be built so that naming their nodes takes for ever. Honest badges need next to no work;
 * those that repeat a node without an id need a little more, so there is one second try within the time.
 */
function boundedSuite(): typeof cryptosuite {
  return {
    ...cryptosuite,
    canonize: async (input, options) => {
      const bounds = { ...options, signal: AbortSignal.timeout(500) };
      return cryptosuite
        .canonize(input, { ...bounds, maxWorkFactor: 1 })
        .catch((error: unknown) => {
          if (!isTooMuchWork(error)) throw error;
          return cryptosuite.canonize(input, { ...bounds, maxWorkFactor: 2 });
        });
    },
  };
}

function isTooMuchWork(error: unknown): boolean {
  return error instanceof Error && /deep iterations|abort/i.test(`${error.name} ${error.message}`);
}

function signatureProblem(error: unknown): Problem {
  if (isTooMuchWork(error)) {
    const detail = 'It is built so that checking its signature would take too long.';
    return new Problem('proof', 'unverifiable', 'PROOF_TOO_COMPLEX', detail);
  }
  return broken('PROOF_INVALID', 'It was changed after it was signed, or signed with another key.');
}

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
