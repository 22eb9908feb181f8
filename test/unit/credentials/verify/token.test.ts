import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import { readCredential } from '../../../../src/credentials/verify/read.ts';
import { verifyToken, type Token } from '../../../../src/credentials/verify/token.ts';
import type { VerifyDependencies } from '../../../../src/credentials/verify/types.ts';
import { createIssuer } from '../../../support/issuer.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';
import { openSession } from '../../../support/session.ts';

const issuer = createIssuer();
const web = 'https://university.example/issuer';
const keySet = 'https://university.example/.well-known/jwks.json';
const publicJwk = ({ publicKey }: { publicKey: KeyObject }) => publicKey.export({ format: 'jwk' });
const jwk: Json = { ...publicJwk(issuer.rsa) };
const otherJwk: Json = { ...publicJwk(generateKeyPairSync('rsa', { modulusLength: 2048 })) };
const named = await calculateJwkThumbprint(jwk);

const notAuthorized = 'proof invalid KEY_NOT_AUTHORIZED';
const notAllowed = 'proof invalid ALGORITHM_NOT_ALLOWED';
const notFound = 'issuer unverifiable ISSUER_UNREACHABLE';

function verify(token: string, published: Json, more: Partial<VerifyDependencies> = {}) {
  const { session, asked } = openSession(published, more);
  return { work: verifyToken(readCredential(token) as Token, session), asked };
}

describe('a token of an issuer with a web address', () => {
  const badge = issuer.badge({ issuer: { id: web }, credentialStatus: undefined });
  const claims = { ...issuer.claims(badge), iss: web };
  const look = (header: Json, published: Json) =>
    problemOf(() => verify(issuer.signToken(claims, header), published).work);
  const direct = { kid: undefined, jwk };

  it.each<[string, Json, unknown[], string]>([
    ['by its name', { kid: 'k' }, [otherJwk, { ...jwk, kid: 'k' }], 'passes'],
    ['by itself', direct, [otherJwk, jwk], 'passes'],
    ['by itself, under any name', direct, [{ ...jwk, kid: 'k' }], 'passes'],
    ['for this issuer', { kid: 'k' }, [{ ...jwk, kid: 'k', iss: web }], 'passes'],
    ['for another issuer', { kid: 'k' }, [{ ...jwk, kid: 'k', iss: `${web}/2` }], notAuthorized],
    ['under another name', { kid: 'k' }, [{ ...jwk, kid: 'l' }], notAuthorized],
    ['that is another', direct, [otherJwk], notAuthorized],
    ['that nobody asked for', { kid: undefined }, [jwk], notAuthorized],
    ['asked for by a text', { kid: undefined, jwk: 'x' }, [jwk, 'x'], notAuthorized],
    ['among what is none', direct, [null, 'x', {}, jwk], 'passes'],
    ['hundredth', direct, [...Array<Json>(99).fill({}), jwk], 'passes'],
    ['too far down', direct, [...Array<Json>(100).fill({}), jwk], notAuthorized],
    [
      'with another key under its name',
      { kid: 'k' },
      [{ ...otherJwk, kid: 'k' }],
      'proof invalid PROOF_INVALID',
    ],
  ])('finds its key in the set of its host %s: %#', async (_what, header, keys, expected) => {
    expect(await look(header, { [keySet]: { keys } })).toBe(expected);
  });

  it('finds nothing in what is no set', async () => {
    for (const set of ['text', null, 7, {}]) {
      expect(await look({ kid: 'k' }, { [keySet]: set })).toBe(notAuthorized);
    }
  });

  it('says which key it was', async () => {
    const set = { [keySet]: { keys: [{ ...jwk, kid: 'k' }] } };
    const byName = await verify(issuer.signToken(claims, { kid: 'k' }), set).work;
    expect(byName.method).toEqual({ id: 'k', controller: web, jwk: { ...jwk, kid: 'k' } });
    expect(byName.controller).toEqual({ id: web, methods: [byName.method], confirmed: true });
    const byItself = await verify(issuer.signToken(claims, direct), set).work;
    expect(byItself.method.id).toBe(web);
  });

  const kid = 'https://university.example/keys/1';
  const method = { id: kid, controller: web, publicKeyJwk: jwk };

  it.each<[string, Json, string]>([
    ['to the key', { [kid]: jwk }, 'passes'],
    ['to the key, for this issuer', { [kid]: { ...jwk, iss: web } }, 'passes'],
    ['to the key of another issuer', { [kid]: { ...jwk, iss: `${web}/2` } }, notAuthorized],
    ['to a document about the key', { [kid]: method }, 'passes'],
    ['to one whose kind is no text', { [kid]: { ...method, kty: 7 } }, 'passes'],
    ['to nothing', {}, notFound],
    ['to a page', { [kid]: 'text' }, 'issuer unverifiable ISSUER_DOCUMENT_MISMATCH'],
  ])('may name its key by an address that leads %s: %#', async (_what, published, expected) => {
    expect(await look({ kid }, published)).toBe(expected);
  });

  it('asks no other host for a key', async () => {
    const elsewhere = 'https://evil.example/keys/1';
    const { work, asked } = verify(issuer.signToken(claims, { kid: elsewhere }), {
      [elsewhere]: jwk,
    });
    expect(await problemOf(() => work)).toBe(notAuthorized);
    expect(asked).toEqual([keySet]);
  });

  it.each<[Json, string]>([
    [{ ...method, id: `${web}#1` }, 'passes'],
    [{ ...method, id: `${web}#2` }, notAuthorized],
    [{ ...method, id: `${web}#1`, controller: 'did:web:a' }, notAuthorized],
  ])('may name a key in the document of its issuer: %j', async (entry, expected) => {
    const published = { [web]: { id: web, assertionMethod: [entry] } };
    const { work, asked } = verify(issuer.signToken(claims, { kid: `${web}#1` }), published);
    expect(await problemOf(() => work)).toBe(expected);
    expect(asked).toEqual([keySet, web]);
  });
});

describe('a token of an issuer with a DID', () => {
  const claims = issuer.claims(issuer.badge({ credentialStatus: undefined }));
  const published = (document: Json = issuer.document, more: Json = {}) => ({
    [issuer.documentUrl]: document,
    ...more,
  });
  const look = (header: Json, where: Json = published(), key?: KeyObject) =>
    problemOf(() => verify(issuer.signToken(claims, header, key), where).work);
  const place = 'https://school.example/keys';

  it.each<[string, Json, Json, string]>([
    ['its id', {}, {}, 'passes'],
    ['itself', { kid: undefined, jwk }, {}, 'passes'],
    ['itself, and is another', { kid: undefined, jwk: otherJwk }, {}, notAuthorized],
    ['nothing', { kid: undefined }, {}, notAuthorized],
    ['what is no key', { kid: undefined, jwk: {} }, {}, notAuthorized],
    ['the id of another', { kid: `${issuer.did}#2` }, {}, notAuthorized],
    ['its thumbprint on its host', { kid: `${place}/${named}` }, {}, 'passes'],
    ['an address that leads to it', { kid: `${place}/1` }, { [`${place}/1`]: jwk }, 'passes'],
    [
      'an address that leads to another',
      { kid: `${place}/1` },
      { [`${place}/1`]: otherJwk },
      notAuthorized,
    ],
    [
      'an address that leads to a page',
      { kid: `${place}/1` },
      { [`${place}/1`]: 'x' },
      notAuthorized,
    ],
    ['an address that leads nowhere', { kid: `${place}/1` }, {}, notFound],
    [
      'an address on another host',
      { kid: 'https://evil.example/1' },
      { 'https://evil.example/1': jwk },
      notAuthorized,
    ],
  ])('is by the key that is meant by %s: %#', async (_what, header, more, expected) => {
    expect(await look(header, published(issuer.document, more))).toBe(expected);
  });

  it('asks nobody when the key is known by its id or its thumbprint', async () => {
    for (const kid of [issuer.rsaId, `${place}/${named}`, 'https://evil.example/1']) {
      const { work, asked } = verify(issuer.signToken(claims, { kid }), published());
      await work.catch(() => undefined);
      expect(asked).toEqual([issuer.documentUrl]);
    }
    const odd = {
      ...issuer.document,
      verificationMethod: [] as unknown[],
      assertionMethod: [] as unknown[],
    };
    odd.assertionMethod = [{ id: `${place}/1`, controller: issuer.did, publicKeyJwk: jwk }];
    const { work, asked } = verify(issuer.signToken(claims, { kid: `${place}/1` }), published(odd));
    expect((await work).method.id).toBe(`${place}/1`);
    expect(asked).toEqual([issuer.documentUrl]);
  });

  it('counts with a key that was withdrawn only if it was logged before', async () => {
    const [, rsa] = issuer.document.verificationMethod as Json[];
    const revoked = { ...rsa, revoked: '2026-11-25T00:00:00Z' };
    const document = { id: issuer.did, verificationMethod: [revoked], assertionMethod: [] };
    for (const header of [{}, { kid: undefined, jwk }]) {
      const token = issuer.signToken(claims, header);
      const forms: string[] = [];
      const logged = (time: string) => ({
        findLogged: (form: string) => {
          forms.push(form);
          return Promise.resolve(new Date(time));
        },
      });
      const good = await verify(token, published(document), logged('2026-11-24T00:00:00Z')).work;
      expect(good.loggedAt).toEqual(new Date('2026-11-24T00:00:00Z'));
      expect(forms).toEqual(['jwt']);
      for (const more of [logged('2026-11-26T00:00:00Z'), {}]) {
        const late = verify(token, published(document), more).work;
        expect(await problemOf(() => late)).toBe('proof invalid KEY_REVOKED');
      }
    }
    expect(await look({ kid: `${issuer.did}#9` }, published(document))).toBe(notAuthorized);
  });

  it.each<[unknown, string]>([
    ['none', notAllowed],
    ['HS256', notAllowed],
    ['RS512', notAllowed],
    ['toString', notAllowed],
    ['__proto__', notAllowed],
    [['RS256'], notAllowed],
    [undefined, notAllowed],
    ['EdDSA', notAllowed],
    ['ES256', notAllowed],
  ])('with the algorithm %j is refused', async (alg, expected) => {
    expect(await look({ alg })).toBe(expected);
  });

  it.each(['EdDSA', 'Ed25519'])('may be by a key of Ed25519: %s', async (alg) => {
    const { privateKey } = issuer.ed25519;
    const header = { alg, kid: issuer.keyId };
    expect(await look(header, published(), privateKey)).toBe('passes');
    expect(await look({ alg, kid: issuer.rsaId }, published(), privateKey)).toBe(notAllowed);
  });

  it('is not by a key in no form, or of another curve', async () => {
    const keyed = (change: Json) =>
      published({
        id: issuer.did,
        assertionMethod: [{ id: issuer.rsaId, controller: issuer.did, ...change }],
      });
    expect(await look({}, keyed({}))).toBe(notAllowed);
    expect(await look({}, keyed({ publicKeyMultibase: 'z6Mk' }))).toBe(notAllowed);
    expect(await look({}, keyed({ publicKeyJwk: jwk, expires: '2026-01-01T00:00:00Z' }))).toBe(
      'proof invalid KEY_EXPIRED',
    );
    const p384 = publicJwk(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
    expect(await look({ alg: 'ES256' }, keyed({ publicKeyJwk: p384 }))).toBe(notAllowed);
    const x25519 = publicJwk(generateKeyPairSync('x25519'));
    expect(await look({ alg: 'EdDSA' }, keyed({ publicKeyJwk: x25519 }))).toBe(notAllowed);
  });
});
