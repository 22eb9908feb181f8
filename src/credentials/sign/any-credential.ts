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

/** As many as we verify. */
const maxProofs = 4;

/** Known here to verify what others signed with it; it gives every mistyped word a meaning. */
const undefinedTerms = 'https://www.w3.org/ns/credentials/undefined-terms/v2';

/** What whoever asks for the signature may say about the proof. */
export interface ProofWishes {
  readonly created?: Date;
  readonly challenge?: string;
  readonly domain?: string | readonly string[];
  /** The ids of proofs that the credential carries, for ours to build on. */
  readonly previousProof?: string | readonly string[];
}

interface Options {
  readonly urls: Urls;
  readonly signer: Signer;
  readonly now: Date;
  readonly wishes: ProofWishes;
  readonly documentLoader: DocumentLoader;
}

/**
 * Signs a credential that somebody else composed, by the rules that we verify by: what could hide a member from its
 * readers is refused. Proofs that it carries already stay, and ours stands beside them (Data Integrity §2.1.1), or
 * builds on those that `previousProof` names (§2.1.2).
 */
export async function signAnyCredential(credential: Json, options: Options): Promise<Json> {
  const { urls, signer, now, documentLoader } = options;
  const { created = now, ...members } = options.wishes;
  const existing = parseProofs(credential.proof);
  const previous = findPrevious(existing, members.previousProof);
  const { proof: _proof, ...unsigned } = credential;
  await assertAcceptable(credential, documentLoader);
  const verificationMethod = verificationMethodId(urls, signer.key);
  const canonicalization = { previous, maxWorkFactor: 1, documentLoader } as const;
  const proofOptions = { signer, verificationMethod, created, members, ...canonicalization };
  const document = await signDataIntegrity(unsigned, proofOptions).catch(notSignable);
  await checkDataIntegrity(document, {
    key: signer.key,
    issuer: urls.issuerDid(signer.key.organization),
    verificationMethod,
    at: momentWithin(credential, created),
    ...canonicalization,
  });
  const signed = JSON.parse(document) as Json;
  return existing.length === 0 ? signed : { ...signed, proof: [...existing, signed.proof] };
}

function parseProofs(proof: unknown): readonly Json[] {
  const proofs = list(proof);
  if (proofs.length >= maxProofs) {
    throw refused('proof.too_many', 'It carries so many proofs that ours would be one too many.');
  }
  return proofs.map((entry) => {
    if (
      !isObject(entry) ||
      typeof entry.type !== 'string' ||
      typeof entry.proofValue !== 'string'
    ) {
      throw refused('proof.malformed', 'A proof that it carries already is not a proof.');
    }
    return entry;
  });
}

/** Data Integrity §4.2, step 2: each of them has to be there. Whether they hold is for verifiers to find out. */
function findPrevious(proofs: readonly Json[], ids: ProofWishes['previousProof']): readonly Json[] {
  return list(ids).map((id) => {
    const found = proofs.find((proof) => proof.id === id);
    if (found !== undefined) return found;
    throw refused('proof.no_previous', 'It carries no proof with the id that previousProof names.');
  });
}

async function assertAcceptable(credential: Json, documents: DocumentLoader): Promise<void> {
  if (list(credential['@context']).includes(undefinedTerms)) {
    const message = 'It leaves words undefined, and what nobody defined is not signed here.';
    throw refused('credential.not_conformant', message);
  }
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
