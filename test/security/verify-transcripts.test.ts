import { issuer, now, verdict, world } from '../support/verdict.ts';
import type { Json } from '../support/json-places.ts';
import { linearFunctions, programme, transcript } from '../support/transcript.ts';

/** Signed inside and outside by the school. */
async function signedTranscript(change: (draft: Json) => void = () => undefined): Promise<Json> {
  const draft = transcript(change);
  const subject = draft.credentialSubject as Json;
  const nested = subject.verifiableCredential as Json[];
  subject.verifiableCredential = await Promise.all(nested.map((badge) => issuer.sign(badge)));
  return issuer.sign(draft);
}

const schemaOf = async (input: object) =>
  (await (await world()).verify(input)).checks.find(({ id }) => id === 'schema');

describe(`transcripts, on ${now}`, () => {
  it('hold with the badges inside', async () => {
    const result = await (await world()).verify(await signedTranscript());
    expect(result.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'format pass',
      'schema pass',
      'proof pass',
      'issuer pass',
      'validity pass',
      'status skip',
      'nested pass',
    ]);
    expect(result.verified).toBe(true);
  });

  it('do not hold without their data model', async () => {
    const nameless = await signedTranscript((draft) => delete draft.name);
    expect(await verdict(nameless)).toBe('invalid SCHEMA_INVALID');
  });

  it('do not hold with an unsigned badge inside', async () => {
    const unsigned = await issuer.sign(transcript());
    expect(await verdict(unsigned)).toBe('invalid PROOF_MISSING');
  });

  it('do not hold when a badge inside is signed by somebody who is not its issuer', async () => {
    const forged = transcript();
    const subject = forged.credentialSubject as Json;
    const [badge = {}] = subject.verifiableCredential as Json[];
    subject.verifiableCredential = [
      await issuer.sign({ ...badge, issuer: { id: 'did:web:other.example', type: ['Profile'] } }),
    ];
    expect(await verdict(await issuer.sign(forged))).toBe('invalid KEY_NOT_AUTHORIZED');
  });

  it('say it when they connect achievements that they do not hold', async () => {
    const elsewhere = 'urn:uuid:11111111-1111-4111-8111-111111111111';
    const loose = await signedTranscript((draft) => {
      const [association = {}] = (draft.credentialSubject as Json).association as Json[];
      association.targetId = elsewhere;
    });
    const check = await schemaOf(loose);
    expect(check).toMatchObject({ outcome: 'warn', code: 'ASSOCIATION_DANGLING' });
    expect(check?.detail).toContain(elsewhere);
    expect(check?.detail).not.toContain(linearFunctions);
    expect(check?.detail).not.toContain(programme);
    expect(await verdict(loose)).toBe('valid');
  });
});
