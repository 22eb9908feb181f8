import { Problem } from '../problem.ts';
import type { Json } from '../types.ts';
import { clockSkew, isObject, parseTimestamp } from '../values.ts';
import type { ProofSuite } from './suite.ts';
import { findSuite } from './suites.ts';

const purposes = {
  assertionMethod: 'to assert something',
  authentication: 'to show who presents it',
} as const;

/** Everything about a proof that the libraries take on trust. */
export function assertProofOptions(
  proof: unknown,
  now: Date,
  purpose: keyof typeof purposes = 'assertionMethod',
): Json {
  if (!isObject(proof)) {
    throw broken('PROOF_MALFORMED', 'Its signature is not in a form that we know.');
  }
  const { proofPurpose, proofValue, created, expires } = proof;
  const suite = suiteOf(proof);
  if (proofPurpose !== purpose) {
    throw broken('PROOF_PURPOSE', `It was signed for another purpose than ${purposes[purpose]}.`);
  }
  suite.assertProofValue(typeof proofValue === 'string' ? proofValue : '');
  assertProofDates(created, expires, now.getTime());
  return proof;
}

export function suiteOf(proof: Json): ProofSuite {
  const suite = findSuite(proof);
  // Statements that are shown one by one, and terms of 2020, leave no room for a chain.
  const chains = suite?.type === 'DataIntegrityProof' && suite.isSelective === undefined;
  if (suite === undefined || ('previousProof' in proof && !chains)) {
    const detail = 'It is signed in a way that is not known here.';
    throw new Problem('proof', 'unverifiable', 'PROOF_NOT_SUPPORTED', detail);
  }
  return suite;
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

function broken(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
