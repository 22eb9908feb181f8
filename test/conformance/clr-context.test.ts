import jsonld from 'jsonld';
import { contextUrls, loadContexts, type DocumentLoader } from '../../src/credentials/documents.ts';
import { createWorld } from '../support/world.ts';
import type { Json } from '../support/json-places.ts';
import { describeWithSharedData, readSharedJson } from '../support/shared-data.ts';

const ours = loadContexts();
const vocabulary = 'https://purl.imsglobal.org/spec/vc/clr/vocab.html#';

/** Every class and property of CLR 2.0, with ids that would mean something else under another set of prefixes. */
const everyTerm = {
  '@context': [contextUrls.credentialsV2, contextUrls.clr, contextUrls.openBadges],
  id: 'urn:uuid:4e1f5a8a-2a0e-4d0f-8e9c-3f1e2d3c4b5a',
  type: ['VerifiableCredential', 'ClrCredential'],
  name: 'Transcript',
  issuer: { id: 'did:web:school.example', type: ['Profile'], name: 'Example School' },
  validFrom: '2026-11-22T09:00:00Z',
  partial: true,
  credentialSubject: {
    id: 'cred:learner',
    type: ['ClrSubject'],
    identifier: [
      { type: 'IdentityObject', hashed: false, identityHash: 'Ada', identityType: 'name' },
    ],
    achievement: [
      {
        id: 'cred:programme',
        type: ['Achievement'],
        name: 'Programme',
        description: 'All of it.',
        criteria: { narrative: 'Everything.' },
      },
    ],
    association: [
      {
        type: 'Association',
        associationType: 'isPartOf',
        sourceId: 'urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8',
        targetId: 'cred:programme',
      },
    ],
    verifiableCredential: [
      {
        '@context': [contextUrls.credentialsV2, contextUrls.openBadges],
        id: 'urn:uuid:7c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f',
        type: ['VerifiableCredential', 'AchievementCredential'],
        issuer: { id: 'did:web:school.example', type: ['Profile'], name: 'Example School' },
        validFrom: '2026-11-22T09:00:00Z',
        credentialSubject: {
          id: 'obi:learner',
          type: ['AchievementSubject'],
          achievement: {
            id: 'urn:uuid:6ba7b810-9dad-41d1-80b4-00c04fd430c8',
            type: ['Achievement'],
            name: 'Linear functions',
            description: 'Reads and draws them.',
            criteria: { narrative: 'Three tasks.' },
          },
        },
      },
    ],
  },
};

async function canonize(document: object, documentLoader: DocumentLoader): Promise<string> {
  return jsonld.canonize(document, {
    documentLoader,
    base: null,
    safe: true,
    algorithm: 'RDFC-1.0',
    format: 'application/n-quads',
  });
}

describe('the context of CLR 2.0, as written here', () => {
  it('knows every term, and leaves the types of values as signatures have them', async () => {
    const quads = await canonize(everyTerm, ours);
    for (const name of [
      'ClrCredential',
      'partial',
      'ClrSubject',
      'identifier-1',
      'achievement',
      'association',
      'Association',
      'AssociationType',
      'sourceId',
      'targetId',
      'verifiableCredential',
    ]) {
      expect(quads).toContain(`<${vocabulary}${name}>`);
    }
    expect(quads).toContain('"true"^^<xsd:boolean>');
    expect(quads).toContain('^^<xsd:anyURI>');
    expect(quads).toContain('<https://www.w3.org/2018/credentials#learner>');
  });
});

describeWithSharedData('our context of CLR 2.0 beside the official one', () => {
  const official: DocumentLoader = (url) =>
    url === contextUrls.clr
      ? Promise.resolve({
          contextUrl: null,
          documentUrl: url,
          document: readSharedJson('spec/contexts/clr-v2p0-context-2.0.1.json') as object,
        })
      : ours(url);

  it.each<[string, () => object]>([
    ['a document with every term', () => everyTerm],
    ['the terms in compact form', () => compact(everyTerm)],
    [
      'the official transcript',
      () =>
        readSharedJson(
          'spec/samples/1edtech-impl-guide/clr2-signed-eddsa-rdfc-2022.json',
        ) as object,
    ],
    [
      'a transcript of two badges',
      () => readSharedJson('spec/samples/own-golden/clr.signed.json') as object,
    ],
  ])('gives %s the same meaning', async (_name, read) => {
    const document = read();
    expect(await canonize(document, ours)).toBe(await canonize(document, official));
    const expanded = { base: null, safe: true };
    expect(await jsonld.expand(document, { ...expanded, documentLoader: ours })).toEqual(
      await jsonld.expand(document, { ...expanded, documentLoader: official }),
    );
  });

  it('verifies the official vector', async () => {
    const path = 'spec/samples/1edtech-impl-guide/clr2-signed-eddsa-rdfc-2022.json';
    const { checks } = await createWorld({}).verify(readSharedJson(path) as Json);
    expect(checks.find(({ id }) => id === 'proof')).toMatchObject({ outcome: 'pass' });
    expect(checks.find(({ id }) => id === 'schema')).toMatchObject({ outcome: 'pass' });
  });
});

/** One value in the place of an array of one. */
function compact(value: unknown): object {
  const visit = (item: unknown, key = ''): unknown => {
    if (key === '@context') return item;
    if (Array.isArray(item))
      return item.length === 1 ? visit(item[0]) : item.map((one) => visit(one));
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(
      Object.entries(item).map(([name, member]) => [name, visit(member, name)]),
    );
  };
  return visit(value) as object;
}
