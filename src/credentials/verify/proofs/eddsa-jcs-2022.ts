import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { createVerifyCryptosuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { assertSignature, type ProofSuite } from './suite.ts';

/** Data Integrity EdDSA Cryptosuites 1.0 §3.3: the JSON itself is signed, in the order of RFC 8785. */
export const eddsaJcs2022: ProofSuite = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-jcs-2022',
  keys: ['Ed25519'],
  signsJson: true,
  assertProofValue: (value) => {
    assertSignature(value, 64);
  },
  createVerifier: () => new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() }),
};
