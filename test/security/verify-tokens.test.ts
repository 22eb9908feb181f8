import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { encodeMultikey } from '../../src/credentials/multibase.ts';
import type { Json } from '../support/json-places.ts';
import { issuer, now, other, verdict, world } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const publicJwk = (key: { publicKey: KeyObject }) => key.publicKey.export({ format: 'jwk' });

describe('a token', () => {
  it('may be signed with Ed25519, and its header may say which published key is meant', async () => {
    const header = { alg: 'EdDSA', kid: issuer.keyId };
    const token = issuer.signToken(issuer.claims(), header, issuer.ed25519.privateKey);
    expect(await verdict(token)).toBe('valid');
    const jwk = publicJwk(issuer.rsa);
    expect(await verdict(issuer.signToken(issuer.claims(), { jwk, kid: undefined }))).toBe('valid');
  });

  it('may name its key by an address on the issuer’s host that leads to the published key', async () => {
    const kid = 'https://school.example/keys/1';
    const token = issuer.signToken(issuer.claims(), { kid });
    expect(await verdict(token, await world([], { [kid]: publicJwk(issuer.rsa) }))).toBe('valid');
    expect(await verdict(token, await world([], { [kid]: publicJwk(other.rsa) }))).toBe(
      'invalid KEY_NOT_AUTHORIZED',
    );
  });

  it('does not show the secret of its key', async () => {
    const jwk = issuer.rsa.privateKey.export({ format: 'jwk' });
    const token = issuer.signToken(issuer.claims(), { jwk, kid: undefined });
    expect(await verdict(token)).toBe('invalid TOKEN_HEADER');
  });

  it('is not signed in the future', async () => {
    for (const iat of [Date.parse(now) / 1000 + 3_600, '2026-11-22']) {
      const token = issuer.signToken({ ...issuer.claims(), iat });
      expect(await verdict(token)).toBe('invalid TOKEN_CLAIMS');
    }
  });
});

describe('a token of VC-JOSE-COSE', () => {
  const typ = 'vc+jwt';
  const start = Date.parse(now) / 1000;

  it.each(['iss', 'jti', 'sub', 'nbf'])('may leave out %s, and may not change it', async (name) => {
    const { [name]: _taken, ...rest } = issuer.claims();
    expect(await verdict(issuer.signToken(rest, { typ, cty: 'vc' }))).toBe('valid');
    const changed = issuer.signToken({ ...rest, [name]: name === 'nbf' ? '1' : 'urn:x' }, { typ });
    expect(await verdict(changed)).toBe('invalid TOKEN_CLAIMS');
  });

  it('has times of its own', async () => {
    const { nbf: _nbf, ...claims } = issuer.claims(
      issuer.badge({ validUntil: '2027-01-01T00:00:00Z' }),
    );
    const signed = (more: Json) => verdict(issuer.signToken({ ...claims, ...more }, { typ }));
    expect(await signed({ iat: start - 9, nbf: start - 9, exp: start + 9_000 })).toBe('valid');
    expect(await signed({ exp: start - 9_000 })).toBe('expired EXPIRED');
    expect(await signed({ nbf: start + 9_000 })).toBe('invalid TOKEN_CLAIMS');
    expect(await signed({ exp: 'never' })).toBe('invalid TOKEN_CLAIMS');
    const repeated = issuer.signToken({ ...claims, nbf: 1_763_802_000, exp: start + 9_000 });
    expect(await verdict(repeated)).toBe('invalid TOKEN_CLAIMS');
  });

  it.each<[string, Json, Json, string]>([
    ['a credential in a credential', { vc: {} }, {}, 'TOKEN_CLAIMS'],
    ['a presentation', { vp: {} }, {}, 'TOKEN_CLAIMS'],
    ['something else inside', {}, { cty: 'vp' }, 'TOKEN_HEADER'],
    ['no key named', {}, { kid: undefined, jwk: publicJwk(issuer.rsa) }, 'TOKEN_HEADER'],
    ['a type of content, of Open Badges', {}, { typ: 'JWT', cty: 'vc' }, 'TOKEN_HEADER'],
  ])('is refused with %s', async (_what, claims, header, code) => {
    const token = issuer.signToken({ ...issuer.claims(), ...claims }, { typ, ...header });
    expect(await verdict(token)).toMatch(new RegExp(`^invalid (?:${code}|NOT_A_CREDENTIAL)`));
  });

  it('does not hold a credential of version 1.1', async () => {
    const { validFrom, ...rest } = issuer.badge({ name: 'Linear functions' });
    const contexts = ['https://www.w3.org/2018/credentials/v1'];
    const older = { ...rest, '@context': contexts, issuanceDate: validFrom };
    expect(await verdict(issuer.signToken({ vc: older }, { typ }))).toMatch(/^invalid/);
    expect(await verdict(issuer.signToken(older, { typ }))).toMatch(/^invalid/);
  });
});

describe('an issuer that is a key', () => {
  /** ES256 or EdDSA, made by hand (RFC 7515, RFC 7518 §3.4). */
  function tokenOf(did: string, kid: string, key: KeyObject, header: Json = {}): string {
    const { credentialStatus: _none, ...badge } = issuer.badge({
      issuer: { id: did, type: ['Profile'], name: 'A key' },
    });
    const claims = { ...issuer.claims(badge), iss: did };
    const isCurve = key.asymmetricKeyType === 'ec';
    const head = { alg: isCurve ? 'ES256' : 'EdDSA', kid, typ: 'JWT', ...header };
    const signed = `${encode(head)}.${encode(claims)}`;
    const signature = sign(isCurve ? 'sha256' : null, Buffer.from(signed), {
      key,
      dsaEncoding: 'ieee-p1363',
    });
    return `${signed}.${signature.toString('base64url')}`;
  }

  const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const ed25519 = generateKeyPairSync('ed25519');
  const jwkDid = (key: { publicKey: KeyObject }) => `did:jwk:${encode(publicJwk(key))}`;

  function keyDid({ publicKey }: { publicKey: KeyObject }): string {
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const sign1 = 2 + ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1);
    return `did:key:${encodeMultikey(Buffer.from([sign1, ...Buffer.from(x, 'base64url')]), 'P-256')}`;
  }

  it.each([
    ['did:jwk of P-256', jwkDid(p256), `${jwkDid(p256)}#0`, p256.privateKey],
    ['did:jwk of Ed25519', jwkDid(ed25519), `${jwkDid(ed25519)}#0`, ed25519.privateKey],
    ['did:key of P-256', keyDid(p256), `${keyDid(p256)}#${keyDid(p256).slice(8)}`, p256.privateKey],
    ['did:key without a fragment', keyDid(p256), keyDid(p256), p256.privateKey],
  ])('may sign: %s', async (_kind, did, kid, key) => {
    const where = createWorld({}, { now });
    expect(await verdict(tokenOf(did, kid, key), where)).toBe('valid');
    expect(where.asked).toEqual([]);
    const wrong = key === p256.privateKey ? ed25519.privateKey : p256.privateKey;
    expect(await verdict(tokenOf(did, kid, wrong), where)).toBe('invalid ALGORITHM_NOT_ALLOWED');
    expect(await verdict(tokenOf(did, `${did}#1`, key), where)).toBe('invalid KEY_NOT_AUTHORIZED');
  });

  it('may not sign with a curve that is longer than the algorithm, or for encryption only', async () => {
    const did = jwkDid(p384);
    expect(await verdict(tokenOf(did, `${did}#0`, p384.privateKey))).toBe(
      'invalid ALGORITHM_NOT_ALLOWED',
    );
    const secret = `did:jwk:${encode({ ...publicJwk(p256), use: 'enc' })}`;
    expect(await verdict(tokenOf(secret, `${secret}#0`, p256.privateKey))).toBe(
      'invalid KEY_NOT_AUTHORIZED',
    );
  });

  it('is unverifiable when its key is of a kind that is not known', async () => {
    const did = 'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme';
    expect(await verdict(tokenOf(did, did, p256.privateKey))).toBe(
      'unverifiable ISSUER_NOT_SUPPORTED',
    );
  });
});

describe('an issuer with a web address', () => {
  const id = 'https://school.example/issuers/1';
  const kid = `${id}#key-1`;
  const claims = issuer.claims(issuer.badge({ issuer: { id, type: ['Profile'], name: 'School' } }));
  const { credentialStatus: _none, ...unlisted } = { ...claims, iss: id } as Json;
  const token = issuer.signToken(unlisted, { kid });
  const method = { id: kid, type: 'JsonWebKey', controller: id };
  const document = (change: Json = {}): Json => ({
    id,
    verificationMethod: [{ ...method, publicKeyJwk: publicJwk(issuer.rsa), ...change }],
    assertionMethod: [kid],
  });
  const verdictWith = (published: Json) => verdict(token, createWorld(published, { now }));

  it('may publish the keys of its tokens in a document about itself', async () => {
    expect(await verdictWith({ [id]: document() })).toBe('valid');
    for (const [change, code] of [
      [{ publicKeyJwk: publicJwk(other.rsa) }, 'PROOF_INVALID'],
      [{ controller: other.did }, 'KEY_NOT_AUTHORIZED'],
      [{ revoked: '2026-11-23T00:00:00Z' }, 'KEY_REVOKED'],
      [{ id: `${id}#key-2` }, 'KEY_NOT_AUTHORIZED'],
    ] as const) {
      expect(await verdictWith({ [id]: document(change) })).toBe(`invalid ${code}`);
    }
    const login = { ...document(), assertionMethod: [], authentication: [kid] };
    expect(await verdictWith({ [id]: login })).toBe('invalid KEY_NOT_AUTHORIZED');
    expect(await verdictWith({})).toMatch(/^unverifiable/);
  });

  it('or in the key set of its host, where `iss` tells the issuers apart', async () => {
    const address = 'https://school.example/.well-known/jwks.json';
    const set = (more: Json) => ({
      [address]: { keys: [{ ...publicJwk(issuer.rsa), kid, ...more }] },
    });
    expect(await verdictWith(set({}))).toBe('valid');
    expect(await verdictWith(set({ iss: id }))).toBe('valid');
    expect(await verdictWith(set({ iss: 'https://school.example/issuers/2' }))).not.toBe('valid');
  });
});
