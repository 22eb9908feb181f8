import request from 'supertest';
import { buildAchievementCredential } from '../../src/credentials/build/achievement-credential.ts';
import { loadContexts } from '../../src/credentials/documents.ts';
import type { Signer } from '../../src/credentials/keys/key-store.ts';
import { issueCredential } from '../../src/credentials/sign/issue.ts';
import { createUrls } from '../../src/shared/urls.ts';
import type { Json } from '../support/json-places.ts';
import { createKeyStoreInMemory } from '../support/keys.ts';
import { award, organization, recipient, version } from '../support/sample-award.ts';
import { openVcApi, plain, type VcApi } from '../support/vc-api.ts';

// T11: what no vocabulary defines is dropped without a word when it is signed. Nothing like it is signed here.

const contexts = plain['@context'] as string[];
const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';

let api: VcApi;

beforeAll(async () => {
  api = await openVcApi();
});
afterAll(async () => {
  await api.cairn.close();
});

async function countSigned(): Promise<number> {
  const answer = await request(api.cairn.app)
    .get('/api/v1/audit-events?limit=100')
    .auth(api.cairn.owner, { type: 'bearer' });
  const { items } = answer.body as { items: readonly Json[] };
  return items.filter(({ action }) => action === 'credential.signed-as-given').length;
}

it.each<[string, Json]>([
  ['a member that no vocabulary defines', { grade: 'A' }],
  ['one in its subject', { credentialSubject: { id: 'did:example:ada', grade: 'A' } }],
  ['a member of another type', { encodedList: 'u' }],
  ['a type that no vocabulary defines', { type: ['VerifiableCredential', 'Diploma'] }],
  ['an empty value', { credentialSubject: { id: 'did:example:ada', name: null } }],
  ['an empty list', { credentialSubject: { id: 'did:example:ada', name: [] } }],
  ['a member under its full IRI', { 'https://schema.org/name': 'x' }],
  ['a nest', { '@nest': { description: 'x' } }],
  [
    'a number that no signature covers exactly',
    { credentialSubject: { id: 'did:example:ada', name: 1e-7 } },
  ],
  [
    'one piece of evidence twice',
    {
      '@context': [...contexts, openBadges],
      evidence: [1, 2].map(() => ({ id: 'https://a.example/1', type: ['Evidence'] })),
    },
  ],
])('a credential with %s: 422, and nothing is signed', async (_name, change) => {
  const before = await countSigned();
  const answer = await api.issue({ ...plain, ...change });
  expect({ status: answer.status, body: answer.body as Json }).toMatchObject({
    status: 422,
    body: { code: expect.stringMatching(/^credential\.not_(conformant|signable)$/) as string },
  });
  expect(answer.text).not.toContain('proofValue');
  expect(await countSigned()).toBe(before);
});

it('the key is not even asked when one of our own badges would lose something', async () => {
  const urls = createUrls('https://cairn.example');
  const { store } = createKeyStoreInMemory();
  let asked = 0;
  const counting = (signer: Signer): Signer => ({
    ...signer,
    sign: (data) => {
      asked += 1;
      return signer.sign(data);
    },
  });
  const signers = {
    dataIntegrity: counting(await store.signer(await store.create(organization.id, 'Ed25519'))),
    jwt: counting(await store.signer(await store.create(organization.id, 'RS256'))),
  };
  const badge = buildAchievementCredential({ urls, organization, version, award, recipient });
  const issue = (change: Json) =>
    issueCredential(
      { ...badge, ...change },
      {
        urls,
        signers,
        created: new Date('2026-11-22T09:00:00Z'),
        documentLoader: loadContexts(),
      },
    );
  await expect(issue({ grade: 'A' })).rejects.toMatchObject({ kind: 'unprocessable' });
  await expect(
    issue({ credentialSubject: { ...badge.credentialSubject, grade: 'A' } }),
  ).rejects.toMatchObject({ kind: 'unprocessable' });
  expect(asked).toBe(0);
  await issue({});
  expect(asked).toBe(2);
});
