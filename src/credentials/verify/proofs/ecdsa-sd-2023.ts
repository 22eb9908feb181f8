import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { createVerifyCryptosuite } from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import { Problem } from '../problem.ts';
import { canonize } from './canonize.ts';
import type { ProofSuite } from './suite.ts';

/** How the base64url of a proof value begins: tag 0x5d00 while the issuer’s, 0x5d01 once its holder made a choice. */
const [base, derived] = ['u2V0A', 'u2V0B'];

/** Data Integrity ECDSA Cryptosuites 1.0 §3.6: each statement is signed, and the holder picks those that are shown. */
export const ecdsaSd2023: ProofSuite = {
  type: 'DataIntegrityProof',
  cryptosuite: 'ecdsa-sd-2023',
  keys: ['P-256'],
  isSelective: true,
  assertProofValue,
  createVerifier: () => {
    const stock = createVerifyCryptosuite();
    return new DataIntegrityProof({
      cryptosuite: {
        ...stock,
        createVerifyData: async (options) => {
          const { document, documentLoader } = options;
          assertNoLabels(document);
          // The package canonicalizes without a limit that we could set: what was done within ours, it can do too.
          await canonize(document, { documentLoader });
          return stock.createVerifyData(options);
        },
      },
    });
  },
};

function assertProofValue(value: string): void {
  if (value.startsWith(base)) {
    const detail =
      'It is signed so that its holder can choose what to show, and no choice was made yet. ' +
      'Ask the holder for a copy made for showing.';
    throw new Problem('proof', 'unverifiable', 'PROOF_NOT_DERIVED', detail);
  }
  // Bits that the last letter has too many would give one signature many spellings.
  const text = value.slice(1);
  const isCanonical = Buffer.from(text, 'base64url').toString('base64url') === text;
  if (!value.startsWith(derived) || !isCanonical) {
    throw new Problem('proof', 'invalid', 'PROOF_MALFORMED', 'Its signature is not of its kind.');
  }
}

/**
 * The package renames labels (`_:x`) wherever they stand in the statements, in texts too, and all unknown ones to the
 * same word: whatever follows such a label in a text is not covered by the signature.
 */
function assertNoLabels(document: object): void {
  if (!JSON.stringify(document).includes('_:')) return;
  const detail = 'It holds text ("_:") that this kind of signature does not cover.';
  throw new Problem('proof', 'unverifiable', 'MEMBER_NOT_COVERED', detail);
}
