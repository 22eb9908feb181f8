import { hangsMs, openTarget, type Target } from '../support/attack.ts';
import { askingAt, exhausting } from '../support/hostile-credentials.ts';
import type { Json } from '../support/json-places.ts';

// T24 (S12): a small body that makes a verifier knock at many doors. All of them are doors of one server here, which
// hears every knock.

let target: Target;
/** Each has a DID document of its own to be looked for. */
let host: (index: number) => string;

beforeAll(async () => {
  target = await openTarget();
  const { school, attack } = target;
  const [, port = ''] = school.did.split('%3A');
  host = (index) => `127.0.0.1%3A${port}:u${index}`;
  const { answer } = await attack('an honest badge', await school.sign(school.badge()));
  expect(answer).toBe('valid');
});
afterAll(async () => {
  await target.close('T24 amplifier');
});

it('S12: 200 proofs of 200 hosts ask nobody', async () => {
  const text = exhausting['200 proofs']?.() ?? '';
  const { answer, asked, ms } = await target.attack('200 proofs', text);
  expect(answer).toBe('invalid TOO_COMPLEX');
  expect(asked).toEqual([]);
  expect(ms).toBeLessThan(hangsMs);
});

it('asks for no more than eight documents for a badge, endorsements and all', async () => {
  const { school, other, attack } = target;
  const endorsements = Array.from({ length: 20 }, async (_, index) => {
    const { credentialStatus: _none, ...endorsement } = other.badge({
      id: `urn:uuid:1d1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c${10 + index}`,
      type: ['VerifiableCredential', 'EndorsementCredential'],
      name: 'Endorsement',
      issuer: { id: `did:web:${host(index)}`, type: ['Profile'] },
      credentialSubject: { id: school.badge().id, type: ['EndorsementSubject'] },
    });
    return other.sign(endorsement, { verificationMethod: `did:web:${host(index)}#key` });
  });
  const badge: Json = { ...school.badge(), endorsement: await Promise.all(endorsements) };
  const signed = await school.sign(badge);
  const { answer, asked } = await attack('20 endorsements of 20 issuers', signed);
  expect(answer).toBe('valid');
  // Https is tried as well, which this server does not speak.
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.length).toBeLessThanOrEqual(8);
});

it('asks for no more than 24 documents for a presentation', async () => {
  const presentation = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiablePresentation'],
    verifiableCredential: Array.from({ length: 20 }, (_, index) => askingAt(host(100 + index))),
  };
  const { asked, status } = await target.attack(
    '20 badges of 20 issuers',
    { verifiablePresentation: presentation },
    { path: '/vc/presentations/verify' },
  );
  expect(status).toBe(200);
  expect(asked.length).toBeGreaterThan(8);
  expect(asked.length).toBeLessThanOrEqual(24);
});
