import { jest } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bakePng } from '../../src/credentials/bake/png.ts';
import { bakeSvg } from '../../src/credentials/bake/svg.ts';
import { buildAchievementCredential } from '../../src/credentials/build/achievement-credential.ts';
import { buildDidDocument, verificationMethodId } from '../../src/credentials/did.ts';
import { loadContexts } from '../../src/credentials/documents.ts';
import { signDataIntegrity } from '../../src/credentials/sign/data-integrity.ts';
import { issueCredential } from '../../src/credentials/sign/issue.ts';
import { createBitstring, setBit } from '../../src/credentials/status/bitstring.ts';
import { parseStatusEntries, type StatusEntry } from '../../src/credentials/status/entry.ts';
import { buildStatusListCredential } from '../../src/credentials/status/list-credential.ts';
import { verifyCredential } from '../../src/credentials/verify/verify.ts';
import { renderBadgePng } from '../../src/images/raster.ts';
import { renderBadge } from '../../src/images/template.ts';
import type { StatusPurpose } from '../../src/domain/status.ts';
import { createSafeFetch } from '../../src/shared/safe-fetch.ts';
import { createUrls } from '../../src/shared/urls.ts';
import { placesOf, valueAt, withChange } from '../support/json-places.ts';
import { createKeyStoreInMemory } from '../support/keys.ts';
import { award, organization, recipient, version } from '../support/sample-award.ts';

// Some hundred verifications, on whatever machine.
jest.setTimeout(60_000);

const documents = loadContexts();
const created = new Date('2026-11-22T09:00:00Z');
const now = () => new Date('2026-12-01T00:00:00Z');

/** A school at this address: one badge in both forms, and its documents by the id under which they are asked for. */
async function createSchool(base: string, revoked = false) {
  const urls = createUrls(base);
  const { store } = createKeyStoreInMemory();
  const dataIntegrity = await store.signer(await store.create(organization.id, 'Ed25519'));
  const jwt = await store.signer(await store.create(organization.id, 'RS256'));
  const unsigned = buildAchievementCredential({ urls, organization, version, award, recipient });
  const signed = await issueCredential(unsigned, {
    urls,
    signers: { dataIntegrity, jwt },
    created,
    documentLoader: documents,
  });

  const signList = async ({ list, index, purpose }: StatusEntry) => {
    const bits = createBitstring();
    setBit(bits, index, revoked && purpose === 'revocation');
    const unsignedList = buildStatusListCredential({
      urls,
      organization: organization.id,
      list: {
        id: list.slice(urls.statusList('').length),
        purpose: purpose as StatusPurpose,
        updatedAt: created,
      },
      bits,
    });
    const text = await signDataIntegrity(unsignedList, {
      signer: dataIntegrity,
      verificationMethod: verificationMethodId(urls, dataIntegrity.key),
      created,
      documentLoader: documents,
    });
    return [list, JSON.parse(text)] as const;
  };
  const statusLists = await Promise.all(
    parseStatusEntries(unsigned.credentialStatus).map(signList),
  );
  const did = buildDidDocument({
    urls,
    organization: organization.id,
    keys: [dataIntegrity.key, jwt.key],
  });
  const published = new Map<string, unknown>([
    [did.id, did],
    [urls.didDocument(organization.id), did],
    ...statusLists,
  ]);
  return { ...signed, published };
}

/** Verifies like the school itself: everything at hand, no network allowed. */
function atHome(published: ReadonlyMap<string, unknown>) {
  const local = (id: string) => Promise.resolve(published.get(id));
  const fetch = createSafeFetch({ allow: [] });
  return (input: string | Uint8Array | object) =>
    verifyCredential(input, { documents, fetch, now, local });
}

describe('what we issue', () => {
  it('verifies as document, as token and inside of pictures', async () => {
    const { document, jwt, published } = await createSchool('https://cairn.example');
    const verify = atHome(published);
    const svg = renderBadge(
      { shape: 'stone', color: '#00796b', icon: 'graph' },
      { title: 'Badge' },
    );
    const png = await renderBadgePng(svg, 300);
    for (const form of [
      document,
      jwt,
      bakePng(png, document),
      bakePng(png, jwt),
      bakeSvg(svg, document),
      bakeSvg(svg, jwt),
    ]) {
      const result = await verify(form);
      expect(result.checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
      expect(result).toMatchObject({ verified: true, outcome: 'valid' });
    }
    expect(await verify(png)).toMatchObject({ outcome: 'invalid' });
  });

  it('is revoked as soon as the list says so', async () => {
    const { document, jwt, published } = await createSchool('https://cairn.example', true);
    const verify = atHome(published);
    expect(await verify(document)).toMatchObject({ verified: false, outcome: 'revoked' });
    expect(await verify(jwt)).toMatchObject({ verified: false, outcome: 'revoked' });
  });

  it('does not verify with a change in any one place', async () => {
    const { document, published } = await createSchool('https://cairn.example');
    const verify = atHome(published);
    const badge = JSON.parse(document) as object;
    const places = [...placesOf(badge)];
    expect(places.length).toBeGreaterThan(100);
    for (const path of places) {
      const value = valueAt(badge, path);
      const change = typeof value === 'string' ? `${value}x` : undefined;
      const { verified } = await verify(withChange(badge, path, change));
      expect({ path, verified }).toMatchObject({ verified: false });
    }
  });

  it('is verified by a stranger who looks everything up over the network', async () => {
    let published: ReadonlyMap<string, unknown> = new Map();
    let base = '';
    const server = createServer((request, response) => {
      const found = published.get(`${base}${request.url ?? ''}`);
      response.statusCode = found === undefined ? 404 : 200;
      response.end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    try {
      const { port } = server.address() as AddressInfo;
      base = `http://127.0.0.1:${port}`;
      const school = await createSchool(base);
      published = school.published;
      const stranger = { documents, now, fetch: createSafeFetch({ allow: [`127.0.0.1:${port}`] }) };
      for (const form of [school.document, school.jwt]) {
        expect(await verifyCredential(form, stranger)).toMatchObject({ outcome: 'valid' });
      }
      const cautious = { ...stranger, fetch: createSafeFetch({ allow: [] }) };
      const { outcome, checks } = await verifyCredential(school.document, cautious);
      expect(outcome).toBe('unverifiable');
      expect(checks.find(({ id }) => id === 'issuer')).toMatchObject({ code: 'FETCH_BLOCKED' });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
