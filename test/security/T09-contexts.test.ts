import { openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// T09 (S07): contexts say what words mean, and verifiers that fetch them tell everybody who verifies what.

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T09 contexts');
});

const credentials = 'https://www.w3.org/ns/credentials/v2';
const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';

it.each<[string, (evil: string) => Json, string]>([
  [
    'an unknown one',
    (evil) => ({ '@context': [credentials, openBadges, evil] }),
    'unverifiable CONTEXT_NOT_ALLOWED',
  ],
  [
    'an unknown one between',
    (evil) => ({ '@context': [credentials, evil, openBadges] }),
    'unverifiable CONTEXT_NOT_ALLOWED',
  ],
  [
    'an unknown one first',
    (evil) => ({ '@context': [evil, credentials] }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  [
    'one of the same name elsewhere',
    () => ({ '@context': [credentials, `${openBadges}?`] }),
    'unverifiable CONTEXT_NOT_ALLOWED',
  ],
  [
    'one in other letters',
    () => ({ '@context': [credentials, openBadges.replace('https', 'HTTPS')] }),
    'unverifiable CONTEXT_NOT_ALLOWED',
  ],
  [
    'definitions of its own',
    () => ({ '@context': [credentials, openBadges, { name: 'urn:x' }] }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  [
    'one that imports',
    (evil) => ({ '@context': [credentials, { '@import': evil }] }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  [
    'null to forget all',
    () => ({ '@context': [credentials, null, openBadges] }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  ['none', () => ({ '@context': undefined }), 'invalid CONTEXT_NOT_ALLOWED'],
  ['an empty list', () => ({ '@context': [] }), 'invalid CONTEXT_NOT_ALLOWED'],
  [
    'the other order',
    () => ({ '@context': [openBadges, credentials] }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  [
    'one twice',
    () => ({ '@context': [credentials, openBadges, credentials] }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  [
    'eleven',
    (evil) => ({
      '@context': [credentials, ...Array.from({ length: 10 }, (_, i) => `${evil}${i}`)],
    }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  [
    'new words in the middle',
    () => ({ evidence: { '@context': {}, type: ['Evidence'] } }),
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  [
    'unknown words in an endorsement',
    (evil) => ({ endorsement: [{ '@context': evil, type: ['EndorsementCredential'] }] }),
    'unverifiable CONTEXT_NOT_ALLOWED',
  ],
  [
    'unknown words in its proof',
    (evil) => ({ proof: { '@context': evil, type: 'DataIntegrityProof' } }),
    'unverifiable CONTEXT_NOT_ALLOWED',
  ],
])(
  'S07: a badge with %s is not accepted, and no vocabulary is fetched',
  async (name, change, expected) => {
    const { school, attack, published } = target;
    const evil = school.listUrl.replace('/status/1', '/context');
    published.set(evil, { '@context': { '@vocab': 'urn:evil:' } });
    const badge = { ...(await school.sign(school.badge())), ...change(evil) };
    const { answer, asked } = await attack(name, badge);
    expect(answer).toBe(expected);
    expect(asked).toEqual([]);
  },
);
