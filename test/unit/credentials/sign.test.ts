import { decodeJwt, decodeProtectedHeader, compactVerify, importJWK } from 'jose';
import jsonld from 'jsonld';
import { buildAchievementCredential } from '../../../src/credentials/build/achievement-credential.ts';
import { verificationMethodId } from '../../../src/credentials/did.ts';
import { loadContexts } from '../../../src/credentials/documents.ts';
import {
  checkDataIntegrity,
  signDataIntegrity,
} from '../../../src/credentials/sign/data-integrity.ts';
import { issueCredential } from '../../../src/credentials/sign/issue.ts';
import { checkJwt } from '../../../src/credentials/sign/jwt.ts';
import { createBitstring, setBit } from '../../../src/credentials/status/bitstring.ts';
import { buildStatusListCredential } from '../../../src/credentials/status/list-credential.ts';
import type { AchievementCredential } from '../../../src/credentials/types.ts';
import { createUrls } from '../../../src/shared/urls.ts';
import { createKeyStoreInMemory } from '../../support/keys.ts';
import { award, organization, recipient, uuid, version } from '../../support/sample-award.ts';

const urls = createUrls('https://cairn.example');
const documentLoader = loadContexts();
const created = new Date('2026-11-22T09:00:00.789Z');
const unsigned = buildAchievementCredential({ urls, organization, version, award, recipient });

async function createSigners(school = organization.id) {
  const { store } = createKeyStoreInMemory();
  const dataIntegrity = await store.signer(await store.create(school, 'Ed25519'));
  const jwt = await store.signer(await store.create(school, 'RS256'));
  return { dataIntegrity, jwt };
}

/** Every way to change one text of a document. */
function* changesOf(
  value: unknown,
  path: (string | number)[] = [],
): Generator<(string | number)[]> {
  if (typeof value === 'string') yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) yield* changesOf(member, [...path, name]);
}

function changed(document: string, path: (string | number)[]): string {
  const copy = JSON.parse(document) as Record<string, unknown>;
  const names = [...path];
  const last = names.pop() ?? '';
  let place = copy;
  for (const name of names) place = place[name] as Record<string, unknown>;
  const value = String(place[last]);
  place[last] = last === 'validFrom' ? value.replace('2026', '2025') : `${value}x`;
  return JSON.stringify(copy);
}

describe('issuing', () => {
  it('gives both forms, the same bytes each time', async () => {
    const signers = await createSigners();
    const options = { urls, signers, created, documentLoader };
    const before = JSON.stringify(unsigned);
    const first = await issueCredential(unsigned, options);
    expect(await issueCredential(structuredClone(unsigned), options)).toEqual(first);
    expect(JSON.stringify(unsigned)).toBe(before);
  });

  it('adds one proof object to the document and changes nothing else', async () => {
    const signers = await createSigners();
    const { document } = await issueCredential(unsigned, {
      urls,
      signers,
      created,
      documentLoader,
    });
    const { proof, ...rest } = JSON.parse(document) as Record<string, unknown>;
    expect(JSON.stringify(rest)).toBe(JSON.stringify(unsigned));
    expect(proof).toEqual({
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-11-22T09:00:00Z',
      verificationMethod: `${unsigned.issuer.id}#${signers.dataIntegrity.key.id}`,
      proofPurpose: 'assertionMethod',
      proofValue: expect.stringMatching(/^z[1-9A-HJ-NP-Za-km-z]{80,90}$/) as unknown,
    });
  });

  it('writes the JWT as OB 3.0 wants it', async () => {
    const signers = await createSigners();
    const until = { ...unsigned, validUntil: '2030-01-01T00:00:00Z' };
    const { jwt } = await issueCredential(until, { urls, signers, created, documentLoader });
    expect(decodeProtectedHeader(jwt)).toEqual({
      alg: 'RS256',
      kid: `https://cairn.example/keys/${signers.jwt.key.id}`,
      typ: 'JWT',
    });
    expect(decodeJwt(jwt)).toEqual({
      ...until,
      iss: unsigned.issuer.id,
      jti: unsigned.id,
      sub: unsigned.credentialSubject.id,
      nbf: Date.parse('2026-11-22T09:00:00Z') / 1000,
      exp: Date.parse('2030-01-01T00:00:00Z') / 1000,
    });
    const publicKey = await importJWK({ ...signers.jwt.key.publicJwk }, 'RS256');
    expect((await compactVerify(jwt, publicKey)).protectedHeader.alg).toBe('RS256');
  });

  it('is canonicalized without any search', async () => {
    const options = { documentLoader, base: null, safe: true, algorithm: 'RDFC-1.0' } as const;
    const quads = await jsonld.canonize(unsigned, {
      ...options,
      format: 'application/n-quads',
      canonizeOptions: { maxWorkFactor: 0 },
    });
    // Only the two identity objects may not have an id (their schema is closed).
    expect(new Set(quads.match(/_:c14n\d+/g))).toEqual(new Set(['_:c14n0', '_:c14n1']));
  });

  it('does not sign what breaks the rules, and says where', async () => {
    const signers = await createSigners();
    const { name, ...nameless } = unsigned;
    expect(name).toBeDefined();
    await expect(
      issueCredential(nameless as AchievementCredential, {
        urls,
        signers,
        created,
        documentLoader,
      }),
    ).rejects.toMatchObject({
      code: 'credential.not_conformant',
      issues: [{ path: 'name' }],
    });
  });

  it('does not sign terms that the contexts do not know', async () => {
    const signers = await createSigners();
    const unknown = { ...unsigned, favouriteColour: 'blue' };
    await expect(
      issueCredential(unknown, { urls, signers, created, documentLoader }),
    ).rejects.toMatchObject({ code: 'credential.not_signable' });
  });

  it('does not sign what others could not check cheaply: nodes that cannot be told apart', async () => {
    const { dataIntegrity } = await createSigners();
    const twin = { type: ['Evidence'], name: 'The same' };
    await expect(
      signDataIntegrity(
        { ...unsigned, evidence: [twin, { ...twin }] },
        {
          signer: dataIntegrity,
          verificationMethod: verificationMethodId(urls, dataIntegrity.key),
          created,
          documentLoader,
        },
      ),
    ).rejects.toMatchObject({ code: 'credential.not_signable' });
  });

  it('does not sign with the keys of another school, or with keys of the wrong kind', async () => {
    const signers = await createSigners();
    const others = await createSigners(uuid(99));
    const swapped = { dataIntegrity: signers.jwt, jwt: signers.dataIntegrity };
    for (const wrong of [others, swapped, { ...signers, jwt: others.jwt }]) {
      await expect(
        issueCredential(unsigned, { urls, signers: wrong, created, documentLoader }),
      ).rejects.toMatchObject({ code: 'credential.wrong_key' });
    }
  });

  it('does not hand out a signature that does not verify', async () => {
    const { dataIntegrity, jwt } = await createSigners();
    const broken = { ...dataIntegrity, sign: () => Promise.resolve(new Uint8Array(64)) };
    const brokenJwt = { ...jwt, sign: () => Promise.resolve(new Uint8Array(256)) };
    for (const signers of [
      { dataIntegrity: broken, jwt },
      { dataIntegrity, jwt: brokenJwt },
    ]) {
      await expect(
        issueCredential(unsigned, { urls, signers, created, documentLoader }),
      ).rejects.toMatchObject({ code: 'credential.self_check_failed' });
    }
  });
});

describe('tampering', () => {
  it('with any single text of the document is found', async () => {
    const signers = await createSigners();
    const { key } = signers.dataIntegrity;
    const { document } = await issueCredential(unsigned, {
      urls,
      signers,
      created,
      documentLoader,
    });
    const check = (text: string) =>
      checkDataIntegrity(text, {
        key,
        issuer: unsigned.issuer.id,
        verificationMethod: verificationMethodId(urls, key),
        at: created,
        documentLoader,
      });
    await check(document);
    const places = [...changesOf(JSON.parse(document))];
    expect(places.length).toBeGreaterThan(100);
    for (const place of places) {
      await expect(
        check(changed(document, place)).then(() => place.join('.')),
      ).rejects.toMatchObject({
        code: 'credential.self_check_failed',
      });
    }
  }, 60_000);

  it('with the JWT is found', async () => {
    const signers = await createSigners();
    const { jwt } = await issueCredential(unsigned, { urls, signers, created, documentLoader });
    const { publicJwk } = signers.jwt.key;
    await checkJwt(jwt, publicJwk);
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const other = Buffer.from(
      Buffer.from(payload, 'base64url').toString().replace('Linear', 'linear'),
    ).toString('base64url');
    expect(other).not.toBe(payload);
    for (const forged of [
      `${header}.${other}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`,
    ]) {
      await expect(checkJwt(forged, publicJwk)).rejects.toMatchObject({
        code: 'credential.self_check_failed',
      });
    }
  });
});

it('signs status lists in the same way', async () => {
  const { dataIntegrity } = await createSigners();
  const bits = createBitstring();
  setBit(bits, 77_777);
  const list = buildStatusListCredential({
    urls,
    organization: organization.id,
    list: { id: uuid(10), purpose: 'revocation', updatedAt: created },
    bits,
  });
  const verificationMethod = verificationMethodId(urls, dataIntegrity.key);
  const signed = await signDataIntegrity(list, {
    signer: dataIntegrity,
    verificationMethod,
    created,
    documentLoader,
  });
  await checkDataIntegrity(signed, {
    key: dataIntegrity.key,
    issuer: list.issuer,
    verificationMethod,
    at: created,
    documentLoader,
  });
});
