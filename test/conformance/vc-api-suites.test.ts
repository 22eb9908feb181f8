import { createHolder } from '../support/holder.ts';
import type { Json } from '../support/json-places.ts';
import { openVcApi, type VcApi } from '../support/vc-api.ts';

// What the test suites of W3C ask of an issuer and a verifier over this API (vc-data-model-2.0, vc-di-eddsa, VC API
// issuer and verifier), in requests of our own. They name `checks`, and a refusal is an answer of 400 or 422 to them.
// Passing is no proof of verification: a verifier that looks at no signature would pass most of it.

const base = 'https://www.w3.org/ns/credentials/v2';
const examples = 'https://www.w3.org/ns/credentials/examples/v2';
const holder = createHolder();
let api: VcApi;

beforeAll(async () => {
  api = await openVcApi({ CAIRN_VERIFY_LIMIT: '0' });
});
afterAll(async () => {
  await api.cairn.close();
});

const least: Json = {
  '@context': [base],
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:learner' },
};
const named = (word: string, more: Json): Json => ({
  '@context': [base, { [word]: `https://school.example/words#${word}` }],
  ...more,
});
const issue = (change: Json) => api.issue({ ...least, issuer: api.did, ...change }, {});
const verify = (verifiableCredential: unknown, options: Json = { checks: ['proof'] }) =>
  api.post('/vc/credentials/verify', { verifiableCredential, options });
const verifyPresentation = (verifiablePresentation: unknown, options: Json = { checks: [] }) =>
  api.post('/vc/presentations/verify', { verifiablePresentation, options });

describe('vc-data-model-2.0: an issuer takes', () => {
  const accepted: readonly (readonly [what: string, change: Json])[] = [
    ['the least', {}],
    ['several contexts by address', { '@context': [base, examples] }],
    ['a context as an object', named('Pass', { type: ['VerifiableCredential', 'Pass'] })],
    [
      'a type that is an address',
      { type: ['VerifiableCredential', 'https://school.example/Pass'] },
    ],
    ['types in any order', { type: ['https://school.example/Pass', 'VerifiableCredential'] }],
    ['an id that is a DID', { id: 'did:example:credential' }],
    ['a name in a language', { name: { '@value': 'Pass', '@language': 'en' } }],
    ['a description in a direction', { description: { '@value': 'ت', '@direction': 'rtl' } }],
    ['several subjects', { credentialSubject: [{ id: 'did:example:a' }, { id: 'did:example:b' }] }],
    ['dates', { validFrom: '2020-01-01T00:00:00Z', validUntil: '2090-01-01T00:00:00+01:00' }],
    [
      'a status of a foreign kind',
      named('Ledger', { credentialStatus: { id: 'did:example:s', type: 'Ledger' } }),
    ],
    ['a status without id', named('Ledger', { credentialStatus: { type: 'Ledger' } })],
    [
      'schemas',
      {
        credentialSchema: ['a', 'b'].map((name) => ({
          id: `https://school.example/${name}.json`,
          type: 'JsonSchema',
        })),
      },
    ],
    ['evidence', named('Exam', { evidence: [{ type: 'Exam' }, { type: 'Exam' }] })],
    ['terms of use', named('Policy', { termsOfUse: [{ type: 'Policy', id: 'did:example:p' }] })],
    [
      'refresh services',
      { refreshService: [{ type: 'https://school.example/#Refresh', id: 'did:example:r' }] },
    ],
    [
      'related resources',
      {
        relatedResource: [
          {
            id: 'https://school.example/a.json',
            mediaType: 'application/json',
            digestSRI: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
          },
        ],
      },
    ],
  ];

  it.each(accepted)('%s, and its verifier what it made', async (_what, change) => {
    const answer = await issue(change);
    expect(answer.status).toBe(201);
    const { verifiableCredential } = answer.body as { verifiableCredential: Json };
    expect(verifiableCredential['@context']).toEqual(change['@context'] ?? [base]);
    const proofs = (await verify(verifiableCredential, {})).body as {
      results: { proof: { verified: boolean }[] };
    };
    expect(proofs.results.proof).toMatchObject([{ verified: true }]);
  });

  it('an issuer that is an object', async () => {
    expect((await issue({ issuer: { id: api.did, name: 'School' } })).status).toBe(201);
  });
});

describe('vc-data-model-2.0: an issuer refuses', () => {
  const refused: readonly (readonly [what: string, change: Json])[] = [
    ['no context', { '@context': undefined }],
    ['a context that is a number', { '@context': [base, 17] }],
    ['a context at no address', { '@context': [base, 'https ://school.example/v1'] }],
    ['another first context', { '@context': [examples, base] }],
    ['a type mapped to no address', typeMappedTo('https ://school.example#Pass')],
    ['a type that nothing maps', { type: ['VerifiableCredential', 'Pass'] }],
    ['another meaning of VerifiableCredential', redefined()],
    ['a status without type', { credentialStatus: { id: 'did:example:s' } }],
    ['a status type that nothing maps', { credentialStatus: { type: 'Ledger' } }],
    [
      'a status id that is no address',
      named('Ledger', { credentialStatus: { id: 'x y', type: 'Ledger' } }),
    ],
    ['a list of texts as resources', { relatedResource: ['https://school.example/a.json'] }],
    [
      'one resource twice',
      { relatedResource: Array(2).fill({ id: 'https://a.example/', digestSRI: 'x' }) },
    ],
    ['an empty subject', { credentialSubject: {} }],
    ['a subject with two ids', { credentialSubject: { id: ['did:example:a', 'did:example:b'] } }],
    ['an issuer that is null', { issuer: null }],
    [
      'dates in the wrong order',
      { validFrom: '2090-01-01T00:00:00Z', validUntil: '2020-01-01T00:00:00Z' },
    ],
    ['a name with more than it may have', { name: { '@value': 'Pass', note: 'x' } }],
    [
      'the same about its issuer',
      { issuer: { id: 'https://a.example/', name: { '@value': 'S', note: 'x' } } },
    ],
  ];

  it.each(refused)('%s', async (_what, change) => {
    expect([400, 422]).toContain((await issue(change)).status);
  });

  it('a body without a credential', async () => {
    const body = { verifiableCredential: least };
    expect((await api.post('/vc/credentials/issue', body, api.cairn.owner)).status).toBe(400);
  });

  function typeMappedTo(address: string): Json {
    return { '@context': [base, { Pass: address }], type: ['VerifiableCredential', 'Pass'] };
  }
  function redefined(): Json {
    return { '@context': [base, { VerifiableCredential: 'https://school.example/#Other' }] };
  }
});

describe('vc-data-model-2.0: a verifier of presentations', () => {
  const bare: Json = { '@context': [base], type: ['VerifiablePresentation'] };

  it.each([
    ['nothing in it', {}],
    ['an empty list', { verifiableCredential: [] }],
    ['a type of its own', named('Folder', { type: ['VerifiablePresentation', 'Folder'] })],
    ['contexts by address', { '@context': [base, examples] }],
  ])('takes a signed one with %s', async (_what, change) => {
    const presentation = await holder.present({ ...change }, {});
    const answer = await verifyPresentation(presentation);
    expect(answer.body).toMatchObject({ verified: true });
    expect(answer.status).toBe(200);
  });

  it('takes several credentials', async () => {
    const verifiableCredential = await Promise.all([api.sign(), api.sign({ name: 'Second' })]);
    const answer = await verifyPresentation(await holder.present({ verifiableCredential }, {}));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ verified: true });
  });

  it('answers 200 to a credential in an envelope that it cannot read', async () => {
    const envelope = {
      '@context': base,
      id: 'data:application/vc-ld+jwt;base64url,eyJhbGciOiJFUzI1NiJ9.e30.AA',
      type: 'EnvelopedVerifiableCredential',
    };
    const answer = await verifyPresentation({ ...bare, verifiableCredential: [envelope] });
    expect({ status: answer.status, verified: (answer.body as Json).verified }).toEqual({
      status: 200,
      verified: false,
    });
    const { type: _type, ...untyped } = envelope;
    const other = await verifyPresentation({ ...bare, verifiableCredential: [untyped] });
    expect(other.status).toBe(400);
  });

  it.each([
    ['no context', { '@context': undefined }],
    ['another first context', { '@context': [examples] }],
    ['a context at no address', { '@context': [base, 'https ://school.example/v1'] }],
    ['a context that is a number', { '@context': [base, 17] }],
    ['no type', { type: undefined }],
    ['another type', { type: ['Folder'] }],
    ['a credential as a text', { verifiableCredential: ['eyJ'] }],
    ['a credential without type', { verifiableCredential: [{ ...least, type: undefined }] }],
    ['a signature that is none', { proof: 'broken' }],
  ] as [string, Json][])('refuses %s', async (_what, change) => {
    const signed = await holder.present({}, {});
    const proof = { ...(signed.proof as Json), proofValue: 'z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh' };
    const changed = change.proof === 'broken' ? { proof } : change;
    expect((await verifyPresentation({ ...signed, ...changed })).status).toBe(400);
  });
});

describe('vc-di-eddsa and the VC API: a verifier', () => {
  const sign = (change: Json = {}, options: Json = {}) =>
    holder.sign(
      { ...least, issuer: holder.did, ...change },
      { proofPurpose: 'assertionMethod', ...options },
    );
  const alter = async (proof: Json) => {
    const signed = await sign();
    return { ...signed, proof: { ...(signed.proof as Json), ...proof } };
  };

  it('takes what is signed with eddsa-rdfc-2022 by a did:key', async () => {
    const answer = await verify(await sign());
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ verified: true });
  });

  it('takes a signature without a time', async () => {
    expect((await verify(await sign({}, { created: undefined }))).status).toBe(200);
  });

  it.each([
    ['no proof', { proof: undefined }],
    ['a proof that is null', { proof: null }],
    ['a proof that is a text', { proof: 'x' }],
    ['an empty list of proofs', { proof: [] }],
    ['no context', { '@context': undefined }],
    ['a context that is a text', { '@context': base }],
    ['a context of objects', { '@context': [{}] }],
    ['no type', { type: undefined }],
    ['a type that is a number', { type: [10] }],
    ['no issuer', { issuer: undefined }],
    ['an issuer that is a list', { issuer: [] }],
    ['no subject', { credentialSubject: undefined }],
    ['a subject that is a text', { credentialSubject: 'x' }],
  ])('refuses %s, whoever asks', async (_what, change) => {
    expect((await verify({ ...(await sign()), ...change }, {})).status).toBe(400);
  });

  it.each([
    ['type', { type: undefined }],
    ['verificationMethod', { verificationMethod: undefined }],
    ['proofPurpose', { proofPurpose: undefined }],
    ['proofValue', { proofValue: undefined }],
    ['proofValue that is one', { proofValue: null }],
  ])('refuses a proof without %s, whoever asks', async (_what, change) => {
    expect((await verify(await alter(change), {})).status).toBe(400);
  });

  it.each([
    ['another proof type', () => alter({ type: 'UnknownProof' })],
    ['another cryptosuite', () => sign({}, { cryptosuite: 'unknown-2017' })],
    ['another purpose', () => sign({}, { proofPurpose: 'authentication' })],
    ['a key of nobody', () => sign({}, { verificationMethod: 'did:key:nobody' })],
    ['a time that is none', () => sign({}, { created: 'yesterday' })],
    ['a time without zone', () => sign({}, { created: '2026-01-01T00:00:00' })],
    ['a signature that is not multibase', () => alter({ proofValue: 'A'.repeat(88) })],
    ['a signature of another length', () => alter({ proofValue: `z${'2'.repeat(130)}` })],
    ['a change after signing', async () => ({ ...(await sign()), name: 'Other' })],
  ])('refuses %s: 400 to the older form, 200 to VCALM', async (_what, make) => {
    const credential = await make();
    for (const [options, status] of [
      [{ checks: ['proof'] }, 400],
      [{}, 200],
    ] as const) {
      const answer = await verify(credential, options);
      expect({ status: answer.status, body: answer.body as Json }).toMatchObject({
        status,
        body: { verified: false },
      });
    }
  });

  it.each([
    ['purpose', { expectedProofPurpose: 'authentication' }],
    ['domain', { domain: 'college.example' }],
    ['challenge', { challenge: 'c-17' }],
  ])('refuses another %s than the one that was asked for', async (_what, expected) => {
    const answer = await verify(await sign(), { checks: ['proof'], ...expected });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ verified: false, problemDetails: [{}] });
  });
});
