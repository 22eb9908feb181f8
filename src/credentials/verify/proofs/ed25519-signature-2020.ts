import { Ed25519Signature2020 } from '@digitalbazaar/ed25519-signature-2020';
import { canonize } from './canonize.ts';
import { assertSignature, type ProofSuite } from './suite.ts';

/** How badges were signed before there was eddsa-rdfc-2022; Open Badges 3.0 calls it deprecated. Only read here. */
export const ed25519Signature2020: ProofSuite = {
  type: 'Ed25519Signature2020',
  cryptosuite: undefined,
  keys: ['Ed25519'],
  assertProofValue: (value) => {
    assertSignature(value, 64);
  },
  createVerifier: () => Object.assign(new Ed25519Signature2020(), { canonize }),
};
