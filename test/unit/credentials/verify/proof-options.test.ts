import { encodeBase58 } from '../../../../src/credentials/multibase.ts';
import {
  findPreviousProofs,
  toSecuredDocument,
} from '../../../../src/credentials/verify/proofs/chain.ts';
import { assertProofOptions, suiteOf } from '../../../../src/credentials/verify/proofs/options.ts';
import { assertSignature } from '../../../../src/credentials/verify/proofs/suite.ts';
import { findSuite, isSignedAsJson } from '../../../../src/credentials/verify/proofs/suites.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';

const now = new Date('2026-12-01T00:00:00Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
const bytes = (length: number) => `z${encodeBase58(new Uint8Array(length).fill(7))}`;

const proof: Json = {
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-rdfc-2022',
  proofPurpose: 'assertionMethod',
  proofValue: bytes(64),
};
const notSupported = 'proof unverifiable PROOF_NOT_SUPPORTED';
const malformed = 'proof invalid PROOF_MALFORMED';

describe('the options of a proof', () => {
  const look = (change: Json, purpose?: 'authentication') =>
    problemOf(() => assertProofOptions({ ...proof, ...change }, now, purpose));

  it.each<[Json, string]>([
    [{}, 'passes'],
    [{ cryptosuite: 'eddsa-jcs-2022' }, 'passes'],
    [{ type: 'Ed25519Signature2020', cryptosuite: undefined }, 'passes'],
    [{ cryptosuite: 'ecdsa-rdfc-2019' }, 'passes'],
    [{ cryptosuite: 'ecdsa-rdfc-2019', proofValue: bytes(96) }, 'passes'],
    [{ type: 'Ed25519Signature2020' }, notSupported],
    [{ cryptosuite: undefined }, notSupported],
    [{ cryptosuite: 'bbs-2023' }, notSupported],
    [{ type: 'Ed25519Signature2018', cryptosuite: undefined }, notSupported],
    [{ type: undefined, cryptosuite: undefined }, notSupported],
    [{ proofPurpose: 'authentication' }, 'proof invalid PROOF_PURPOSE'],
    [{ proofPurpose: undefined }, 'proof invalid PROOF_PURPOSE'],
    [{ proofPurpose: ['assertionMethod'] }, 'proof invalid PROOF_PURPOSE'],
    [{ proofValue: bytes(63) }, malformed],
    [{ proofValue: bytes(96) }, malformed],
    [{ cryptosuite: 'ecdsa-rdfc-2019', proofValue: bytes(65) }, malformed],
    [{ cryptosuite: 'eddsa-jcs-2022', proofValue: bytes(65) }, malformed],
    [{ type: 'Ed25519Signature2020', cryptosuite: undefined, proofValue: bytes(65) }, malformed],
    [{ proofValue: undefined }, malformed],
    [{ proofValue: [bytes(64)] }, malformed],
    [{ proofValue: bytes(64).slice(1) }, malformed],
    [{ proofValue: `u${bytes(64).slice(1)}` }, malformed],
    [{ proofValue: `${bytes(64)}0` }, malformed],
    [{ created: at(300) }, 'passes'],
    [{ created: at(301) }, 'proof invalid PROOF_CREATED'],
    [{ created: at(-9_000) }, 'passes'],
    [{ created: '2026-11-01' }, 'proof invalid PROOF_CREATED'],
    [{ created: null }, 'proof invalid PROOF_CREATED'],
    [{ expires: at(9_000) }, 'passes'],
    [{ expires: at(-300) }, 'passes'],
    [{ expires: at(-301) }, 'proof invalid PROOF_EXPIRED'],
    [{ expires: 'never' }, 'proof invalid PROOF_EXPIRED'],
    [{ expires: null }, 'proof invalid PROOF_EXPIRED'],
  ])('with %j: %s', async (change, expected) => {
    expect(await look(change)).toBe(expected);
  });

  it('are for showing it where that is asked for', async () => {
    expect(await look({ proofPurpose: 'authentication' }, 'authentication')).toBe('passes');
    expect(await look({}, 'authentication')).toBe('proof invalid PROOF_PURPOSE');
    const check = (purpose?: 'authentication') => () =>
      assertProofOptions({ ...proof, proofPurpose: 'x' }, now, purpose);
    expect(check()).toThrow('to assert something');
    expect(check('authentication')).toThrow('to show who presents it');
  });

  it.each([undefined, null, 'text', 7, [proof]])('are not %j', async (value) => {
    expect(await problemOf(() => assertProofOptions(value, now))).toBe(malformed);
  });

  it('are what is used from then on', () => {
    expect(assertProofOptions(proof, now)).toBe(proof);
  });
});

describe('a proof of statements that the holder picks', () => {
  const selective = { ...proof, cryptosuite: 'ecdsa-sd-2023' };
  const look = (proofValue: string) =>
    problemOf(() => assertProofOptions({ ...selective, proofValue }, now));

  it.each([
    ['u2V0BAAAA', 'passes'],
    ['u2V0AAAAA', 'proof unverifiable PROOF_NOT_DERIVED'],
    ['u2V0BAAAAB', malformed],
    ['u2V0BAB', malformed],
    ['u2V0CAAAA', malformed],
    ['z2V0BAAAA', malformed],
    ['', malformed],
  ])('%s: %s', async (value, expected) => {
    expect(await look(value)).toBe(expected);
  });
});

describe('the kind of a proof', () => {
  it.each<[string, string | undefined, true | undefined, boolean]>([
    ['DataIntegrityProof', 'eddsa-rdfc-2022', undefined, true],
    ['DataIntegrityProof', 'ecdsa-rdfc-2019', undefined, true],
    ['DataIntegrityProof', 'eddsa-jcs-2022', true, true],
    ['DataIntegrityProof', 'ecdsa-sd-2023', undefined, false],
    ['Ed25519Signature2020', undefined, undefined, false],
  ])(
    '%s %s signs JSON: %p; others may build on it: %p',
    async (type, cryptosuite, signsJson, chains) => {
      const kind = { type, ...(cryptosuite !== undefined && { cryptosuite }) };
      expect(suiteOf(kind)).toMatchObject({ type });
      expect(suiteOf(kind).signsJson).toBe(signsJson);
      expect(findSuite(kind)).toBe(suiteOf(kind));
      const linked = problemOf(() => suiteOf({ ...kind, previousProof: 'urn:1' }));
      expect(await linked).toBe(chains ? 'passes' : notSupported);
    },
  );

  it.each<[unknown, boolean]>([
    [{ type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022' }, true],
    [[{ type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022' }], true],
    [[{ type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022' }, proof], false],
    [proof, false],
    [{ type: 'DataIntegrityProof', cryptosuite: 'none' }, false],
    [['text'], false],
    [null, false],
    [[], false],
    [undefined, false],
  ])('%j is over the JSON itself: %p', (value, expected) => {
    expect(isSignedAsJson({ proof: value })).toBe(expected);
  });
});

describe('proofs that build on each other', () => {
  const [a, b] = [{ id: 'urn:a' }, { id: 'urn:b', more: 1 }];
  const document = { name: 'x', proof: [a, 'text', b] };

  it('are found by their ids, in the order in which they are named', () => {
    expect(findPreviousProofs(undefined, document)).toEqual([]);
    expect(findPreviousProofs('urn:b', document)).toEqual([b]);
    expect(findPreviousProofs(['urn:b', 'urn:a'], document)).toEqual([b, a]);
    expect(findPreviousProofs('urn:a', { proof: a })).toEqual([a]);
    expect(findPreviousProofs('urn:a', { proof: [null, a] })).toEqual([a]);
  });

  it.each<[unknown, Json, string]>([
    [7, document, malformed],
    [[{ id: 'urn:a' }], document, malformed],
    ['urn:c', document, 'proof invalid PROOF_PREVIOUS_MISSING'],
    ['urn:a', {}, 'proof invalid PROOF_PREVIOUS_MISSING'],
    ['urn:a', { proof: [a, b, a] }, 'proof invalid PROOF_ID_AMBIGUOUS'],
  ])('%j in %j: %s', async (previous, value, expected) => {
    expect(await problemOf(() => findPreviousProofs(previous, value))).toBe(expected);
  });

  it('are signed with those before them and without the others', () => {
    expect(toSecuredDocument(document)).toEqual({ name: 'x' });
    expect(toSecuredDocument(document, 'urn:b')).toEqual({ name: 'x', proof: [b] });
    expect(document.proof).toHaveLength(3);
  });
});

it.each<[string, readonly number[], string]>([
  [bytes(5), [5], 'passes'],
  [bytes(5), [4, 5], 'passes'],
  [bytes(5), [4, 6], malformed],
  ['', [0], malformed],
  ['z', [0], 'passes'],
  ['z0', [1], malformed],
])('%s has one of the lengths %j: %s', async (value, lengths, expected) => {
  const found = await problemOf(() => {
    assertSignature(value, ...lengths);
  });
  expect(found).toBe(expected);
});
