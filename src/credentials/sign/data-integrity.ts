import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import type { Cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { issue, verifyCredential } from '@digitalbazaar/vc';
import type { SigningKey } from '../../domain/keys.ts';
import { toTimestamp } from '../../shared/clock.ts';
import { ServiceError } from '../../shared/errors.ts';
import { cryptosuite } from '../context-cache.ts';
import { contextUrls, withDocuments, type DocumentLoader } from '../documents.ts';
import type { Signer } from '../keys/key-store.ts';

/** Safe mode found an unknown term or a relative id, or the graph cannot be ordered without search. */
function notSignable(cause: unknown): ServiceError {
  return new ServiceError(
    'unprocessable',
    'credential.not_signable',
    'The credential holds something that its contexts do not define, so it cannot be signed.',
    { cause },
  );
}

/**
 * eddsa-rdfc-2022 with no budget for permutations: what we sign can be canonicalized without search, hence
 * checked cheaply by everybody. (rdf-canonize: `maxWorkFactor`; RDFC-1.0 §7.1, dataset poisoning.)
 */
const strictCryptosuite: Cryptosuite = {
  ...cryptosuite,
  async canonize(document, options) {
    const strict = { maxWorkFactor: 0, ...options, safe: true, base: null };
    try {
      return await cryptosuite.canonize(document, strict);
    } catch (error) {
      throw notSignable(error);
    }
  },
};

interface Canonicalization {
  /** The proofs that this one builds on (`previousProof`). */
  readonly previous?: readonly object[];
  /** How much search may be needed: some for a document that is not of our making and names things twice. */
  readonly maxWorkFactor?: 0 | 1;
}

/** Data Integrity §4.2: what a proof in a chain covers is the document together with the proofs that it builds on. */
function cryptosuiteFor({ previous = [], maxWorkFactor = 0 }: Canonicalization): Cryptosuite {
  return {
    ...strictCryptosuite,
    canonize: (input, options) => {
      const isProof = 'proofPurpose' in input;
      const covered = isProof || previous.length === 0 ? input : { ...input, proof: previous };
      return strictCryptosuite.canonize(covered, { maxWorkFactor, ...options });
    },
  };
}

export interface ProofOptions extends Canonicalization {
  readonly signer: Pick<Signer, 'sign'>;
  /** The DID URL of the key; its controller is the issuer. */
  readonly verificationMethod: string;
  readonly created: Date;
  /** More members of the proof. */
  readonly members?: object;
  readonly documentLoader: DocumentLoader;
}

/**
 * Adds one Data Integrity proof and gives the text as it is to be kept. Ed25519 signs deterministically and
 * `created` is handed in: signing again gives the same bytes.
 */
export async function signDataIntegrity(unsigned: object, options: ProofOptions): Promise<string> {
  const { signer, verificationMethod, created, documentLoader } = options;
  const suite = new DataIntegrityProof({
    cryptosuite: cryptosuiteFor(options),
    date: toTimestamp(created),
    signer: {
      id: verificationMethod,
      algorithm: 'Ed25519',
      sign: ({ data }) => signer.sign(data),
    },
  });
  if (options.members !== undefined) suite.proof = options.members;
  // The library writes the proof into the object that it is given.
  const credential = structuredClone(unsigned);
  return JSON.stringify(await issue({ credential, suite, documentLoader }));
}

/** Reads the signed text back as a stranger would, with the stock library and this key as the issuer's only one. */
export async function checkDataIntegrity(
  document: string,
  options: {
    key: Pick<SigningKey, 'publicKeyMultibase'>;
    issuer: string;
    verificationMethod: string;
    at: Date;
    documentLoader: DocumentLoader;
  } & Canonicalization,
): Promise<void> {
  const { key, issuer, verificationMethod, at, documentLoader } = options;
  const method = {
    id: verificationMethod,
    type: 'Multikey',
    controller: issuer,
    publicKeyMultibase: key.publicKeyMultibase,
  };
  const controller = {
    '@context': [contextUrls.did, contextUrls.multikey],
    id: issuer,
    verificationMethod: [method],
    assertionMethod: [verificationMethod],
  };
  const result = await verifyCredential({
    credential: JSON.parse(document) as object,
    suite: new DataIntegrityProof({ cryptosuite: cryptosuiteFor(options) }),
    documentLoader: withDocuments(
      documentLoader,
      new Map<string, object>([
        [issuer, controller],
        [verificationMethod, { '@context': contextUrls.multikey, ...method }],
      ]),
    ),
    now: at,
    // The bit is nobody's at this moment: the list is checked by verifiers.
    checkStatus: () => Promise.resolve({ verified: true }),
  });
  if (!result.verified) {
    throw new ServiceError(
      'unavailable',
      'credential.self_check_failed',
      'The credential was signed, but its signature does not verify. It was not issued.',
      { cause: result.error },
    );
  }
}
