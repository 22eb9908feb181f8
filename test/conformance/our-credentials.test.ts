import { jest } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import { compactVerify, createLocalJWKSet, importJWK } from 'jose';
import jsonld from 'jsonld';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import { verifyCredential as verifyWithDigitalBazaar } from '@digitalbazaar/vc';
import { verifyCredential as verifyWithVerifierCore } from '@digitalcredentials/verifier-core';
import { buildAchievementCredential } from '../../src/credentials/build/achievement-credential.ts';
import { buildDidDocument, buildProfile, verificationMethodId } from '../../src/credentials/did.ts';
import { loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import { buildJwk, buildJwkSet } from '../../src/credentials/jwks.ts';
import { signDataIntegrity } from '../../src/credentials/sign/data-integrity.ts';
import { issueCredential } from '../../src/credentials/sign/issue.ts';
import { createBitstring, setBit } from '../../src/credentials/status/bitstring.ts';
import { buildStatusListCredential } from '../../src/credentials/status/list-credential.ts';
import { createUrls } from '../../src/shared/urls.ts';
import { createKeyStoreInMemory } from '../support/keys.ts';
import { award, organization, recipient, version } from '../support/sample-award.ts';
import { describeWithSharedData, readSharedJson } from '../support/shared-data.ts';

// What we issue, judged by software that others wrote.

const urls = createUrls('https://cairn.example');
const documentLoader = loadContexts();
const { status } = award.issuance;

const schemas = {
  tolerant: 'spec/schemas/ob3-jsonld-2026/ob_v3p0_achievementcredential_schema.json',
  tolerantProfile: 'spec/schemas/ob3-jsonld-2026/ob_v3p0_profile_schema.json',
  formal: 'spec/schemas/ob3-formal-2024/achievementcredential.json',
  formalProfile: 'spec/schemas/ob3-formal-2024/profile.json',
};

/** A credential of a moment ago: verifiers look at the clock. */
async function issueSample() {
  const { store } = createKeyStoreInMemory();
  const signers = {
    dataIntegrity: await store.signer(await store.create(organization.id, 'Ed25519')),
    jwt: await store.signer(await store.create(organization.id, 'RS256')),
  };
  const keys = [signers.dataIntegrity.key, signers.jwt.key];
  const requestedAt = new Date(Date.now() - 1_000);
  const unsigned = buildAchievementCredential({
    urls,
    organization,
    version,
    award: { ...award, issuance: { ...award.issuance, requestedAt } },
    recipient,
  });
  const signed = await issueCredential(unsigned, {
    urls,
    signers,
    created: requestedAt,
    documentLoader,
  });
  const didDocument = buildDidDocument({ urls, organization: organization.id, keys });

  async function signList(revoked: boolean): Promise<string> {
    const bits = createBitstring();
    setBit(bits, status.index, revoked);
    const list = buildStatusListCredential({
      urls,
      organization: organization.id,
      list: { id: status.list, purpose: 'revocation', updatedAt: requestedAt },
      bits,
    });
    return signDataIntegrity(list, {
      signer: signers.dataIntegrity,
      verificationMethod: verificationMethodId(urls, signers.dataIntegrity.key),
      created: requestedAt,
      documentLoader,
    });
  }
  return { ...signed, unsigned, keys, didDocument, signList, key: signers.dataIntegrity.key };
}

type Sample = Awaited<ReturnType<typeof issueSample>>;

let sample: Sample;
beforeAll(async () => {
  sample = await issueSample();
});

describeWithSharedData('official Open Badges 3.0 JSON schemas', () => {
  function problemsOf(schema: string, document: unknown): unknown {
    const ajv = new Ajv2019({ strict: false, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(readSharedJson(schema) as object);
    return validate(document) ? [] : validate.errors;
  }

  it('accept the signed credential (2026, what is served now)', () => {
    expect(problemsOf(schemas.tolerant, JSON.parse(sample.document))).toEqual([]);
  });

  it('accept the credential in every other respect than the single proof object (2024, formal)', () => {
    expect(problemsOf(schemas.formal, sample.unsigned)).toEqual([]);
    expect(problemsOf(schemas.formal, JSON.parse(sample.document))).toMatchObject([
      { instancePath: '/proof' },
    ]);
  });

  it('accept the payload of the JWT', () => {
    const payload = Buffer.from(sample.jwt.split('.')[1] ?? '', 'base64url').toString();
    expect(problemsOf(schemas.tolerant, JSON.parse(payload))).toEqual([]);
    expect(problemsOf(schemas.formal, JSON.parse(payload))).toEqual([]);
  });

  it('accept the issuer profile', () => {
    const profile = buildProfile(urls, organization);
    expect(problemsOf(schemas.tolerantProfile, profile)).toEqual([]);
    expect(problemsOf(schemas.formalProfile, profile)).toEqual([]);
  });

  it('refuse a credential without an achievement', () => {
    const { achievement, ...subject } = sample.unsigned.credentialSubject;
    expect(achievement).toBeDefined();
    const broken = { ...sample.unsigned, credentialSubject: subject };
    expect(problemsOf(schemas.tolerant, broken)).not.toEqual([]);
  });
});

describe('@digitalbazaar/vc, as it comes', () => {
  function verify(document: string) {
    const { didDocument, key } = sample;
    const method = didDocument.verificationMethod.find(({ id }) => id.endsWith(key.id));
    return verifyWithDigitalBazaar({
      credential: JSON.parse(document) as object,
      suite: new DataIntegrityProof({ cryptosuite }),
      documentLoader: withDocuments(
        documentLoader,
        new Map<string, object>([
          [didDocument.id, didDocument],
          [method?.id ?? '', { ...method }],
        ]),
      ),
      checkStatus: () => Promise.resolve({ verified: true }),
    });
  }

  it('verifies the document and the status list', async () => {
    expect(await verify(sample.document)).toMatchObject({ verified: true });
    expect(await verify(await sample.signList(false))).toMatchObject({ verified: true });
  });

  it('refuses them when they are changed', async () => {
    const list = await sample.signList(false);
    for (const changed of [
      sample.document.replace('Advanced', 'advanced'),
      list.replace('"revocation"', '"suspension"'),
    ]) {
      expect(await verify(changed)).toMatchObject({ verified: false });
    }
  });
});

describeWithSharedData('@digitalcredentials/verifier-core', () => {
  const { fetch } = globalThis;
  beforeEach(() => {
    // Its ajv complains about the official schema.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterEach(() => {
    globalThis.fetch = fetch;
  });

  /** It reads DID document, status list and schema from the network: this is all the network there is. */
  async function verify(document: string, revoked = false) {
    const schemaUrl =
      'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json';
    const answers = new Map([
      [urls.didDocument(organization.id), JSON.stringify(sample.didDocument)],
      [urls.statusList(status.list), await sample.signList(revoked)],
      [schemaUrl, JSON.stringify(readSharedJson(schemas.tolerant))],
    ]);
    globalThis.fetch = (input) => {
      const url = input instanceof Request ? input.url : String(input);
      const answer = answers.get(url);
      const headers = { 'content-type': 'application/json' };
      return Promise.resolve(new Response(answer ?? '', { status: answer ? 200 : 404, headers }));
    };
    const credential = JSON.parse(document) as Parameters<
      typeof verifyWithVerifierCore
    >[0]['credential'];
    return verifyWithVerifierCore({ credential, knownDIDRegistries: [] });
  }

  it('finds signature, status, dates and schema in order', async () => {
    expect(await verify(sample.document)).toMatchObject({
      log: expect.arrayContaining([
        { id: 'valid_signature', valid: true },
        { id: 'revocation_status', valid: true },
        { id: 'expiration', valid: true },
      ]) as unknown,
      additionalInformation: [{ id: 'schema_check', results: [{ result: { valid: true } }] }],
    });
  });

  it('sees the revocation', async () => {
    expect(await verify(sample.document, true)).toMatchObject({
      log: expect.arrayContaining([
        { id: 'valid_signature', valid: true },
        { id: 'revocation_status', valid: false },
      ]) as unknown,
    });
  });

  it('refuses a changed credential', async () => {
    expect(await verify(sample.document.replace('Advanced', 'advanced'))).toMatchObject({
      errors: [{ name: 'invalid_signature' }],
    });
  });
});

describe('jose', () => {
  it('verifies the JWT with the key that its kid names', async () => {
    const { protectedHeader, payload } = await compactVerify(
      sample.jwt,
      createLocalJWKSet({ keys: buildJwkSet(urls, sample.keys).keys.map((key) => ({ ...key })) }),
    );
    const jwk = sample.keys.map((key) => buildJwk(urls, key)).find(({ alg }) => alg === 'RS256');
    expect(protectedHeader.kid).toBe(jwk?.kid);
    await compactVerify(sample.jwt, await importJWK({ ...jwk }));
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject(sample.unsigned);
  });
});

describeWithSharedData('both revisions of the Open Badges 3.0.3 context', () => {
  it.each(['ob-v3p0-context-3.0.3.2025-04.json', 'ob-v3p0-context-3.0.3.2026-06.json'])(
    'mean the same by our credential: %s',
    async (file) => {
      const revision = readSharedJson(`spec/contexts/${file}`) as object;
      const url = sample.unsigned['@context'][1];
      const options = {
        base: null,
        safe: true,
        algorithm: 'RDFC-1.0',
        format: 'application/n-quads',
      } as const;
      const ours = await jsonld.canonize(sample.unsigned, { ...options, documentLoader });
      const theirs = await jsonld.canonize(sample.unsigned, {
        ...options,
        documentLoader: async (asked) =>
          asked === url
            ? { contextUrl: null, documentUrl: url, document: revision }
            : documentLoader(asked),
      });
      expect(theirs).toBe(ours);
    },
  );
});
