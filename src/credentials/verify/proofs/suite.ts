import type { LinkedDataProof } from '@digitalbazaar/data-integrity';
import { decodeBase58, type KeyKind } from '../../multibase.ts';
import { Problem } from '../problem.ts';

/** One way to make a proof: how it is recognized, which keys it takes, and who checks it. */
export interface ProofSuite {
  readonly type: 'DataIntegrityProof' | 'Ed25519Signature2020';
  /** Undefined for proofs from before there were cryptosuites. */
  readonly cryptosuite: string | undefined;
  readonly keys: readonly KeyKind[];
  /** Signed is the JSON as it stands, and not the triples that its contexts make of it. */
  readonly signsJson?: true;
  /** Whoever holds the document may have left parts out. */
  readonly isSelective?: true;
  /** Throws a Problem unless this can be a signature of the suite. */
  readonly assertProofValue: (proofValue: string) => void;
  /** The stock implementation, within our limits. */
  readonly createVerifier: () => LinkedDataProof;
}

/** `z` and the base58 of a signature of one of these lengths. */
export function assertSignature(proofValue: string, ...lengths: readonly number[]): void {
  const bytes = proofValue.startsWith('z') ? decodeBase58(proofValue.slice(1)) : undefined;
  if (bytes === undefined || !lengths.includes(bytes.length)) {
    const detail = 'Its signature is not of the right length.';
    throw new Problem('proof', 'invalid', 'PROOF_MALFORMED', detail);
  }
}
