import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Json } from '../support/json-places.ts';
import { bakeOlderPng, createOlderIssuer, pem } from '../support/older-badge.ts';
import { verdict } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

const old = createOlderIssuer();
const evil = createOlderIssuer('evil.example');
const token = old.signToken(old.signable());

function judge(input: object | string | Uint8Array, change: Json = {}, more: Json = {}) {
  return verdict(input, createWorld({ ...old.site(change), ...more }));
}

/** The issuer's key replaced by another one, which signs. */
function withKey(
  { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject },
  alg: string,
): [string, Json] {
  const signed = old.signToken(old.signable(), { alg }, privateKey);
  return [signed, { key: { ...old.key, publicKeyPem: pem(publicKey) } }];
}

describe('a signed Open Badge of version 2.0', () => {
  it('counts with a key of its issuer, like a badge of today', async () => {
    const { outcome, checks, credential } = await createWorld(old.site()).verify(token);
    expect(outcome).toBe('valid');
    expect(checks.map(({ id, outcome: found }) => `${id} ${found}`)).toEqual([
      'format pass',
      'schema pass',
      'proof pass',
      'issuer pass',
      'validity pass',
      'status pass',
    ]);
    expect(credential).toMatchObject({
      badge: { name: 'Robotics', issuer: { name: 'Old School' } },
    });
  });

  it('counts in a picture', async () => {
    expect(await judge(bakeOlderPng(token, 'iTXt'))).toBe('valid');
    const svg = `<svg xmlns:o="http://openbadges.org"><o:assertion verify="${token}"></o:assertion></svg>`;
    expect(await judge(svg)).toBe('valid');
  });

  it.each<[string, string, { publicKey: KeyObject; privateKey: KeyObject }]>([
    ['P-256', 'ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['Ed25519', 'EdDSA', generateKeyPairSync('ed25519')],
  ])('counts with %s', async (_name, alg, pair) => {
    const [signed, change] = withKey(pair, alg);
    expect(await judge(signed, change)).toBe('valid');
  });

  it('counts with the key written out in its issuer’s profile, named or the only one', async () => {
    const issuer = { ...old.profile, publicKey: [old.key] };
    expect(await judge(token, { issuer, key: undefined })).toBe('valid');
    const unnamed = old.signToken(old.signable({ verification: { type: 'SignedBadge' } }));
    expect(await judge(unnamed)).toBe('valid');
    const two = { ...old.profile, publicKey: [old.keyId, old.at('key2')] };
    expect(await judge(unnamed, { issuer: two })).toBe('invalid KEY_NOT_AUTHORIZED');
  });

  it.each<[string, Json, string]>([
    ['not on it', {}, 'valid'],
    ['somebody else is on it', { revokedAssertions: [{ id: 'urn:uuid:1' }] }, 'valid'],
    [
      'it is on it',
      { revokedAssertions: [{ id: old.signable().id, revocationReason: 'x' }] },
      'revoked REVOKED',
    ],
    ['its id is on it', { revokedAssertions: [old.signable().id] }, 'revoked REVOKED'],
    ['it is another’s', { issuer: evil.profile.id }, 'unverifiable STATUS_VERIFICATION_ERROR'],
    ['it is no list', { revokedAssertions: undefined }, 'unverifiable STATUS_VERIFICATION_ERROR'],
  ])('is looked for in its issuer’s list: %s', async (_name, change, expected) => {
    const revoked = JSON.parse(JSON.stringify({ ...old.revocationList, ...change })) as Json;
    expect(await judge(token, { revoked })).toBe(expected);
  });

  it('is not taken for good when the list cannot be had, or it says itself that it is revoked', async () => {
    expect(await judge(token, { revoked: undefined })).toBe('unverifiable STATUS_RETRIEVAL_ERROR');
    expect(await judge(old.signToken(old.signable({ revoked: true })))).toBe('revoked REVOKED');
    const { revocationList: _list, ...issuer } = old.profile;
    expect(await judge(token, { issuer })).toBe('valid');
  });

  it.each([
    ['expired EXPIRED', { expires: '2021-01-01T00:00:00Z' }],
    ['invalid DATE_MALFORMED', { expires: 4102444800 }],
    ['invalid SCHEMA_INVALID', { recipient: 'me' }],
    ['invalid ISSUER_MISSING', { badge: 'urn:uuid:1' }],
  ])('is %s', async (expected, change) => {
    expect(await judge(old.signToken(old.signable(change)))).toBe(expected);
  });
});

describe('a signature that proves nothing', () => {
  const [head = '', , tail = ''] = token.split('.');
  const changed = Buffer.from(JSON.stringify(old.signable({ narrative: 'PhD' }))).toString(
    'base64url',
  );
  const hmac = (alg: string) => old.signToken(old.signable(), { alg });

  it.each<[string, string, string]>([
    ['over other words', `${head}.${changed}.${tail}`, 'invalid PROOF_INVALID'],
    ['by a stranger', evil.signToken(old.signable()), 'invalid PROOF_INVALID'],
    [
      'by a key that the token brings',
      evil.signToken(old.signable(), { jwk: { kty: 'RSA' } }),
      'invalid PROOF_INVALID',
    ],
    ['by none', hmac('none'), 'invalid ALGORITHM_NOT_ALLOWED'],
    ['by a shared secret', hmac('HS256'), 'invalid ALGORITHM_NOT_ALLOWED'],
    ['by a longer hash', hmac('RS512'), 'invalid ALGORITHM_NOT_ALLOWED'],
    [
      'with orders in its head',
      old.signToken(old.signable(), { crit: ['b64'], b64: false }),
      'invalid TOKEN_HEADER',
    ],
    [
      'with a key’s address in its head',
      old.signToken(old.signable(), { jku: evil.keyId }),
      'invalid TOKEN_HEADER',
    ],
    ['with letters after its end', `${token.slice(0, -1)}B`, 'invalid TOKEN_MALFORMED'],
  ])('%s', async (_name, input, expected) => {
    expect(await judge(input, {}, evil.site())).toBe(expected);
  });

  it.each<[string, Json, string]>([
    [
      'does not list',
      { issuer: { ...old.profile, publicKey: old.at('other') } },
      'invalid KEY_NOT_AUTHORIZED',
    ],
    [
      'lists nothing',
      { issuer: { ...old.profile, publicKey: undefined } },
      'invalid KEY_NOT_AUTHORIZED',
    ],
    ['does not own', { key: { ...old.key, owner: evil.profile.id } }, 'invalid KEY_NOT_AUTHORIZED'],
    [
      'publishes under another name',
      { key: { ...old.key, id: old.at('other') } },
      'invalid KEY_NOT_AUTHORIZED',
    ],
    ['has taken away', { key: undefined }, 'unverifiable ISSUER_UNREACHABLE'],
    [
      'has withdrawn',
      { key: { ...old.key, revoked: '2021-01-01T00:00:00Z' } },
      'invalid KEY_REVOKED',
    ],
    [
      'has given away',
      {
        key: {
          ...old.key,
          publicKeyPem: pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
        },
      },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
    [
      'publishes in no form',
      { key: { ...old.key, publicKeyPem: 7 } },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
    [
      'has put after something else',
      { key: { ...old.key, publicKeyPem: `x\n${String(old.key.publicKeyPem)}` } },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
    [
      'has made for another curve',
      {
        key: {
          ...old.key,
          publicKeyPem: pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey),
        },
      },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
    [
      'has made for something else',
      { key: { ...old.key, publicKeyPem: pem(generateKeyPairSync('x25519').publicKey) } },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
    [
      'lists without a name',
      { issuer: { ...old.profile, publicKey: {} } },
      'invalid KEY_NOT_AUTHORIZED',
    ],
    ['names, where there is a page', { key: 'text' }, 'invalid KEY_NOT_AUTHORIZED'],
    [
      'has made too short',
      {
        key: {
          ...old.key,
          publicKeyPem: pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
        },
      },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
    [
      'has written badly',
      { key: { ...old.key, publicKeyPem: '-----BEGIN PUBLIC KEY-----\nx' } },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
  ])('by a key that its issuer %s', async (_name, change, expected) => {
    expect(await judge(token, change)).toBe(expected);
  });

  it('by a stranger in a famous name', async () => {
    const verification = { type: 'SignedBadge', creator: evil.keyId };
    const own = { ...evil.badgeClass, issuer: old.profile.id };
    for (const badge of [old.at('badge'), old.badgeClass, own]) {
      const forged = evil.signToken(old.signable({ badge, verification }));
      expect(await judge(forged, {}, evil.site())).toBe('invalid KEY_NOT_AUTHORIZED');
    }
    const brought = { ...old.badgeClass, issuer: { ...old.profile, publicKey: evil.keyId } };
    const forged = evil.signToken(old.signable({ badge: brought, verification }));
    expect(await judge(forged, {}, evil.site())).toBe('invalid KEY_NOT_AUTHORIZED');
    const owned = evil.site({ key: { ...evil.key, owner: old.profile.id } });
    expect(await judge(forged, {}, owned)).toBe('invalid KEY_NOT_AUTHORIZED');
  });

  it('when it was left out', async () => {
    expect(await judge(old.signable())).toBe('invalid PROOF_MISSING');
    const hosted = old.signable({ verification: { type: 'HostedBadge' } });
    expect(await judge(hosted)).toBe('invalid HOSTED_NOWHERE');
    expect(await judge(evil.signToken(old.assertion({ narrative: 'PhD' })))).toBe(
      'invalid HOSTED_DIFFERS',
    );
  });
});
