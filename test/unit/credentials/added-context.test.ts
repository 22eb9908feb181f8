import { parseContext } from '../../../src/credentials/added-context.ts';
import jsonld from 'jsonld';
import { contextUrls, loadContexts, withDocuments } from '../../../src/credentials/documents.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';

const documents = loadContexts();
const parse = (text: string) => parseContext(text, documents);

const meaning = 'https://words.example/v1#meaning';
describe('a context from outside', () => {
  it('may add words, prefixes and classes, and use words of the known ones as they are', async () => {
    const context = {
      '@version': 1.1,
      '@protected': true,
      words: 'https://words.example/v1#',
      mood: 'words:mood',
      description: 'https://schema.org/description',
      Mood: { '@id': 'words:Mood', '@context': { '@protected': true, depth: 'words:depth' } },
      friend: { '@id': 'words:friend', '@type': '@id' },
    };
    expect(await parse(JSON.stringify({ '@context': context }))).toEqual({ '@context': context });
    expect(await parse(JSON.stringify({ '@context': [context] }))).toEqual({
      '@context': [context],
    });
  });

  it('does not change what the words of credentials mean in one that uses it', async () => {
    // Words of credentials are those of their class, wherever else they are defined.
    const context = { issuer: meaning, validUntil: meaning, credentialStatus: meaning };
    const added = await parse(JSON.stringify({ '@context': context }));
    const [v2, openBadges] = [contextUrls.credentialsV2, contextUrls.openBadges];
    const credential = {
      id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
      type: ['VerifiableCredential', 'AchievementCredential'],
      issuer: 'did:web:school.example',
      validFrom: '2026-11-22T09:00:00Z',
      validUntil: '2027-11-22T09:00:00Z',
      credentialStatus: { type: 'BitstringStatusListEntry', statusListIndex: '7' },
      credentialSubject: { type: 'AchievementSubject', role: 'pupil' },
    };
    const documentLoader = withDocuments(documents, new Map([['https://words.example/v1', added]]));
    const expand = (contexts: readonly string[]) =>
      jsonld.expand({ '@context': contexts, ...credential }, { documentLoader, safe: true });
    expect(await expand([v2, openBadges, 'https://words.example/v1'])).toEqual(
      await expand([v2, openBadges]),
    );
  });

  it.each<[string, unknown, string]>([
    [
      'another context by its address',
      ['https://elsewhere.example/v1'],
      'context.not_self_contained',
    ],
    [
      'another context inside of a word',
      { Mood: { '@id': meaning, '@context': 'https://elsewhere.example/v1' } },
      'context.not_self_contained',
    ],
    ['nothing at all', null, 'context.not_self_contained'],
    ['an import', { '@import': 'https://elsewhere.example/v1' }, 'context.keyword_not_allowed'],
    ['a language for everything', { '@language': 'en' }, 'context.keyword_not_allowed'],
    [
      'another meaning for a protected word',
      { VerifiableCredential: meaning },
      'context.not_usable',
    ],
    ['another meaning for a word of transcripts', { ClrSubject: meaning }, 'context.redefines'],
    [
      'a second spelling of the end of a badge',
      { until: 'https://www.w3.org/2018/credentials#validUntil' },
      'context.second_spelling',
    ],
    [
      'a second spelling inside of a class',
      {
        Mood: {
          '@id': meaning,
          '@context': { award: 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement' },
        },
      },
      'context.second_spelling',
    ],
    [
      'all words of Open Badges at once',
      { '@vocab': 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#' },
      'context.second_spelling',
    ],
    ['another word for the identifier', { uri: '@id' }, 'context.second_spelling'],
    ['a way to hide members', { more: '@nest' }, 'context.second_spelling'],
    ['a word read backwards', { of: { '@reverse': meaning } }, 'context.second_spelling'],
    ['what is no definition', { mood: 7 }, 'context.not_usable'],
  ])('is refused with %s', async (_name, context, code) => {
    await expect(parse(JSON.stringify({ '@context': context }))).rejects.toMatchObject({ code });
  });

  it.each(['mood', '[]', '7', '{"mood": 1}'])('is not %s', async (text) => {
    await expect(parse(text)).rejects.toMatchObject({ code: 'context.not_a_context' });
  });
});

describeWithSharedData('published contexts that do not come with Cairn', () => {
  it.each([
    ['status-list-2021-v1.json', 'usable'],
    ['jwk-v1.json', 'usable'],
    ['multikey-v1.json', 'usable'],
    ['credentials-undefined-terms-v2.json', 'usable'],
  ])('%s: %s', async (file, expected) => {
    const text = JSON.stringify(readSharedJson(`spec/contexts/${file}`));
    const found = await parse(text).then(
      () => 'usable',
      (error: unknown) => (error as { code: string }).code,
    );
    expect(found).toBe(expected);
  });
});
