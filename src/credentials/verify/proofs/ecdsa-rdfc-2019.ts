import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import { canonize } from './canonize.ts';
import { assertSignature, type ProofSuite } from './suite.ts';

/** Data Integrity ECDSA Cryptosuites 1.0 §3.2. The curve of the key decides about the hash. */
export const ecdsaRdfc2019: ProofSuite = {
  type: 'DataIntegrityProof',
  cryptosuite: 'ecdsa-rdfc-2019',
  keys: ['P-256', 'P-384'],
  assertProofValue: (value) => {
    assertSignature(value, 64, 96);
  },
  createVerifier: () => new DataIntegrityProof({ cryptosuite: { ...cryptosuite, canonize } }),
};
