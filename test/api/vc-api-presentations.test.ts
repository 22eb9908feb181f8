import { createHolder } from '../support/holder.ts';
import type { Json } from '../support/json-places.ts';
import { openVcApi, plain, type VcApi } from '../support/vc-api.ts';

let api: VcApi;

beforeAll(async () => {
  api = await openVcApi();
});
afterAll(async () => {
  await api.cairn.close();
});

describe('POST /vc/presentations/verify', () => {
  const holder = createHolder();
  const ask = (verifiablePresentation: unknown, options: Json = {}) =>
    api.post('/vc/presentations/verify', { verifiablePresentation, options });
  const expected = { challenge: 'c-17', domain: 'college.example' };
  const present = async (change: Json = {}, options: Json = {}) =>
    holder.present(
      { holder: holder.did, verifiableCredential: [await api.sign()], ...change },
      { ...expected, ...options },
    );

  it('accepts what its holder signed for whoever asks', async () => {
    const presentation = await present();
    const answer = await ask(presentation, expected);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      verified: true,
      problemDetails: [],
      results: {
        presentation: {
          challenge: { verified: true, input: 'c-17' },
          domain: { verified: true },
          holder: { verified: true, input: holder.did },
          proof: [{ verified: true }],
        },
        credentials: [{ verified: true }],
      },
    });
  });

  it('accepts one without a signature when what it holds is good', async () => {
    const unsigned = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      holder: holder.did,
      verifiableCredential: [await api.sign()],
    };
    const answer = await ask(unsigned, { returnPresentation: true });
    expect(answer.body).toMatchObject({
      verified: true,
      verifiablePresentation: unsigned,
      results: { presentation: { holder: { verified: false } } },
    });
    expect((await ask(unsigned, { challenge: 'c-17' })).body).toMatchObject({
      verified: false,
      problemDetails: [{ code: 'PROOF_MISSING' }],
    });
  });

  it.each([
    ['another challenge', {}, { challenge: 'c-18' }, 'CHALLENGE_MISMATCH'],
    ['another domain', {}, { domain: ['college.example', 'other.example'] }, 'DOMAIN_MISMATCH'],
    ['another purpose', { proofPurpose: 'assertionMethod' }, {}, 'PROOF_PURPOSE'],
    ['a time in the future', { created: '2999-01-01T00:00:00Z' }, {}, 'PROOF_CREATED'],
    ['somebody else’s key', { verificationMethod: 'did:example:x#1' }, {}, 'HOLDER_MISMATCH'],
    ['a proof on one that is gone', { previousProof: 'urn:a:b' }, {}, 'PROOF_PREVIOUS_MISSING'],
  ])('refuses %s', async (_what, options, wanted, code) => {
    const answer = await ask(await present({}, options), { ...expected, ...wanted });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ verified: false, problemDetails: [{ code }] });
  });

  it('refuses what was changed, exchanged or is bad inside', async () => {
    const presentation = await present();
    const exchanged = {
      ...presentation,
      verifiableCredential: [await api.sign({ name: 'Other' })],
    };
    expect((await ask(exchanged, expected)).body).toMatchObject({
      verified: false,
      problemDetails: [{ code: 'PROOF_INVALID' }],
      results: { credentials: [{ verified: true }] },
    });
    const forged = await present({
      verifiableCredential: [{ ...(await api.sign()), name: 'Other' }],
    });
    expect((await ask(forged, expected)).body).toMatchObject({
      verified: false,
      problemDetails: [],
      results: {
        presentation: { proof: [{ verified: true }] },
        credentials: [{ verified: false, problemDetails: [{ code: 'PROOF_INVALID' }] }],
      },
    });
    const many = await present({ verifiableCredential: Array(21).fill(plain) });
    expect((await ask(many, expected)).body).toMatchObject({ verified: false });
  });

  it('takes presentations in the form of a token, and their challenge in it', async () => {
    const holder = createHolder();
    const ofToken = (claims: Json = {}) => ({
      '@context': 'https://www.w3.org/ns/credentials/v2',
      id: `data:application/vp+jwt,${holder.presentToken(claims)}`,
      type: 'EnvelopedVerifiablePresentation',
    });
    const verifiableCredential = [await api.sign()];
    const answer = { nonce: 'c', aud: 'verifier.example' };
    const options = { challenge: 'c', domain: 'verifier.example' };
    expect((await ask(ofToken({ verifiableCredential, ...answer }), options)).body).toMatchObject({
      verified: true,
      results: { credentials: [{ verified: true }] },
    });
    for (const [claims, code] of [
      [{ verifiableCredential, ...answer, nonce: 'other' }, 'CHALLENGE_MISMATCH'],
      [{ verifiableCredential, ...answer, aud: undefined }, 'DOMAIN_MISMATCH'],
      [{ verifiableCredential, ...answer, aud: ['verifier.example', 'other'] }, 'DOMAIN_MISMATCH'],
      [{ verifiableCredential, ...answer, holder: 'did:key:z6Mkother' }, 'HOLDER_MISMATCH'],
    ] as const) {
      expect((await ask(ofToken(claims), options)).body).toMatchObject({
        verified: false,
        problemDetails: [{ code }],
      });
    }
  });

  it('answers 400 to what is no presentation', async () => {
    expect((await ask(undefined)).status).toBe(400);
    expect((await ask({ ...plain, proof: {} })).status).toBe(400);
    expect((await ask(await present(), { challenge: 7 })).status).toBe(400);
  });
});
