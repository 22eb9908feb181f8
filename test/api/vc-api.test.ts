import request from 'supertest';
import { checkWithDigitalBazaar } from '../support/foreign.ts';
import type { Json } from '../support/json-places.ts';
import { openVcApi, plain, type VcApi } from '../support/vc-api.ts';

let api: VcApi;

beforeAll(async () => {
  api = await openVcApi();
});
afterAll(async () => {
  await api.cairn.close();
});

const base = 'https://www.w3.org/ns/credentials/v2';
const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
const someProof = { type: 'DataIntegrityProof', proofValue: 'z1' };

const verify = async (credential: Json) =>
  (await api.cairn.services.vcApi.verifyCredential(credential)).report;

describe('POST /vc/credentials/issue', () => {
  it('signs a conforming credential as the school', async () => {
    const answer = await api.issue({
      ...plain,
      issuer: { id: api.did },
      validFrom: '2026-01-01T00:00:00Z',
    });
    expect(answer.status).toBe(201);
    const { verifiableCredential } = answer.body as { verifiableCredential: Json };
    expect(verifiableCredential).toMatchObject({
      ...plain,
      issuer: { id: api.did },
      proof: {
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-rdfc-2022',
        proofPurpose: 'assertionMethod',
        created: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        proofValue: expect.stringMatching(/^z/) as string,
      },
    });
    const report = await verify(verifiableCredential);
    expect(report).toMatchObject({ verified: true, problemDetails: [] });
  });

  it('is accepted by stock @digitalbazaar/vc, and not after a change', async () => {
    const credential = await api.sign({ issuer: api.did });
    const document = (await api.cairn.services.issuers.getDidDocument(
      api.school.organization,
    )) as Parameters<typeof checkWithDigitalBazaar>[1];
    const honest = await checkWithDigitalBazaar(JSON.stringify(credential), document);
    expect(honest.verified).toBe(true);
    const changed = JSON.stringify({ ...credential, name: 'Other card' });
    expect((await checkWithDigitalBazaar(changed, document)).verified).toBe(false);
  });

  it('names the school when the credential names nobody', async () => {
    expect(await api.sign()).toMatchObject({ issuer: api.did });
  });

  it.each([
    ['no id', { id: undefined }],
    [
      'several subjects',
      { credentialSubject: [{ id: 'did:example:ada' }, { id: 'did:example:bo' }] },
    ],
    ['a name in a language', { name: { '@value': 'Ausweis', '@language': 'de' } }],
    [
      'a name in several languages',
      {
        name: [
          { '@value': 'Ausweis', '@language': 'de' },
          { '@value': 'بطاقة', '@language': 'ar', '@direction': 'rtl' },
        ],
      },
    ],
    ['a schema', { credentialSchema: { id: 'https://a.example/1', type: 'JsonSchema' } }],
    [
      'a related resource',
      { relatedResource: { id: 'https://a.example/1', digestMultibase: 'uEiAAAA' } },
    ],
    [
      'words of its own',
      {
        '@context': [base, { LibraryCard: 'https://a.example/#LibraryCard' }],
        type: ['VerifiableCredential', 'LibraryCard'],
      },
    ],
    [
      'words that are examples',
      {
        '@context': [base, 'https://www.w3.org/ns/credentials/examples/v2'],
        type: ['VerifiableCredential', 'LibraryCard'],
        credentialSubject: { id: 'did:example:ada', shelf: 'A17' },
      },
    ],
    [
      'several statuses',
      {
        credentialStatus: ['revocation', 'suspension'].map((statusPurpose) => ({
          type: 'BitstringStatusListEntry',
          statusPurpose,
          statusListIndex: '7',
          statusListCredential: `https://a.example/${statusPurpose}`,
        })),
      },
    ],
    ['a date with an offset', { validFrom: '2026-01-01T00:00:00.25+05:30' }],
    ['an end that is over', { validUntil: '2021-01-01T00:00:00Z' }],
  ])('signs one with %s, so that the signature holds', async (_what, change) => {
    const { results } = await verify(await api.sign(change));
    expect(results?.proof).toEqual([expect.objectContaining({ verified: true })]);
  });

  it('is recorded, with who, which key and what', async () => {
    await api.issue(plain, { credentialId: 'library-17' });
    const events = await request(api.cairn.app)
      .get('/api/v1/audit-events?limit=1')
      .auth(api.cairn.owner, { type: 'bearer' });
    const { items } = events.body as { items: readonly Json[] };
    expect(items[0]).toMatchObject({
      action: 'credential.signed-as-given',
      details: { credentialId: 'library-17' },
    });
  });

  it.each([
    ['no context', { '@context': undefined }],
    ['a context that is a text', { '@context': 'https://www.w3.org/ns/credentials/v2' }],
    ['another context first', { '@context': ['https://www.w3.org/2018/credentials/v1'] }],
    ['no type', { type: undefined }],
    ['another type only', { type: ['OpenBadgeCredential'] }],
    ['a type that is a number', { type: 7 }],
    ['an id that is no URL', { id: 'card 17' }],
    ['an id that is null', { id: null }],
    ['two ids', { id: ['urn:a:b', 'urn:a:c'] }],
    ['no subject', { credentialSubject: undefined }],
    ['an empty subject', { credentialSubject: {} }],
    ['an empty subject among others', { credentialSubject: [{ id: 'did:example:ada' }, {}] }],
    ['no subject in the list', { credentialSubject: [] }],
    ['a subject that is a text', { credentialSubject: 'did:example:ada' }],
    ['an issuer that is no URL', { issuer: 'school' }],
    ['an issuer without id', { issuer: { name: 'School' } }],
    ['an issuer that is null', { issuer: null }],
    ['a date without zone', { validFrom: '2026-01-01T00:00:00' }],
    ['a date without time', { validUntil: '2026-01-01' }],
    ['a date that no calendar has', { validFrom: '2026-02-30T00:00:00Z' }],
    ['an hour that no day has', { validFrom: '2026-02-20T25:00:00Z' }],
    [
      'an end before its beginning',
      { validFrom: '2026-01-02T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' },
    ],
    ['a status without type', { credentialStatus: { id: 'https://a.example/1' } }],
    [
      'a status at no place',
      {
        credentialStatus: {
          type: 'BitstringStatusListEntry',
          statusPurpose: 'revocation',
          statusListIndex: true,
          statusListCredential: 'https://a.example/1',
        },
      },
    ],
    ['a schema without id', { credentialSchema: { type: 'JsonSchema' } }],
    ['a schema without type', { credentialSchema: { id: 'https://a.example/1' } }],
    ['terms of use without type', { termsOfUse: { id: 'https://a.example/1' } }],
    ['evidence without type', { evidence: [{ id: 'https://a.example/1' }] }],
    ['a refresh service without type', { refreshService: { id: 'https://a.example/1' } }],
    ['a related resource without digest', { relatedResource: { id: 'https://a.example/1' } }],
    ['a name that is a number', { name: 7 }],
    ['a name with more than a language', { name: { '@value': 'Card', url: 'x' } }],
    ['a proof that is a text', { proof: 'trust me' }],
  ])('answers 400 to %s', async (_what, change) => {
    const answer = await api.issue({ ...plain, ...change });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ code: 'request.invalid' });
    expect((answer.body as { errors: unknown[] }).errors.length).toBeGreaterThan(0);
  });

  it.each([
    ['another issuer', { issuer: 'did:example:other' }, 'credential.wrong_issuer'],
    ['a member that no context defines', { mood: 'sunny' }, 'credential.not_conformant'],
    [
      'a type that no context defines',
      { type: ['VerifiableCredential', 'Card'] },
      'credential.not_conformant',
    ],
    [
      'a context that is not known here',
      { '@context': ['https://www.w3.org/ns/credentials/v2', 'https://evil.example/v1'] },
      'credential.not_conformant',
    ],
    [
      'definitions that give words of the specification another spelling',
      { '@context': [base, { state: 'https://www.w3.org/2018/credentials#credentialStatus' }] },
      'credential.not_conformant',
    ],
    [
      'definitions that redefine words of the specification',
      { '@context': [base, { name: 'https://a.example/name' }] },
      'credential.not_conformant',
    ],
    [
      'definitions of its own in a badge',
      {
        '@context': [base, openBadges, { mood: 'https://a.example/mood' }],
        type: ['VerifiableCredential', 'OpenBadgeCredential'],
      },
      'credential.not_conformant',
    ],
    [
      'examples as words of a badge',
      {
        '@context': [base, 'https://www.w3.org/ns/credentials/examples/v2'],
        type: ['VerifiableCredential', 'OpenBadgeCredential'],
      },
      'credential.not_conformant',
    ],
    [
      'words that stay undefined',
      { '@context': [base, 'https://www.w3.org/ns/credentials/undefined-terms/v2'] },
      'credential.not_conformant',
    ],
    ['a proof too many', { proof: Array(4).fill(someProof) }, 'proof.too_many'],
    [
      'an address of ours as id',
      { id: 'HTTP://localhost:3000/status/../credentials/1' },
      'credential.reserved_id',
    ],
    [
      'a level of ours that is given by hand',
      {
        '@context': [base, openBadges],
        type: ['VerifiableCredential', 'OpenBadgeCredential'],
        credentialSubject: { achievement: { id: 'http://LOCALHOST:3000/achievements/1' } },
      },
      'credential.reserved_achievement',
    ],
    [
      'the type of our status lists',
      { type: ['VerifiableCredential', 'BitstringStatusListCredential'] },
      'credential.reserved_type',
    ],
    [
      'a badge that is none',
      {
        '@context': [base, openBadges],
        type: ['VerifiableCredential', 'OpenBadgeCredential'],
      },
      'credential.not_conformant',
    ],
  ])('answers 422 to %s', async (_what, change, code) => {
    const answer = await api.issue({ ...plain, ...change });
    expect({ status: answer.status, body: answer.body as Json }).toMatchObject({
      status: 422,
      body: { code },
    });
  });

  it('is for administrators', async () => {
    expect((await api.issue(plain, {}, '')).status).toBe(401);
    for (const role of ['lead', 'teacher', 'learner'] as const) {
      const { key } = await api.cairn.as(role);
      expect((await api.issue(plain, {}, key)).status).toBe(403);
    }
    const { key } = await api.cairn.as('admin');
    expect((await api.issue(plain, {}, key)).status).toBe(201);
  });
});

it('is described with the rest of the API', async () => {
  const answer = await request(api.cairn.app).get('/api/openapi.json');
  const { paths } = answer.body as { paths: Record<string, Record<string, Json>> };
  expect(paths['/vc/credentials/issue']?.post?.servers).toEqual([{ url: 'http://localhost:3000' }]);
  expect(paths['/vc/credentials/verify']?.post?.security).toEqual([]);
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/vc/credentials/status',
      '/vc/presentations/verify',
      '/1.0/identifiers/{did}',
    ]),
  );
});
