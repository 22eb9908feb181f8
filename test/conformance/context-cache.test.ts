import { jest } from '@jest/globals';
import { cryptosuite as stock } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import fc from 'fast-check';
import { buildAchievementCredential } from '../../src/credentials/build/achievement-credential.ts';
import { createContextResolver, cryptosuite } from '../../src/credentials/context-cache.ts';
import { contextUrls, loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import { createUrls } from '../../src/shared/urls.ts';
import { createIssuer } from '../support/issuer.ts';
import { placesOf, valueAt, withChange, type Json } from '../support/json-places.ts';
import { award, organization, recipient, version } from '../support/sample-award.ts';
import { describeWithSharedData, readSharedJson } from '../support/shared-data.ts';

// Every comparison asks the unaided library, too, which takes its time.
jest.setTimeout(120_000);

const documentLoader = loadContexts();
const urls = createUrls('https://cairn.example');
const badge = buildAchievementCredential({
  urls,
  organization,
  version,
  award,
  recipient,
}) as unknown as Json;
const proof = {
  '@context': badge['@context'],
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-rdfc-2022',
  created: '2026-11-22T09:00:00Z',
  verificationMethod: 'did:web:cairn.example#key',
  proofPurpose: 'assertionMethod',
};
const issuer = createIssuer();

type Canonize = (document: object) => Promise<string>;

const withMemory: Canonize = (document) => cryptosuite.canonize(document, { documentLoader });
const unaided: Canonize = (document) => stock.canonize(document, { documentLoader });

/** What a signature covers, or that nothing can. */
const outcome = (canonize: Canonize, document: object) =>
  canonize(document).catch(() => 'not signable');

async function expectSame(document: object, canonize = withMemory): Promise<void> {
  expect(await outcome(canonize, document)).toBe(await outcome(unaided, document));
}

const nodes = [...placesOf(badge)]
  .map((path) => valueAt(badge, path))
  .filter((value) => typeof value === 'object');
/** Every node with a type, and the nodes with a type in it. */
const typed = nodes
  .filter((node): node is Json => node !== null && 'type' in node)
  .flatMap((holder) =>
    [...placesOf(holder)]
      .map((path) => valueAt(holder, path))
      .filter(
        (inner): inner is Json => typeof inner === 'object' && inner !== null && 'type' in inner,
      )
      .map((inner) => [holder, inner] as const),
  );
const types = [...JSON.stringify(badge).matchAll(/"type":\["(\w+)"/g)].map(([, type]) => [type]);
const openBadges = (version: string) =>
  `https://purl.imsglobal.org/spec/ob/v3p0/context${version}.json`;
const contexts = [
  contextUrls.credentialsV2,
  contextUrls.openBadges,
  openBadges('-3.0.2'),
  openBadges('-3.0.1'),
  openBadges(''),
  contextUrls.multikey,
  contextUrls.did,
  'https://www.w3.org/2018/credentials/v1',
  'https://w3id.org/security/data-integrity/v2',
  'https://unknown.example/',
];

/** The badge with parts of itself in other places, under other types and other contexts. */
const changedBadges = fc
  .array(
    fc.record({
      path: fc.constantFrom(...placesOf(badge)),
      value: fc.oneof(
        fc.constantFrom(undefined, null, 7, 'text', 'https://example.org/', '_:b0', [], {}),
        fc.constantFrom(...nodes),
        fc.constantFrom(...types),
        fc.uniqueArray(fc.constantFrom(...contexts), { maxLength: 4 }),
        fc.uniqueArray(fc.constantFrom(...contexts), { maxLength: 4 }).map((list) => ({
          ...proof,
          '@context': list,
        })),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((changes) =>
    changes.reduce<Json>((document, { path, value }) => {
      try {
        return withChange(document, path, value);
      } catch {
        return document; // An earlier change took the place away.
      }
    }, badge),
  );

describe('the memory for contexts', () => {
  it('changes nothing of what a signature covers', async () => {
    const documents = [badge, proof, issuer.badge(), issuer.statusList(), issuer.document];
    for (const document of [...documents, ...documents]) await expectSame(document);
    expect(await withMemory(badge)).toMatch(/^<did:web:/);
  });

  it('changes nothing for documents that were changed in any way', async () => {
    await fc.assert(
      fc.asyncProperty(changedBadges, (document) => expectSame(document)),
      {
        numRuns: 150,
      },
    );
  });

  it('changes nothing when it has to start over all the time', async () => {
    const contextResolver = createContextResolver(20);
    const forgetful: Canonize = (document) =>
      stock.canonize(document, { documentLoader, contextResolver });
    for (const document of [badge, proof, issuer.badge(), badge, proof]) {
      await expectSame(document, forgetful);
    }
  });

  it('does not lend the words of one type to the nodes inside it', async () => {
    for (const [holder, inner] of typed) {
      const words = Object.entries(holder).filter(([key]) => key !== 'id' && key !== 'type');
      const place = [...placesOf(badge)].find((path) => valueAt(badge, path) === inner) ?? [];
      await expectSame(withChange(badge, place, { ...Object.fromEntries(words), ...inner }));
    }
  });

  it('does not remember contexts that somebody may change', async () => {
    const url = 'https://changing.example/';
    const context: Json = { '@vocab': 'https://first.example/' };
    const loader = withDocuments(documentLoader, new Map([[url, { '@context': context }]]));
    const canonize = () =>
      cryptosuite.canonize({ '@context': url, name: 'Ada' }, { documentLoader: loader });
    expect(await canonize()).toContain('https://first.example/name');
    context['@vocab'] = 'https://second.example/';
    expect(await canonize()).toContain('https://second.example/name');
  });

  it('does not follow contexts that lead to each other', async () => {
    const endless = 'https://endless.example/';
    const loader = withDocuments(documentLoader, new Map([[endless, { '@context': [endless] }]]));
    const canonized = cryptosuite.canonize(
      { '@context': endless, id: 'urn:x' },
      { documentLoader: loader },
    );
    await expect(canonized).rejects.toThrow('without end');
  });
});

describeWithSharedData('the memory for contexts, on published documents', () => {
  it.each([
    '1edtech-impl-guide/ob3-signed-eddsa-rdfc-2022.json',
    '1edtech-impl-guide/clr2-signed-eddsa-rdfc-2022.json',
    'own-golden/clr.signed.json',
    'own-golden/badge-1.signed.json',
    'own-golden/status-list.signed.json',
  ])('changes nothing of %s', async (path) => {
    const clr = 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json';
    const context = readSharedJson('spec/contexts/clr-v2p0-context-2.0.1.json') as object;
    const loader = withDocuments(documentLoader, new Map([[clr, context]]));
    const document = readSharedJson(`spec/samples/${path}`) as object;
    const options = { documentLoader: loader };
    const expected = await stock.canonize(document, options);
    for (const _again of [1, 2])
      expect(await cryptosuite.canonize(document, options)).toBe(expected);
  });
});
