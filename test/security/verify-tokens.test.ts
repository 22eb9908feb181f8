import { issuer, other, verdict, world } from '../support/verdict.ts';

describe('a token', () => {
  const publicJwk = other.rsa.publicKey.export({ format: 'jwk' });

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

  it.each(['iss', 'jti', 'sub', 'nbf'])('of VC-JOSE-COSE may leave out %s', async (name) => {
    const { [name]: _taken, ...rest } = issuer.claims();
    expect(await verdict(issuer.signToken(rest, { typ: 'vc+jwt' }))).toBe('valid');
  });
});
