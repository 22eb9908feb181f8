import { openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// T13 (S08): a signature that holds, by a key that may not speak for the issuer.

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T13 keys');
});
beforeEach(() => target.publish());

type Change = (document: Json, other: Target['other']) => Json;

const withMethod = (document: Json, change: Json): Json => ({
  ...document,
  verificationMethod: (document.verificationMethod as Json[]).map((method) => ({
    ...method,
    ...change,
  })),
});

it.each<[string, string, Change]>([
  [
    'is only for signing in',
    'invalid KEY_NOT_AUTHORIZED',
    (document) => ({ ...document, authentication: document.assertionMethod, assertionMethod: [] }),
  ],
  [
    'is listed for no purpose',
    'invalid KEY_NOT_AUTHORIZED',
    ({ assertionMethod: _none, ...document }) => document,
  ],
  [
    'is controlled by somebody else',
    'invalid KEY_NOT_AUTHORIZED',
    (document, other) => withMethod(document, { controller: other.did }),
  ],
  [
    'is controlled by nobody',
    'invalid KEY_NOT_AUTHORIZED',
    (document) => withMethod(document, { controller: undefined }),
  ],
  [
    'was revoked',
    'invalid KEY_REVOKED',
    (document) => withMethod(document, { revoked: '2026-11-30T00:00:00Z' }),
  ],
  [
    'ran out',
    'invalid KEY_EXPIRED',
    (document) => withMethod(document, { expires: '2020-01-01T00:00:00Z' }),
  ],
  [
    'has an end that cannot be read',
    'invalid KEY_EXPIRED',
    (document) => withMethod(document, { expires: 'soon' }),
  ],
  [
    'is another one',
    'invalid PROOF_INVALID',
    (document, other) => withMethod(document, { publicKeyMultibase: other.multikey }),
  ],
  [
    'is gone',
    'invalid KEY_NOT_AUTHORIZED',
    (document) => ({ ...document, verificationMethod: [] }),
  ],
  [
    'stands in a document about somebody else',
    'unverifiable ISSUER_DOCUMENT_MISMATCH',
    (document, other) => ({ ...document, id: other.did }),
  ],
])('S08: a key that %s proves nothing', async (name, expected, change) => {
  const { school, other, attack, publish } = target;
  await publish([], change(school.document, other));
  const { answer } = await attack(name, await school.sign(school.badge()));
  expect(answer).toBe(expected);
});

it('S08: the key of another issuer proves nothing', async () => {
  const { school, other, attack } = target;
  const foreign = await other.sign(school.badge());
  expect((await attack('other key', foreign)).answer).toBe('invalid KEY_NOT_AUTHORIZED');
  const posing = await other.sign(school.badge(), { verificationMethod: school.keyId });
  expect((await attack('other key under this name', posing)).answer).toBe('invalid PROOF_INVALID');
});

it('S08: with another issuer the signature is nobody’s', async () => {
  const { school, other, attack } = target;
  const badge = await school.sign(school.badge());
  const swapped = { ...badge, issuer: other.badge().issuer };
  expect((await attack('issuer swapped', swapped)).answer).toBe('invalid KEY_NOT_AUTHORIZED');
  const proof = { ...(badge.proof as Json), verificationMethod: other.keyId };
  expect((await attack('issuer and key swapped', { ...swapped, proof })).answer).toBe(
    'invalid PROOF_INVALID',
  );
});

it.each([
  'authentication',
  'keyAgreement',
  'capabilityInvocation',
  'https://w3id.org/security#assertionMethod',
])('S08: a signature to another purpose proves nothing: %p', async (proofPurpose) => {
  const { school, attack } = target;
  const badge = await school.sign(school.badge(), { proofPurpose });
  expect((await attack(`purpose ${proofPurpose}`, badge)).answer).toBe('invalid PROOF_PURPOSE');
  const honest = await school.sign(school.badge());
  const changed = { ...honest, proof: { ...(honest.proof as Json), proofPurpose } };
  expect((await attack('purpose swapped', changed)).answer).toBe('invalid PROOF_PURPOSE');
});

it('T13: an issuer with an unlikely name is not looked for', async () => {
  const { school, attack } = target;
  const badge = await school.sign(school.badge());
  for (const id of [
    'did:web:user%40evil.example',
    'did:web:evil.example%2Fx',
    'did:web:evil.example:..:x',
    'did:web:evil.example%3A80%3A80',
    'did:web:',
    'did:web:evil.example#fragment',
  ]) {
    const { answer, asked } = await attack(id, { ...badge, issuer: { id, type: ['Profile'] } });
    expect({ id, answer, asked }).toEqual({ id, answer: 'invalid ISSUER_MALFORMED', asked: [] });
  }
});
