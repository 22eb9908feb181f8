import { suiteNames } from '../support/foreign-issuer.ts';
import {
  issuer,
  proofOf,
  stranger,
  verdictOf,
  withProof,
  world,
} from '../support/foreign-world.ts';
import type { Json } from '../support/json-places.ts';
import { verdict } from '../support/verdict.ts';

describe.each(suiteNames)('a badge with a proof of %s', (name) => {
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

  it('stays unverifiable with an unknown vocabulary', async () => {
    const signed = await issuer.sign(name, issuer.badge());
    const contexts = [...(signed['@context'] as string[]), 'https://w3id.org/dcc/v1'];
    const where = world();
    expect(await verdict({ ...signed, '@context': contexts }, where)).toBe(
      'unverifiable CONTEXT_NOT_ALLOWED',
    );
    expect(where.asked).toEqual([]);
  });
});
