import { loadContexts } from '../../../src/credentials/documents.ts';
import { isHarmless } from '../../../src/credentials/verify/own-words.ts';
import { preflight } from '../../../src/credentials/verify/preflight.ts';
import { readFileSync } from 'node:fs';

const documents = loadContexts();
const base = 'https://www.w3.org/ns/credentials/v2';
const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
const examples = 'https://www.w3.org/ns/credentials/examples/v2';

describe('definitions that a credential brings itself', () => {
  it.each([
    { Card: 'https://a.example/#Card' },
    { Card: 'https://a.example/Card', shelf: 'http://a.example/shelf' },
    {},
  ])('may name what no specification knows: %j', (context) => {
    expect(isHarmless(context)).toBe(true);
  });

  it.each([
    ['a status in another spelling', { s: 'https://www.w3.org/2018/credentials#credentialStatus' }],
    ['upper case in the host', { s: 'https://WWW.W3.ORG/2018/credentials#credentialStatus' }],
    ['words of badges', { a: 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement' }],
    ['a name', { title: 'https://schema.org/name' }],
    ['another word for a keyword', { kind: '@type' }],
    ['a vocabulary for all', { '@vocab': 'https://a.example/' }],
    ['a base', { '@base': 'https://a.example/' }],
    ['a prefix', { ex: 'https://a.example/#' }],
    ['a prefix that ends in a slash', { ex: 'https://a.example/' }],
    ['a word with a colon', { 'ex:a': 'https://a.example/a' }],
    ['a longer definition', { a: { '@id': 'https://a.example/a', '@type': '@id' } }],
    ['nothing as definition', { a: null }],
    ['no web address', { a: 'https ://not-a-url' }],
    ['a blank label', { a: '_:b0' }],
    ['a list', ['https://a.example/a']],
    ['nothing', null],
    [
      'too many',
      Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, 'https://a.example/a'])),
    ],
  ])('may not be %s', (_what, context) => {
    expect(isHarmless(context)).toBe(false);
  });

  it('leave out every word that a pinned context defines', async () => {
    const manifest = JSON.parse(
      readFileSync(new URL('../../../contexts/manifest.json', import.meta.url), 'utf8'),
    ) as { url: string }[];
    const meanings = new Set<string>();
    for (const { url } of manifest) collect((await documents(url)).document, meanings);
    expect(meanings.size).toBeGreaterThan(100);
    expect([...meanings].filter((meaning) => isHarmless({ word: meaning }))).toEqual([]);
  });
});

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === 'string' && value.startsWith('http')) found.add(value);
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) collect(member, found);
  }
}

describe('what is read', () => {
  const read = (contexts: unknown[], more: object = {}) =>
    preflight(
      {
        kind: 'data-integrity',
        credential: { '@context': contexts, type: ['VerifiableCredential'], ...more },
      },
      documents,
    );
  const own = { Card: 'https://a.example/#Card' };
  const refused = { code: 'CONTEXT_NOT_ALLOWED' };

  it('may be a plain credential with words of its own or of the examples', async () => {
    await expect(read([base, own])).resolves.toBeDefined();
    await expect(read([base, examples])).resolves.toBeDefined();
  });

  it.each([
    'OpenBadgeCredential',
    'AchievementCredential',
    'EndorsementCredential',
    'ClrCredential',
  ])('may not be a badge with either: %s', async (type) => {
    const badge = { type: ['VerifiableCredential', type] };
    await expect(read([base, own], badge)).rejects.toMatchObject(refused);
    await expect(read([base, examples], badge)).rejects.toMatchObject(refused);
  });

  it('may not hold words of badges anywhere beside them', async () => {
    await expect(read([base, openBadges, own])).rejects.toMatchObject(refused);
    const inside = { verifiableCredential: [{ '@context': [base, openBadges] }] };
    await expect(read([base, examples], inside)).rejects.toMatchObject(refused);
  });
});
