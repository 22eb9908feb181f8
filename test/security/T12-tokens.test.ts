import { generateKeyPairSync } from 'node:crypto';
import { createHmac } from 'node:crypto';
import { openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// T12 (S09): a token says itself how it wants to be verified. It has no say in it.

let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T12 tokens');
});

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('S09: a token', () => {
  it.each<[string, Json]>([
    ['no algorithm', { alg: 'none' }],
    ['no algorithm, oddly written', { alg: 'NoNe' }],
    ['a shared secret', { alg: 'HS256' }],
    ['another hash', { alg: 'RS512' }],
    ['another padding', { alg: 'PS256' }],
    ['an algorithm for other keys', { alg: 'EdDSA' }],
    ['a method of Object', { alg: 'constructor' }],
    ['a list of algorithms', { alg: ['RS256'] }],
    ['a demand', { crit: ['exp'], exp: 1 }],
    ['a payload that is not encoded', { b64: false, crit: ['b64'] }],
    ['a key address', { jku: 'https://evil.example/keys' }],
    ['a certificate address', { x5u: 'https://evil.example/cert' }],
    ['a path as key', { kid: '../../etc/passwd' }],
    ['an address on this machine as key', { kid: 'file:///etc/passwd' }],
    ['an unknown key', { kid: 'did:web:school.example#other' }],
    ['a key elsewhere', { kid: 'https://evil.example/key' }],
    ['no key', { kid: undefined }],
    ['another type', { typ: 'at+jwt' }],
  ])('with %s is refused', async (name, header) => {
    const { school, attack } = target;
    const { answer, asked } = await attack(name, school.signToken(school.claims(), header));
    expect(answer).toMatch(/^invalid /);
    expect(asked.filter((url) => url !== school.documentUrl)).toEqual([]);
  });

  it('without a signature is refused', async () => {
    const { school, attack } = target;
    const [, payload = ''] = school.signToken(school.claims()).split('.');
    for (const alg of ['none', 'RS256']) {
      const { answer } = await attack(
        `${alg}, unsigned`,
        `${encode({ alg, kid: school.rsaId })}.${payload}.`,
      );
      expect(answer).toMatch(/^invalid /);
    }
  });

  it('made with the public key as a shared secret is refused', async () => {
    const { school, attack } = target;
    const [, payload = ''] = school.signToken(school.claims()).split('.');
    const { publicKey } = school.rsa;
    for (const secret of [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'pkcs1', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
    ]) {
      const signed = `${encode({ alg: 'HS256', kid: school.rsaId, typ: 'JWT' })}.${payload}`;
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      expect((await attack('HS256 with the public key', `${signed}.${mac}`)).answer).toBe(
        'invalid ALGORITHM_NOT_ALLOWED',
      );
    }
  });

  it('that brings its own key is refused', async () => {
    const { school, other, attack } = target;
    const jwk = other.rsa.publicKey.export({ format: 'jwk' });
    for (const header of [{ jwk, kid: undefined }, { jwk }]) {
      const token = other.signToken(
        school.claims(),
        { kid: school.rsaId, ...header },
        other.rsa.privateKey,
      );
      expect((await attack('its own key', token)).answer).toMatch(
        /^invalid (KEY_NOT_AUTHORIZED|PROOF_INVALID)$/,
      );
    }
  });

  it('signed with a weak key or a key of another kind is refused', async () => {
    const { school, attack, publish } = target;
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const method = (school.document.verificationMethod as Json[])[1];
    await publish([], {
      ...school.document,
      verificationMethod: [{ ...method, publicKeyJwk: weak.publicKey.export({ format: 'jwk' }) }],
    });
    const token = school.signToken(school.claims(), {}, weak.privateKey);
    expect((await attack('1024 bits', token)).answer).toBe('invalid PROOF_INVALID');
    await publish();
    const kid = school.keyId;
    const crossed = school.signToken(school.claims(), { kid });
    expect((await attack('RS256 with an Ed25519 key', crossed)).answer).toBe(
      'invalid ALGORITHM_NOT_ALLOWED',
    );
  });

  it('that is written in an unusual way is refused, so that no token has a twin', async () => {
    const { school, attack } = target;
    const token = school.signToken(school.claims());
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const tail = token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(last) ^ 1);
    for (const [name, twin] of Object.entries({
      'another last character': tail,
      padding: `${token}==`,
      'a line break': token.replace('.', '.\n'),
      'a fourth part': `${token}.x`,
    })) {
      expect((await attack(name, twin)).answer).toMatch(/^invalid /);
    }
  });

  it.each(['iss', 'jti', 'sub', 'nbf'])('must repeat the badge: %s', async (name) => {
    const { school, attack } = target;
    const { [name]: _taken, ...rest } = school.claims();
    expect((await attack(`no ${name}`, school.signToken(rest))).answer).toBe(
      'invalid TOKEN_CLAIMS',
    );
    const wrong = school.signToken({ ...rest, [name]: 1 });
    expect((await attack(`another ${name}`, wrong)).answer).toBe('invalid TOKEN_CLAIMS');
  });

  it('of another issuer in the name of this one is refused', async () => {
    const { school, other, attack } = target;
    const posing = other.signToken(school.claims(), { kid: school.rsaId }, other.rsa.privateKey);
    expect((await attack('posing', posing)).answer).toBe('invalid PROOF_INVALID');
    const claims = { ...school.claims(), iss: other.did };
    const own = other.signToken(claims, { kid: other.rsaId }, other.rsa.privateKey);
    expect((await attack('iss and issuer differ', own)).answer).toBe('invalid KEY_NOT_AUTHORIZED');
  });
});
