import { ServiceError } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import { verificationMethodId } from '../did.ts';
import type { DocumentLoader } from '../documents.ts';
import type { Signer } from '../keys/key-store.ts';
import { checkFormat } from '../verify/format.ts';
import { Problem } from '../verify/problem.ts';
import { checkSchema } from '../verify/schema.ts';
import type { Json } from '../verify/types.ts';
import { isObject, list } from '../verify/values.ts';
import { checkDataIntegrity, signDataIntegrity } from './data-integrity.ts';

interface Options {
  readonly urls: Urls;
  readonly signer: Signer;
  readonly created: Date;
  readonly documentLoader: DocumentLoader;
}

/**
 * Signs a credential that somebody else composed, by the rules that we verify by: what could hide a member from its
 * readers is refused. Proofs that it carries already stay, and ours stands beside them (Data Integrity §2.1.1).
 */
export async function signAnyCredential(credential: Json, options: Options): Promise<Json> {
  const { urls, signer, created, documentLoader } = options;
  const existing = parseProofSet(credential.proof);
  const { proof: _proof, ...unsigned } = credential;
  await assertAcceptable(credential, documentLoader);
  const verificationMethod = verificationMethodId(urls, signer.key);
  const proofOptions = { signer, verificationMethod, created, documentLoader };
  const document = await signDataIntegrity(unsigned, proofOptions).catch(notSignable);
  await checkDataIntegrity(document, {
    key: signer.key,
    issuer: urls.issuerDid(signer.key.organization),
    verificationMethod,
    at: momentWithin(credential, created),
    documentLoader,
  });
  const signed = JSON.parse(document) as Json;
  return existing.length === 0 ? signed : { ...signed, proof: [...existing, signed.proof] };
}

/** A chain would have to be checked before it is signed over, and is not understood here. */
function parseProofSet(proof: unknown): readonly Json[] {
  return list(proof).map((entry) => {
    if (
      !isObject(entry) ||
      typeof entry.type !== 'string' ||
      typeof entry.proofValue !== 'string'
    ) {
      throw refused('proof.malformed', 'A proof that it carries already is not a proof.');
    }
    if ('previousProof' in entry) {
      throw refused(
        'proof.chain',
        'Proofs that build on each other (previousProof) cannot be added to here.',
      );
    }
    return entry;
  });
}

async function assertAcceptable(credential: Json, documents: DocumentLoader): Promise<void> {
  try {
    await checkFormat({ kind: 'data-integrity', credential }, documents);
    checkSchema(credential);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw refused('credential.not_conformant', error.message, error);
  }
}

/** The library has rules of its own about credentials and says them in plain errors. */
function notSignable(error: unknown): never {
  if (error instanceof ServiceError) throw error;
  const said = error instanceof Error ? error.message.slice(0, 300) : '';
  throw refused(
    'credential.not_signable',
    `The credential cannot be signed. ${said}`.trim(),
    error,
  );
}

/** A time at which it is in force, so that reading it back asks for the signature only. */
function momentWithin({ validFrom, validUntil }: Json, created: Date): Date {
  const bound = validFrom ?? validUntil;
  return typeof bound === 'string' ? new Date(bound) : created;
}

function refused(code: string, message: string, cause?: unknown): ServiceError {
  return new ServiceError('unprocessable', code, message, { cause });
}
