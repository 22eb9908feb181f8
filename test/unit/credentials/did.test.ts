import jsonld from 'jsonld';
import { createLocalJWKSet, importJWK } from 'jose';
import {
  buildDidDocument,
  buildProfile,
  verificationMethodId,
} from '../../../src/credentials/did.ts';
import { loadContexts, withDocuments } from '../../../src/credentials/documents.ts';
import { buildJwk, buildJwkSet } from '../../../src/credentials/jwks.ts';
import type { KeyState } from '../../../src/domain/keys.ts';
import { createUrls } from '../../../src/shared/urls.ts';
import { createKeyStoreInMemory } from '../../support/keys.ts';
import { organization } from '../../support/sample-award.ts';
import { describeWithSharedData, readSharedJson } from '../../support/shared-data.ts';

const urls = createUrls('http://localhost:3000');
const did = `did:web:localhost%3A3000:issuers:${organization.id}`;

async function createKeys(state: KeyState = 'active') {
  const { store } = createKeyStoreInMemory();
  const ed25519 = await store.create(organization.id, 'Ed25519');
  const rsa = await store.create(organization.id, 'RS256');
  return { ed25519: { ...ed25519, state }, rsa: { ...rsa, state } };
}

describe('the DID document', () => {
  it('lists the keys with absolute ids and asserts with strings', async () => {
    const { ed25519, rsa } = await createKeys();
    const document = buildDidDocument({
      urls,
      organization: organization.id,
      keys: [ed25519, rsa],
    });
    expect(document).toEqual({
      '@context': [
        'https://www.w3.org/ns/did/v1',
        'https://w3id.org/security/multikey/v1',
        'https://w3id.org/security/jwk/v1',
      ],
      id: did,
      verificationMethod: [
        {
          id: `${did}#${ed25519.id}`,
          type: 'Multikey',
          controller: did,
          publicKeyMultibase: ed25519.publicKeyMultibase,
        },
        {
          id: `${did}#${rsa.id}`,
          type: 'JsonWebKey',
          controller: did,
          publicKeyJwk: rsa.publicJwk,
        },
      ],
      assertionMethod: [`${did}#${ed25519.id}`, `${did}#${rsa.id}`],
    });
    expect(verificationMethodId(urls, ed25519)).not.toContain(ed25519.publicKeyMultibase);
  });

  it('keeps retired keys and takes the right to assert from compromised ones', async () => {
    const retired = await createKeys('retired');
    const compromised = await createKeys('compromised');
    const document = buildDidDocument({
      urls,
      organization: organization.id,
      keys: [retired.ed25519, compromised.ed25519],
    });
    expect(document.verificationMethod).toHaveLength(2);
    expect(document.assertionMethod).toEqual([verificationMethodId(urls, retired.ed25519)]);
  });

  it('never shows a wrapped key', async () => {
    const { ed25519, rsa } = await createKeys();
    const keys = [ed25519, rsa];
    const published = JSON.stringify([
      buildDidDocument({ urls, organization: organization.id, keys }),
      buildJwkSet(urls, keys),
      keys.map((key) => buildJwk(urls, key)),
    ]);
    for (const { wrapped } of keys) expect(published).not.toContain(wrapped?.privateKey);
    expect(published).not.toMatch(/"(d|wrapped|privateKey)":/);
  });

  describeWithSharedData('as JSON-LD', () => {
    it('is clean in safe mode', async () => {
      const jwk = 'https://w3id.org/security/jwk/v1';
      const { ed25519, rsa } = await createKeys();
      const document = buildDidDocument({
        urls,
        organization: organization.id,
        keys: [ed25519, rsa],
      });
      const documentLoader = withDocuments(
        loadContexts(),
        new Map([[jwk, readSharedJson('spec/contexts/jwk-v1.json') as object]]),
      );
      const quads = await jsonld.canonize(document, {
        documentLoader,
        base: null,
        safe: true,
        algorithm: 'RDFC-1.0',
        format: 'application/n-quads',
        canonizeOptions: { maxWorkFactor: 0 },
      });
      expect(quads).toContain(`<https://w3id.org/security#publicKeyJwk>`);
      expect(quads).toContain(`<https://w3id.org/security#publicKeyMultibase>`);
    });
  });
});

describe('the issuer profile', () => {
  it('is an OB 3.0 Profile under the id that credentials name, clean in safe mode', async () => {
    const profile = buildProfile(urls, organization);
    expect(profile).toMatchObject({ id: did, type: ['Profile'], name: organization.name });
    const expanded = await jsonld.expand(profile, {
      documentLoader: loadContexts(),
      base: null,
      safe: true,
    });
    expect(expanded[0]).toHaveProperty(['https://schema.org/url']);
  });

  it('points to its own page when the school has none', () => {
    const { url, ...withoutPage } = organization;
    expect(buildProfile(urls, organization).url).toBe(url);
    expect(buildProfile(urls, withoutPage).url).toBe(
      `http://localhost:3000/issuers/${organization.id}`,
    );
  });
});

describe('the JWK set', () => {
  it('leads from the kid of a JWT to its key and its issuer', async () => {
    const { ed25519, rsa } = await createKeys();
    const set = buildJwkSet(urls, [ed25519, rsa]);
    const kid = `http://localhost:3000/keys/${rsa.id}`;
    expect(set.keys).toEqual([{ ...rsa.publicJwk, kid, alg: 'RS256', use: 'sig', iss: did }]);
    const found = await createLocalJWKSet({ keys: set.keys.map((key) => ({ ...key })) })({
      alg: 'RS256',
      kid,
    });
    expect(found.type).toBe('public');
  });

  it('leaves compromised keys out', async () => {
    const { rsa } = await createKeys('compromised');
    expect(buildJwkSet(urls, [rsa])).toEqual({ keys: [] });
  });

  it('is made of bare JWKs', async () => {
    const { ed25519, rsa } = await createKeys();
    for (const key of [ed25519, rsa]) {
      const jwk = buildJwk(urls, key);
      expect(jwk.kid).toBe(`http://localhost:3000/keys/${key.id}`);
      expect(await importJWK({ ...jwk })).toMatchObject({ type: 'public' });
    }
  });
});
