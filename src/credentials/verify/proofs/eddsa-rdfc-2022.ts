import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { canonize } from './canonize.ts';
import { assertSignature, type ProofSuite } from './suite.ts';

/** Data Integrity EdDSA Cryptosuites 1.0 §3.2; what we sign with ourselves. */
export const eddsaRdfc2022: ProofSuite = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-rdfc-2022',
  keys: ['Ed25519'],
  assertProofValue: (value) => {
    assertSignature(value, 64);
  },
  createVerifier: () => new DataIntegrityProof({ cryptosuite: { ...cryptosuite, canonize } }),
};
