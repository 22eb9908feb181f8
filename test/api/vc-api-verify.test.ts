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

it('who asks too often is told so', async () => {
  const other = await openVcApi({ CAIRN_VERIFY_LIMIT: '2' });
  try {
    const ask = () => other.post('/vc/credentials/verify', {});
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 429]);
  } finally {
    await other.cairn.close();
  }
});
