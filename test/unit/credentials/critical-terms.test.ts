import { loadContexts } from '../../../src/credentials/documents.ts';
import { assertCriticalTerms } from '../../../src/credentials/verify/critical-terms.ts';

const vocabulary = 'https://www.w3.org/2018/credentials#';
const status = { id: 'urn:uuid:1', type: 'BitstringStatusListEntry', statusPurpose: 'revocation' };
const documents = loadContexts();

const badge = {
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
  type: ['VerifiableCredential', 'AchievementCredential'],
  issuer: 'did:web:school.example',
  credentialSubject: { id: 'urn:uuid:2', type: ['AchievementSubject'] },
};

function compare(credential: Readonly<Record<string, unknown>>): Promise<void> {
  return assertCriticalTerms(credential, documents);
}

describe('what was read compared with what was signed', () => {
  it('is the same in an honest credential', async () => {
    await expect(compare(badge)).resolves.toBeUndefined();
    await expect(compare({ ...badge, credentialStatus: status })).resolves.toBeUndefined();
    const evidence = ['a', 'b'].map((name) => ({ type: ['Evidence'], name }));
    await expect(
      compare({ ...badge, evidence, credentialStatus: [status] }),
    ).resolves.toBeUndefined();
  });

  it.each<[string, object]>([
    ['written out', { [`${vocabulary}credentialStatus`]: status }],
    ['nested', { '@nest': { credentialStatus: status } }],
    [
      'under another name',
      {
        '@context': [
          ...badge['@context'],
          { other: { '@id': `${vocabulary}credentialStatus`, '@type': '@id' } },
        ],
        other: status,
      },
    ],
    [
      'once more, written out',
      { credentialStatus: status, [`${vocabulary}credentialStatus`]: { id: 'urn:uuid:3' } },
    ],
    ['as an empty value', { credentialStatus: null }],
    ['included', { '@included': [{ id: badge.id, type: badge.type, credentialStatus: status }] }],
    ['reversed', { '@reverse': { [`${vocabulary}credentialStatus`]: { id: 'urn:uuid:3' } } }],
    ['in a graph', { '@graph': [{ type: badge.type, credentialStatus: status }] }],
  ])('is not when the status stands %s', async (_name, change) => {
    await expect(compare({ ...badge, ...change })).rejects.toMatchObject({ code: 'MEMBER_HIDDEN' });
  });

  it.each([
    'credentialStatus',
    'validFrom',
    'validUntil',
    'issuanceDate',
    'expirationDate',
    'issuer',
    'credentialSubject',
    'evidence',
    'credentialSchema',
    'termsOfUse',
    'refreshService',
  ])('is not when %s is written out, or said of the same id further down', async (term) => {
    const hidden = { code: 'MEMBER_HIDDEN', message: expect.stringContaining(term) as unknown };
    const more = { [vocabulary + term]: { '@id': 'urn:uuid:3' } };
    await expect(compare({ ...badge, ...more })).rejects.toMatchObject(hidden);
    const mention = { type: ['Evidence'], [`${vocabulary}x`]: { id: badge.id, ...more } };
    await expect(compare({ ...badge, evidence: mention })).rejects.toMatchObject(hidden);
  });

  it('is of one thing', async () => {
    const two = {
      '@context': badge['@context'],
      '@graph': [badge, { ...badge, id: 'urn:uuid:9' }],
    };
    await expect(compare(two)).rejects.toMatchObject({ code: 'MEMBER_HIDDEN' });
  });

  it('leaves the proof out, which is signed in another way', async () => {
    await expect(compare({ ...badge, proof: { grade: 'A' } })).resolves.toBeUndefined();
  });

  it.each<[string, object, string]>([
    ['a member', { grade: 'A' }, 'grade'],
    ['an address that leads nowhere', { id: 'badge-7' }, 'badge-7'],
    ['a type', { type: [...badge.type, 'Unheard'] }, 'Unheard'],
    ['a long member', { ['x'.repeat(300)]: 1 }, `${'x'.repeat(100)}.`],
  ])('names %s that no signature covers', async (_what, change, named) => {
    await expect(compare({ ...badge, ...change })).rejects.toMatchObject({
      code: 'MEMBER_NOT_COVERED',
      verdict: 'unverifiable',
      check: 'format',
      message: expect.stringContaining(`: ${named}`) as unknown,
    });
  });
});
