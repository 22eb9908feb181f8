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

const verify = async (credential: Json) =>
  (await api.cairn.services.vcApi.verifyCredential(credential)).report;

describe('POST /vc/credentials/verify', () => {
  const ask = (body: unknown) => api.post('/vc/credentials/verify', body);

  it('answers 200 to good and bad credentials, and says what was found', async () => {
    const credential = await api.sign({ validFrom: '2026-01-01T00:00:00Z' });
    const good = await ask({ verifiableCredential: credential, options: {} });
    expect(good.status).toBe(200);
    expect(good.body).toEqual({
      verified: true,
      problemDetails: [],
      results: {
        validFrom: { verified: true, input: '2026-01-01T00:00:00Z' },
        proof: [{ verified: true, input: credential.proof }],
      },
    });

    const bad = await ask({
      verifiableCredential: { ...credential, name: 'Other' },
      options: { returnCredential: true },
    });
    expect(bad.status).toBe(200);
    expect(bad.body).toMatchObject({
      verified: false,
      credential: { name: 'Other' },
      problemDetails: [
        {
          type: 'https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR',
          code: 'PROOF_INVALID',
        },
      ],
      results: { proof: [{ verified: false }] },
    });
    const short = await ask({
      verifiableCredential: credential,
      options: { returnResults: false, returnProblemDetails: false, checks: ['proof'] },
    });
    expect(short.body).toEqual({ verified: true });
  });

  it('tells an end from a beginning', async () => {
    const over = await api.sign({
      validFrom: '2020-01-01T00:00:00Z',
      validUntil: '2021-01-01T00:00:00Z',
    });
    expect(await verify(over)).toMatchObject({
      verified: false,
      problemDetails: [
        { type: 'https://www.w3.org/TR/vc-data-model#RANGE_ERROR', code: 'EXPIRED' },
      ],
      results: { validFrom: { verified: true }, validUntil: { verified: false } },
    });
    const early = await api.sign({ validFrom: '2999-01-01T00:00:00Z' });
    expect((await verify(early)).results).toMatchObject({ validFrom: { verified: false } });
  });

  it('takes a token in an envelope', async () => {
    const id = await api.school.award();
    const { jwt } = (await api.school.call('get', `/credentials/${id}`)) as unknown as {
      jwt: string;
    };
    const envelope = {
      '@context': 'https://www.w3.org/ns/credentials/v2',
      id: `data:application/vc+jwt,${jwt}`,
      type: 'EnvelopedVerifiableCredential',
    };
    expect((await ask({ verifiableCredential: envelope })).body).toMatchObject({ verified: true });
    const cut = { ...envelope, id: envelope.id.slice(0, -4) };
    const answer = await ask({ verifiableCredential: cut });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ verified: false });
  });

  it.each([
    ['no JSON', '{'],
    ['nothing', {}],
    ['a text', { verifiableCredential: 'x' }],
    ['something else', { verifiableCredential: { hello: 'world' } }],
    ['a credential without proof', { verifiableCredential: { ...plain, issuer: 'did:example:a' } }],
    [
      'options that are none',
      { verifiableCredential: { ...plain, issuer: 'a:b', proof: {} }, options: 7 },
    ],
    [
      'more than it knows',
      { verifiableCredential: { ...plain, issuer: 'a:b', proof: {} }, more: 1 },
    ],
  ])('answers 400 to %s', async (_what, body) => {
    expect((await ask(body)).status).toBe(400);
  });
});

describe('POST /vc/credentials/status', () => {
  const entry = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' };
  const change = (body: Json, key = api.cairn.owner) =>
    api.post('/vc/credentials/status', { credentialStatus: entry, status: true, ...body }, key);

  it('revokes what was awarded here, once and for all', async () => {
    const id = await api.school.award();
    const credentialId = api.cairn.cairn.urls.credential(id);
    const { document } = (await api.school.call('get', `/credentials/${id}`)) as unknown as {
      document: Json;
    };
    expect(await verify(document)).toMatchObject({
      verified: true,
      results: { credentialStatus: [{ verified: true }] },
    });

    const other = { ...entry, statusListIndex: '9', statusListCredential: 'https://a.example/1' };
    expect((await change({ credentialId, credentialStatus: other })).status).toBe(400);
    expect((await change({ credentialId, status: false })).status).toBe(400);
    expect((await verify(document)).verified).toBe(true);

    const given = document.credentialStatus as Json;
    expect((await change({ credentialId, credentialStatus: given })).status).toBe(200);
    expect((await change({ credentialId })).status).toBe(200);
    expect(await verify(document)).toMatchObject({
      verified: false,
      problemDetails: [{ code: 'REVOKED' }],
      results: { credentialStatus: [{ verified: false }] },
    });
    expect((await change({ credentialId, status: false })).body).toMatchObject({
      code: 'status.final',
    });
  });

  it('suspends and reinstates, and leaves alone what is so already', async () => {
    const id = await api.school.award();
    const credentialId = api.cairn.cairn.urls.credential(id);
    const { document } = (await api.school.call('get', `/credentials/${id}`)) as unknown as {
      document: Json;
    };
    const credentialStatus = { ...entry, statusPurpose: 'suspension' };
    const [list, index] = String((document.credentialStatus as Json).statusReference).split('#');
    const named = { ...credentialStatus, statusListCredential: list, statusListIndex: index };
    const set = async (status: boolean, given: Json = credentialStatus) =>
      (await change({ credentialId, credentialStatus: given, status })).status;

    expect(await set(true, { ...named, statusListIndex: '131071' })).toBe(400);
    expect([await set(false), await set(true), await set(true, named)]).toEqual([200, 200, 200]);
    expect(await verify(document)).toMatchObject({
      verified: false,
      problemDetails: [{ code: 'SUSPENDED' }],
    });
    expect([await set(false), await set(false, named)]).toEqual([200, 200]);
    expect((await verify(document)).verified).toBe(true);

    expect((await change({ credentialId })).status).toBe(200);
    expect([await set(true), await set(false)]).toEqual([409, 409]);
  });

  it('answers 404 to what is not there, 400 to what it cannot do, and asks who is there', async () => {
    const credentialId = api.cairn.cairn.urls.credential('0b1f8a3e-53a5-4c8b-90cb-3f0b5b3f4a11');
    expect((await change({ credentialId })).status).toBe(404);
    expect((await change({ credentialId: 'urn:uuid:1' })).status).toBe(404);
    const message = { ...entry, statusPurpose: 'message' };
    expect((await change({ credentialId, credentialStatus: message })).body).toMatchObject({
      status: 400,
      code: 'status.not_supported',
    });
    expect((await change({ credentialId, status: 'yes' })).status).toBe(400);
    expect((await change({ credentialId }, '')).status).toBe(401);
    expect((await change({ credentialId }, (await api.cairn.as('lead')).key)).status).toBe(403);
  });
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
