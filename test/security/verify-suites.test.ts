import { createForeignIssuer, derive, suiteNames } from '../support/foreign-issuer.ts';
import type { Json } from '../support/json-places.ts';
import { now, verdict } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

const issuer = await createForeignIssuer();
const stranger = await createForeignIssuer('stranger.example');
const list = await issuer.sign('eddsa-rdfc-2022', issuer.statusList());

function world(document: Json = issuer.document) {
  const published = { [issuer.documentUrl]: document, [issuer.listUrl]: list };
  return createWorld({ ...published, [stranger.documentUrl]: stranger.document }, { now });
}

const verdictOf = (credential: Json, document?: Json) => verdict(credential, world(document));
const proofOf = (credential: Json): Json => credential.proof as Json;
const withProof = (credential: Json, change: Json): Json => ({
  ...credential,
  proof: { ...proofOf(credential), ...change },
});

describe.each(suiteNames)('a badge with a proof of %s', (name) => {
  const inGraph = name !== 'eddsa-jcs-2022';

  it('verifies, also in version 1.1 of the data model', async () => {
    expect(await verdictOf(await issuer.sign(name, issuer.badge()))).toBe('valid');
    const { validFrom, ...rest } = issuer.badge({ name: 'Linear functions' });
    const older = {
      ...rest,
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        ...(name === 'Ed25519Signature2020' ? [] : ['https://w3id.org/security/data-integrity/v2']),
        'https://www.w3.org/ns/credentials/status/v1',
      ],
      issuanceDate: validFrom,
    };
    const mandatory = ['/issuer', '/issuanceDate', '/credentialStatus', '/name'];
    expect(await verdictOf(await issuer.sign(name, older, { mandatory }))).toBe('valid');
  });

  it('does not verify when a word was changed, added or taken away', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    const subject = signed.credentialSubject as Json;
    const achievement = { ...(subject.achievement as Json), name: 'Quadratic functions' };
    for (const change of [
      { credentialSubject: { ...subject, achievement } },
      { credentialSubject: { ...subject, id: 'urn:uuid:00000000-0000-4000-8000-000000000000' } },
      { validFrom: '2026-11-21T09:00:00Z' },
      { validUntil: '2099-01-01T00:00:00Z' },
      { id: 'urn:uuid:00000000-0000-4000-8000-000000000000' },
      { name: 'Another badge' },
    ]) {
      expect(await verdictOf({ ...signed, ...change })).toBe('invalid PROOF_INVALID');
    }
    for (const taken of ['credentialStatus', 'validFrom', 'id']) {
      const { [taken]: _taken, ...rest } = signed;
      expect(await verdictOf(rest)).toMatch(/^invalid/);
    }
  });

  it('does not verify when a date or a purpose of the proof was changed', async () => {
    const signed = await issuer.sign(name, issuer.badge(), { expires: '2027-01-01T00:00:00Z' });
    expect(await verdictOf(signed)).toBe('valid');
    const { expires: _expires, ...endless } = proofOf(signed);
    expect(await verdictOf({ ...signed, proof: endless })).toBe('invalid PROOF_INVALID');
    expect(await verdictOf(withProof(signed, { created: '2026-11-22T10:00:01Z' }))).toBe(
      'invalid PROOF_INVALID',
    );
    expect(await verdictOf(withProof(signed, { proofPurpose: 'authentication' }))).toBe(
      'invalid PROOF_PURPOSE',
    );
  });

  it('does not verify with a proof that ran out, is of the future or for something else', async () => {
    for (const [options, code] of [
      [{ expires: '2026-11-30T00:00:00Z' }, 'PROOF_EXPIRED'],
      [{ expires: 'never' }, '(?:PROOF_EXPIRED|SCHEMA_INVALID)'],
      [{ created: '2026-12-02T00:00:00Z' }, 'PROOF_CREATED'],
      [{ created: '2026-11-22' }, '(?:PROOF_CREATED|SCHEMA_INVALID)'],
      [{ proofPurpose: 'authentication' }, 'PROOF_PURPOSE'],
    ] as const) {
      const signed = await issuer.sign(name, issuer.badge(), options).catch(() => undefined);
      // Some packages refuse to sign what is no date.
      if (signed) expect(await verdictOf(signed)).toMatch(new RegExp(`^invalid ${code}`));
    }
  });

  it('does not verify with the key of somebody else, or one that is not for asserting', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    const foreign = await stranger.sign(name, issuer.badge());
    expect(await verdictOf(foreign)).toBe('invalid KEY_NOT_AUTHORIZED');
    const { verificationMethod } = proofOf(signed);
    const posing = await stranger.sign(name, issuer.badge(), { verificationMethod });
    expect(await verdictOf(posing)).toBe('invalid PROOF_INVALID');
    const onlyLogin = {
      ...issuer.document,
      authentication: issuer.document.assertionMethod,
      assertionMethod: [`${issuer.did}#key-1`],
    };
    expect(await verdictOf(signed, onlyLogin)).toBe('invalid KEY_NOT_AUTHORIZED');
  });

  it('does not verify when its key is of another kind, or in a form that nobody knows', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    const id = proofOf(signed).verificationMethod;
    const withKey = (key: Json) => ({
      ...issuer.document,
      verificationMethod: [
        ...(issuer.document.verificationMethod as Json[]).filter((method) => method.id !== id),
        { id, controller: issuer.did, ...key },
      ],
    });
    const other = name.startsWith('ecdsa') ? issuer.keys.ed25519 : issuer.keys.p256;
    const { publicKeyMultibase } = other;
    expect(await verdictOf(signed, withKey({ publicKeyMultibase }))).toBe(
      'invalid KEY_NOT_AUTHORIZED',
    );
    const publicKeyJwk = issuer.rsa.publicKey.export({ format: 'jwk' });
    expect(await verdictOf(signed, withKey({ publicKeyJwk }))).toBe('invalid KEY_NOT_AUTHORIZED');
    expect(await verdictOf(signed, withKey({ publicKeyBase58: 'x' }))).toBe(
      'unverifiable KEY_NOT_SUPPORTED',
    );
  });

  it('does not verify under the name of another suite', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    for (const other of suiteNames) {
      const [type, cryptosuite] =
        other === 'Ed25519Signature2020' ? [other] : ['DataIntegrityProof', other.split(' ')[0]];
      if (type === proofOf(signed).type && cryptosuite === proofOf(signed).cryptosuite) continue;
      const { cryptosuite: _named, ...proof } = proofOf(signed);
      const renamed = { ...proof, type, ...(cryptosuite !== undefined && { cryptosuite }) };
      expect(await verdictOf({ ...signed, proof: renamed })).toMatch(/^invalid/);
    }
    expect(await verdictOf(withProof(signed, { cryptosuite: 'eddsa-rdfc-2023' }))).toBe(
      'unverifiable PROOF_NOT_SUPPORTED',
    );
  });

  it('does not verify with a signature that was cut, stretched or turned over', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    const value = String(proofOf(signed).proofValue);
    const flipped = value.slice(0, -4) + (value.at(-4) === 'A' ? 'B' : 'A') + value.slice(-3);
    for (const proofValue of [
      flipped,
      value.slice(0, -8),
      value + value.slice(1),
      value.slice(1),
      `u${value.slice(1)}`,
      'z',
      '',
      '\0',
      7,
      undefined,
      [value],
      'z'.repeat(4_000),
      'u2V0BgYGBgYGBgYGBgYGB',
      `u2V0B${'gYGB'.repeat(3_000)}`,
    ]) {
      if (proofValue === value) continue;
      expect(await verdictOf(withProof(signed, { proofValue }))).toMatch(
        /^invalid (?:PROOF_MALFORMED|PROOF_INVALID|SCHEMA_INVALID)$/,
      );
    }
  });

  it('does not lose its status or its end behind another spelling', async () => {
    const badge = issuer.badge({ validUntil: '2026-11-30T00:00:00Z' });
    const mandatory = ['/issuer', '/validFrom', '/validUntil', '/credentialStatus'];
    const signed = await issuer.sign(name, badge, { mandatory });
    expect(await verdictOf(signed)).toBe('expired EXPIRED');
    for (const term of ['validUntil', 'credentialStatus']) {
      const { [term]: hidden, ...rest } = signed;
      const iri = `https://www.w3.org/2018/credentials#${term}`;
      for (const spelling of [
        { [iri]: hidden },
        { '@nest': { [term]: hidden } },
        { '@included': [{ id: signed.id, [term]: hidden }] },
        { '@context': [...(signed['@context'] as string[]), { x: iri }], x: hidden },
        { [`cred:${term}`]: hidden },
      ]) {
        expect(await verdictOf({ ...rest, ...spelling })).toMatch(/^invalid/);
      }
    }
  });

  it('is refused with members that its signature does not cover', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    for (const [member, value] of [
      ['grade', 'A'],
      ['evidence', []],
      ['description', null],
      ['__proto__', 'A'],
      ['https://schema.org/name', 'A'],
    ] as const) {
      const copy = structuredClone(signed);
      Object.defineProperty(copy, member, { value, enumerable: true });
      expect((await world().verify(copy)).verified).toBe(false);
    }
  });

  it('is looked at within bounds however its graph is knotted', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `_:n${index}`);
    const clique = names.map((id) => ({ id, type: ['Evidence'], evidence: names }));
    const twins = Array(400).fill({ type: ['Evidence'], name: 'same' });
    for (const evidence of [clique, twins]) {
      const signed = { ...(await issuer.sign(name, issuer.badge())), evidence };
      const { verified, checks } = await world().verify(signed);
      expect(verified).toBe(false);
      expect(checks.some(({ code }) => code === 'CHECK_FAILED')).toBe(false);
    }
  });

  it(`${inGraph ? 'stays unverifiable' : 'stays unverifiable, though its bytes are signed,'} with an unknown vocabulary`, async () => {
    const signed = await issuer.sign(name, issuer.badge());
    const contexts = [...(signed['@context'] as string[]), 'https://w3id.org/dcc/v1'];
    const where = world();
    expect(await verdict({ ...signed, '@context': contexts }, where)).toBe(
      'unverifiable CONTEXT_NOT_ALLOWED',
    );
    expect(where.asked).toEqual([]);
  });
});

describe('a signature over the JSON itself', () => {
  it('covers what no vocabulary defines, as a token does', async () => {
    const signed = await issuer.sign('eddsa-jcs-2022', issuer.badge({ grade: 'A', note: null }));
    expect(await verdictOf(signed)).toBe('valid');
    expect(await verdictOf({ ...signed, grade: 'B' })).toBe('invalid PROOF_INVALID');
  });

  it('does not open the door for a second proof over the triples', async () => {
    const badge = issuer.badge();
    const proof = await issuer.prove('eddsa-rdfc-2022', badge);
    const { credentialStatus, ...rest } = badge;
    const iri = 'https://www.w3.org/2018/credentials#credentialStatus';
    const hidden = { ...rest, [iri]: credentialStatus };
    const jcs = await stranger.prove('eddsa-jcs-2022', hidden);
    expect(await verdictOf({ ...hidden, proof: [jcs, proof] })).toBe('invalid MEMBER_NOT_ALLOWED');
  });

  it('covers its vocabularies, all of them', async () => {
    const signed = await issuer.sign('eddsa-jcs-2022', issuer.badge());
    const more = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';
    const contexts = [...(signed['@context'] as string[]), more];
    expect(await verdictOf({ ...signed, '@context': contexts })).toBe('invalid PROOF_CONTEXT');
  });
});

describe('an excerpt', () => {
  const options = { mandatory: ['/issuer', '/validFrom'] };

  async function base(change: Json = {}): Promise<Json> {
    const badge = issuer.badge(change);
    return { ...badge, proof: await issuer.prove('ecdsa-sd-2023', badge, options) };
  }

  it('says that it is one, since what its issuer did not make obligatory may be gone', async () => {
    const excerpt = await derive(await base(), ['/credentialSubject']);
    expect(excerpt).not.toHaveProperty('credentialStatus');
    const { verified, checks } = await world().verify(excerpt);
    expect(verified).toBe(true);
    expect(checks).toContainEqual(
      expect.objectContaining({ id: 'proof', outcome: 'warn', code: 'PROOF_SELECTION' }),
    );
  });

  it('is none while its holder has not chosen', async () => {
    expect(await verdictOf(await base())).toBe('unverifiable PROOF_NOT_DERIVED');
  });

  it('does not lose what its issuer made obligatory', async () => {
    const excerpt = await derive(await base(), ['/credentialSubject']);
    const { validFrom: _validFrom, ...rest } = excerpt;
    expect(await verdictOf(rest)).toMatch(/^invalid/);
  });

  it('does not take over what was shown of another badge', async () => {
    const second = issuer.badge({ id: 'urn:uuid:8c2f4a3e-2f1d-4a0e-9d0c-1b2a3c4d5e6f' });
    const shown = await derive(await base(), ['/credentialSubject']);
    const other = await derive(
      { ...second, proof: await issuer.prove('ecdsa-sd-2023', second, options) },
      ['/credentialSubject'],
    );
    expect(await verdictOf({ ...shown, proof: other.proof })).toBe('invalid PROOF_INVALID');
  });

  it('is not believed where the stock package covers texts only in part', async () => {
    const achievement = {
      ...((issuer.badge().credentialSubject as Json).achievement as Json),
      description: 'Passed with grade _:D',
    };
    const subject = { ...(issuer.badge().credentialSubject as Json), achievement };
    const excerpt = await derive(await base({ credentialSubject: subject }), [
      '/credentialSubject',
    ]);
    const text = JSON.stringify(excerpt).replace('_:D', '_:A');
    expect(await verdictOf(excerpt)).toBe('unverifiable MEMBER_NOT_COVERED');
    expect(await verdictOf(JSON.parse(text) as Json)).toBe('unverifiable MEMBER_NOT_COVERED');
  });
});

it('a signature with P-256 counts in both of its forms (high and low s)', async () => {
  const { decodeBase58, encodeBase58 } = await import('../../src/credentials/multibase.ts');
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const signed = await issuer.sign('ecdsa-rdfc-2019 P-256', issuer.badge());
  const bytes = Buffer.from(decodeBase58(String(proofOf(signed).proofValue).slice(1)) ?? []);
  const mirrored = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = bytes.toString('hex', 0, 32) + mirrored.toString(16).padStart(64, '0');
  const proofValue = `z${encodeBase58(Buffer.from(twin, 'hex'))}`;
  expect(proofValue).not.toBe(proofOf(signed).proofValue);
  expect(await verdictOf(withProof(signed, { proofValue }))).toBe('valid');
});
