import { assertClaims, assertHeader } from '../../../../src/credentials/verify/token-rules.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';

const token = 'eyJh.e30.c2ln';
const issuer = 'did:web:school.example';
const now = new Date('2026-12-01T00:00:00Z');
const seconds = now.getTime() / 1000;

const version2 = ['https://www.w3.org/ns/credentials/v2'];
const version1 = ['https://www.w3.org/2018/credentials/v1'];
const badge: Json = {
  '@context': version2,
  id: 'urn:uuid:1',
  validFrom: '2026-11-22T09:00:00.700Z',
  validUntil: '2027-11-22T09:00:00Z',
  credentialSubject: { id: 'urn:uuid:2' },
};
const older: Json = {
  '@context': version1,
  id: 'urn:uuid:1',
  issuanceDate: '2026-11-22T09:00:00Z',
  expirationDate: '2027-11-22T09:00:00Z',
  credentialSubject: { id: 'urn:uuid:2' },
};
const start = Date.parse('2026-11-22T09:00:00Z') / 1000;
const end = Date.parse('2027-11-22T09:00:00Z') / 1000;
const claims = { iss: issuer, jti: 'urn:uuid:1', sub: 'urn:uuid:2', nbf: start, exp: end };

const headed = 'proof invalid TOKEN_HEADER';
const claimed = 'proof invalid TOKEN_CLAIMS';

describe('the head of a token', () => {
  const all = { alg: 'EdDSA', kid: 'a', jwk: { kty: 'OKP' } };

  it.each<[Json, 'vc' | 'vp', string]>([
    [{ alg: 'EdDSA' }, 'vc', 'passes'],
    [{ ...all, typ: 'JWT' }, 'vc', 'passes'],
    [{ ...all, typ: 'vc+jwt' }, 'vc', 'passes'],
    [{ ...all, typ: 'vc+jwt', cty: 'vc' }, 'vc', 'passes'],
    [{ ...all, typ: 'vp+jwt' }, 'vp', 'passes'],
    [{ ...all, typ: 'vp+jwt', cty: 'vp' }, 'vp', 'passes'],
    [{ ...all, typ: 'vp+jwt' }, 'vc', headed],
    [{ ...all, typ: 'vc+jwt' }, 'vp', headed],
    [{ ...all, typ: 'jwt' }, 'vc', headed],
    [{ ...all, typ: null }, 'vc', headed],
    [{ ...all, typ: '' }, 'vc', headed],
    [{ ...all, typ: 'JWT', cty: 'vc' }, 'vc', headed],
    [{ ...all, cty: 'vc' }, 'vc', headed],
    [{ ...all, typ: 'vc+jwt', cty: 'vp' }, 'vc', headed],
    [{ ...all, typ: 'vc+jwt', cty: '' }, 'vc', headed],
    [{ ...all, crit: [] }, 'vc', headed],
    [{ ...all, x5c: [] }, 'vc', headed],
    [{ alg: 'EdDSA', jwk: { kty: 'OKP', d: 'x' } }, 'vc', headed],
    [{ alg: 'EdDSA', jwk: 'd' }, 'vc', 'passes'],
  ])('%j for a %s: %s', async (header, kind, expected) => {
    expect(
      await problemOf(() => {
        assertHeader(header, token, kind);
      }),
    ).toBe(expected);
  });

  it('is that of a credential unless it is said otherwise', async () => {
    expect(
      await problemOf(() => {
        assertHeader({ typ: 'vc+jwt' }, token);
      }),
    ).toBe('passes');
    expect(
      await problemOf(() => {
        assertHeader({ typ: 'vp+jwt' }, token);
      }),
    ).toBe(headed);
  });

  it.each(['eyJh.e30.c2l', 'eyJ.e30.c2ln', 'eyJh.e31.c2ln', 'eyJh.e30=.c2ln', 'eyJh.e30.c2/n'])(
    'belongs to a token that is written in the usual way, which %s is not',
    async (other) => {
      const found = await problemOf(() => {
        assertHeader({ alg: 'EdDSA' }, other);
      });
      expect(found).toBe('proof invalid TOKEN_MALFORMED');
    },
  );
});

describe('the claims of a token of Open Badges', () => {
  const look = (more: Json, credential = badge, from = issuer) =>
    problemOf(() => {
      const secured = { claims: { ...claims, ...more }, credential, header: {} };
      assertClaims({ kind: 'jwt', token, ...secured }, from, now);
    });

  it.each<[Json, string]>([
    [{}, 'passes'],
    [{ exp: undefined }, 'passes'],
    [{ iss: 'did:web:other.example' }, claimed],
    [{ jti: 'urn:uuid:3' }, claimed],
    [{ sub: 'urn:uuid:3' }, claimed],
    [{ nbf: start + 1 }, claimed],
    [{ nbf: start + 0.7 }, claimed],
    [{ nbf: undefined }, claimed],
    [{ exp: end + 1 }, claimed],
    [{ exp: String(end) }, claimed],
    [{ exp: null }, claimed],
    [{ vc: {} }, claimed],
  ])('with %j: %s', async (more, expected) => {
    expect(await look(more)).toBe(expected);
  });

  it('may end where the badge does not say when it ends', async () => {
    const { validUntil: _none, ...endless } = badge;
    expect(await look({ exp: end + 5 }, endless)).toBe('passes');
    expect(await look({ exp: 'never' }, endless)).toBe(claimed);
  });

  it('have the dates of version 1.1 where the credential stands in them', async () => {
    expect(await look({ vc: older }, older)).toBe('passes');
    expect(await look({ vc: older, exp: end + 1 }, older)).toBe(claimed);
    expect(await look({ vc: older, nbf: start + 1 }, older)).toBe(claimed);
    expect(await look({}, older)).toBe(claimed);
  });

  it('are about the first of several subjects, or about nobody', async () => {
    const credentialSubject = [{ id: 'urn:uuid:2' }, { id: 'urn:uuid:4' }];
    expect(await look({}, { ...badge, credentialSubject })).toBe('passes');
    const nobody = { ...badge, credentialSubject: {} };
    expect(await look({}, nobody)).toBe(claimed);
    expect(await look({ sub: undefined }, nobody)).toBe('passes');
  });

  it('agree about having no date', async () => {
    const { validFrom: _none, ...undated } = badge;
    expect(await look({ nbf: undefined }, undated)).toBe('passes');
    expect(await look({}, undated)).toBe(claimed);
    expect(await look({ nbf: Number.NaN }, undated)).toBe(claimed);
  });

  it.each<[unknown, string]>([
    [seconds, 'passes'],
    [seconds + 300, 'passes'],
    [seconds + 301, claimed],
    [String(seconds), claimed],
    [null, claimed],
  ])('were not made in the future: iat %j: %s', async (iat, expected) => {
    expect(await look({ iat })).toBe(expected);
  });
});

describe('the claims of a token of VC-JOSE-COSE', () => {
  const look = (made: Json, { kid = 'a', from = issuer, credential = badge } = {}) =>
    problemOf(() => {
      const header = { typ: 'vc+jwt', ...(kid !== '' && { kid }) };
      assertClaims({ kind: 'jwt', token, claims: made, credential, header }, from, now);
    });

  it.each<[Json, string]>([
    [{}, 'passes'],
    [{ ...claims, nbf: seconds, exp: 1 }, 'passes'],
    [{ iat: seconds, nbf: seconds + 300 }, 'passes'],
    [{ iat: seconds + 301 }, claimed],
    [{ nbf: seconds + 301 }, claimed],
    [{ nbf: '1' }, claimed],
    [{ exp: '1' }, claimed],
    [{ exp: null }, claimed],
    [{ iss: 'did:web:other.example' }, claimed],
    [{ jti: 'urn:uuid:3' }, claimed],
    [{ sub: 'urn:uuid:3' }, claimed],
    [{ sub: null }, claimed],
    [{ vc: {} }, claimed],
    [{ vp: {} }, claimed],
  ])('%j: %s', async (made, expected) => {
    expect(await look(made)).toBe(expected);
  });

  it('never hold a credential of version 1.1', async () => {
    expect(await look({}, { credential: older })).toBe(claimed);
    expect(await look({ vc: older }, { credential: older })).toBe(claimed);
  });

  it('come with the name of the key when the issuer is a DID', async () => {
    expect(await look({}, { kid: '' })).toBe(headed);
    const web = 'https://school.example/issuers/1';
    expect(await look({}, { kid: '', from: web })).toBe('passes');
  });
});

it('names the claim that is wrong', () => {
  const secured = { claims: { ...claims, jti: 'x' }, credential: badge, header: {} };
  const check = (made: Json, typ?: string) => () => {
    const header = typ === undefined ? {} : { typ, kid: 'a' };
    assertClaims({ kind: 'jwt', token, ...secured, claims: made, header }, issuer, now);
  };
  expect(check({ ...claims, jti: 'x' })).toThrow('("jti")');
  expect(check({ ...claims, exp: 'x' })).toThrow('("exp")');
  expect(check({ ...claims, iat: 'x' })).toThrow('("iat")');
  expect(check({ nbf: 'x' }, 'vc+jwt')).toThrow('("nbf")');
  expect(check({ exp: 'x' }, 'vc+jwt')).toThrow('("exp")');
  expect(check({ sub: 'x' }, 'vc+jwt')).toThrow('("sub")');
  expect(check({ ...claims, vc: {} })).toThrow('two versions');
  expect(check({ vp: {} }, 'vc+jwt')).toThrow('two versions');
});
