import type { Json } from '../support/json-places.ts';
import { issuer, other, verdict, world } from '../support/verdict.ts';

describe('a token', () => {
  const publicJwk = other.rsa.publicKey.export({ format: 'jwk' });

  it.each<[string, Json]>([
    ['no algorithm', { alg: 'none' }],
    ['no algorithm, oddly written', { alg: 'NoNe' }],
    ['a shared secret', { alg: 'HS256' }],
    ['another hash', { alg: 'RS512' }],
    ['an algorithm for other keys', { alg: 'EdDSA' }],
    ['a method of Object', { alg: 'constructor' }],
    ['a demand', { crit: ['exp'], exp: 1 }],
    ['a key address', { jku: 'https://evil.example/keys' }],
    ['a path as key', { kid: '../../etc/passwd' }],
    ['an unknown key', { kid: `${issuer.did}#other` }],
    ['a key elsewhere', { kid: 'https://evil.example/key' }],
    ['no key', { kid: undefined }],
    ['another type', { typ: 'at+jwt' }],
  ])('with %s is refused', async (_name, header) => {
    const where = await world();
    expect(await verdict(issuer.signToken(issuer.claims(), header), where)).toMatch(/^invalid /);
    expect(where.asked.filter((url) => url.includes('evil'))).toEqual([]);
  });

  it('that brings its own key is refused', async () => {
    const token = other.signToken(
      issuer.claims(),
      { jwk: publicJwk, kid: undefined },
      other.rsa.privateKey,
    );
    expect(await verdict(token)).toBe('invalid KEY_NOT_AUTHORIZED');
  });

  it('may be signed with Ed25519, and its header may say which published key is meant', async () => {
    const header = { alg: 'EdDSA', kid: issuer.keyId };
    const token = issuer.signToken(issuer.claims(), header, issuer.ed25519.privateKey);
    expect(await verdict(token)).toBe('valid');
    const jwk = issuer.rsa.publicKey.export({ format: 'jwk' });
    expect(await verdict(issuer.signToken(issuer.claims(), { jwk, kid: undefined }))).toBe('valid');
  });

  it('may name its key by an address on the issuer’s host that leads to the published key', async () => {
    const kid = 'https://school.example/keys/1';
    const token = issuer.signToken(issuer.claims(), { kid });
    const jwk = issuer.rsa.publicKey.export({ format: 'jwk' });
    expect(await verdict(token, await world([], { [kid]: jwk }))).toBe('valid');
    expect(await verdict(token, await world([], { [kid]: publicJwk }))).toBe(
      'invalid KEY_NOT_AUTHORIZED',
    );
  });

  it.each(['iss', 'jti', 'sub', 'nbf'])('must repeat the badge: %s', async (name) => {
    const { [name]: _taken, ...rest } = issuer.claims();
    expect(await verdict(issuer.signToken(rest))).toBe('invalid TOKEN_CLAIMS');
    expect(await verdict(issuer.signToken({ ...rest, [name]: 1 }))).toBe('invalid TOKEN_CLAIMS');
    expect(await verdict(issuer.signToken(rest, { typ: 'vc+jwt' }))).toBe('valid');
  });

  it('is refused when it is written in an unusual way', async () => {
    const token = issuer.signToken(issuer.claims());
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(last) ^ 1);
    expect(await verdict(twin)).toMatch(/^invalid /);
  });
});
