import { generateKeyPairSync } from 'node:crypto';
import { encodeMultikey } from '../../../../src/credentials/multibase.ts';
import {
  parseController,
  resolveController,
  sameOrigin,
  unreachable,
} from '../../../../src/credentials/verify/controller.ts';
import { didWebUrls } from '../../../../src/credentials/verify/did-web.ts';
import { FetchError } from '../../../../src/shared/safe-fetch.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';
import { openSession } from '../../../support/session.ts';

const { x = '', ...okp } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
const jwk = { ...okp, x };
const multikey = encodeMultikey(Buffer.from(x, 'base64url'));

const mismatch = 'issuer unverifiable ISSUER_DOCUMENT_MISMATCH';
const notFound = 'issuer unverifiable ISSUER_UNREACHABLE';
const blocked = 'issuer unverifiable FETCH_BLOCKED';
const notSupported = 'issuer unverifiable ISSUER_NOT_SUPPORTED';
const refused = new FetchError('fetch.blocked', 'Not there.');

describe('a controller document', () => {
  const id = 'did:web:school.example';
  const key = { id: `${id}#1`, controller: id, publicKeyMultibase: multikey };

  const methods = (document: Json) => parseController(document, id).methods;

  it('names its keys by reference, by fragment or in full', () => {
    const method = { id: `${id}#1`, controller: id, multikey };
    for (const document of [
      { id, verificationMethod: [key], assertionMethod: [`${id}#1`] },
      { id, verificationMethod: key, assertionMethod: `${id}#1` },
      { id, verificationMethod: [{ ...key, id: '#1' }], assertionMethod: ['#1'] },
      { id, assertionMethod: [key] },
      { id, assertionMethod: { ...key, id: '#1' } },
    ]) {
      expect(parseController(document, id)).toEqual({
        id,
        methods: [method],
        withdrawn: [],
        confirmed: true,
      });
    }
  });

  it('keeps of a key what it is and how long it counts', () => {
    const full = { ...key, publicKeyJwk: jwk, revoked: '2026-01-01', expires: 7, more: 1 };
    expect(methods({ id, assertionMethod: [full] })).toEqual([
      { id: key.id, controller: id, multikey, jwk, revoked: '2026-01-01', expires: 7 },
    ]);
    const bare = { id: key.id, controller: id, publicKeyMultibase: 7, publicKeyJwk: 'x' };
    expect(methods({ id, assertionMethod: [bare] })).toEqual([{ id: key.id, controller: id }]);
  });

  it.each<[string, unknown]>([
    ['no id', { controller: id }],
    ['an id that is no text', { id: 7, controller: id }],
    ['no controller', { id: key.id }],
    ['a list of controllers', { id: key.id, controller: [id] }],
    ['a text', 'x'],
    ['null', null],
  ])('does without keys that have %s', (_what, entry) => {
    const document = { id, verificationMethod: [entry, key], assertionMethod: [key.id, entry] };
    expect(methods(document).map((method) => method.id)).toEqual([key.id]);
  });

  it('lets a key do only what it is named for', () => {
    const document = { id, verificationMethod: [key], authentication: [key.id] };
    expect(parseController(document, id).methods).toEqual([]);
    expect(parseController(document, id).withdrawn).toEqual([]);
    expect(parseController(document, id, 'authentication').methods).toHaveLength(1);
    const asserting = { id, assertionMethod: [key] };
    expect(parseController(asserting, id, 'authentication').methods).toEqual([]);
  });

  it('tells which keys were withdrawn', () => {
    const revoked = { ...key, revoked: '2026-01-01T00:00:00Z' };
    const withdrawn = parseController({ id, verificationMethod: [revoked] }, id);
    expect(withdrawn.withdrawn?.map((method) => method.id)).toEqual([key.id]);
    expect(withdrawn.methods).toEqual([]);
    const kept = { id, verificationMethod: [revoked], assertionMethod: [key.id] };
    expect(parseController(kept, id)).toMatchObject({
      methods: [{ id: key.id }],
      withdrawn: [],
    });
  });

  it.each<[string, unknown]>([
    ['of somebody else', { id: 'did:web:other.example', assertionMethod: [key] }],
    ['of nobody', { assertionMethod: [key] }],
    ['a text', id],
    ['null', null],
    ['a list', [{ id }]],
  ])('is not one that is %s', async (_what, document) => {
    expect(await problemOf(() => parseController(document, id))).toBe(mismatch);
  });

  it('may have two hundred entries and not one more', async () => {
    const entries = (count: number) => Array.from({ length: count }, () => key);
    const document = (a: number, b: number) => ({
      id,
      verificationMethod: entries(a),
      assertionMethod: entries(b),
    });
    expect(methods(document(100, 100))).toHaveLength(200);
    expect(await problemOf(() => methods(document(100, 101)))).toBe(mismatch);
    expect(await problemOf(() => methods(document(201, 0)))).toBe(mismatch);
  });
});

describe('an issuer that is its own key', () => {
  it('may name it with the fragment or without', async () => {
    const did = `did:key:${multikey}`;
    const { session, asked } = openSession();
    const found = await resolveController(did, session);
    expect(found).toMatchObject({ id: did, confirmed: true });
    expect(found.methods).toEqual([
      { id: `${did}#${multikey}`, controller: did, multikey },
      { id: did, controller: did, multikey },
    ]);
    const wrapped = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
    const other = await resolveController(wrapped, session);
    expect(other.methods).toEqual([{ id: `${wrapped}#0`, controller: wrapped, jwk }]);
    expect(asked).toEqual([]);
  });

  it.each(['did:key:z6Mk', 'did:jwk:e30', 'did:ion:x', 'urn:uuid:1', 'did:web', 'ftp://a/'])(
    'is not %s',
    async (id) => {
      const { session, asked } = openSession();
      expect(await problemOf(() => resolveController(id, session))).toBe(notSupported);
      expect(asked).toEqual([]);
    },
  );

  it('is told by the beginning of its name', async () => {
    const { session } = openSession();
    await expect(resolveController('did:ion:EiClkZ', session)).rejects.toThrow('"did:ion"');
    await expect(resolveController(`did:${'x'.repeat(99)}`, session)).rejects.toThrow(
      `"did:${'x'.repeat(36)}"`,
    );
  });
});

describe('an issuer with a DID of the web', () => {
  const id = 'did:web:school.example';
  const [secure] = didWebUrls(id);

  it('has the keys that its document names', async () => {
    const document = { id, assertionMethod: [{ id: '#1', controller: id }] };
    const { session } = openSession({ [secure]: document });
    const { methods } = await resolveController(id, session);
    expect(methods).toEqual([{ id: `${id}#1`, controller: id }]);
  });

  it.each<[Error | undefined, string]>([
    [undefined, notFound],
    [refused, blocked],
  ])('cannot be confirmed when its document is not to be had: %p', async (answer, expected) => {
    const { session } = openSession({ [secure]: answer });
    expect(await problemOf(() => resolveController(id, session))).toBe(expected);
  });
});

describe('an issuer with a web address', () => {
  const id = 'https://university.example/issuer';
  const methodId = `${id}#${multikey}`;
  const keys = 'https://university.example/.well-known/jwks.json';
  const keyAddress = 'https://university.example/keys/1';
  const ask = (published: Json, wanted?: string) =>
    resolveController(id, openSession(published).session, wanted);
  const problem = (published: Json, wanted?: string) => problemOf(() => ask(published, wanted));

  it('publishes a document about its keys', async () => {
    for (const document of [
      { id, assertionMethod: [{ id: keyAddress, controller: id }] },
      { id, verificationMethod: [{ id: keyAddress, controller: id, revoked: 'x' }] },
    ]) {
      const found = await ask({ [id]: document }, methodId);
      const named = [...found.methods, ...(found.withdrawn ?? [])].map((method) => method.id);
      expect(named).toEqual([keyAddress]);
      expect(found.confirmed).toBe(true);
    }
    const others = { id: 'https://other.example/', assertionMethod: [] };
    expect(await problem({ [id]: others }, methodId)).toBe(mismatch);
    const plain = await resolveController(
      'http://a.example/',
      openSession({ 'http://a.example/': { id: 'http://a.example/', assertionMethod: [] } })
        .session,
    );
    expect(plain.methods).toEqual([]);
  });

  it('is not asked for anything else where its address is refused', async () => {
    expect(await problem({ [id]: refused }, methodId)).toBe(blocked);
  });

  it('may have a key that is named by itself, which proves nothing until somebody confirms it', async () => {
    const found = await ask({}, methodId);
    expect(found).toEqual({
      id,
      methods: [{ id: methodId, controller: id, multikey }],
      confirmed: false,
    });
  });

  it.each<[string, unknown, boolean]>([
    ['the key', { keys: [jwk] }, true],
    ['the key among others', { keys: ['x', { kty: 'RSA' }, jwk] }, true],
    ['the key alone', { keys: jwk }, true],
    ['the key, for this issuer', { keys: [{ ...jwk, iss: id }] }, true],
    ['the key, for somebody else', { keys: [{ ...jwk, iss: `${id}/2` }] }, false],
    ['another key', { keys: [{ ...jwk, x: Buffer.alloc(32, 1).toString('base64url') }] }, false],
    ['no key', { keys: [] }, false],
    ['no list', {}, false],
    ['a text', 'x', false],
    ['the key, hundredth', { keys: [...Array<Json>(99).fill({}), jwk] }, true],
    ['the key, too far down', { keys: [...Array<Json>(100).fill({}), jwk] }, false],
  ])('is confirmed by a set with %s: or not', async (_what, set, confirmed) => {
    expect((await ask({ [keys]: set }, methodId)).confirmed).toBe(confirmed);
  });

  it.each<[string, string | undefined]>([
    ['no key', undefined],
    ['a key of another host', 'https://other.example/keys/1'],
    ['another address with a key', `https://other.example/#${multikey}`],
    ['something that is no address', 'key-1'],
  ])('is not found by %s', async (_what, wanted) => {
    expect(await problem({ [String(wanted)]: {} }, wanted)).toBe(notFound);
  });

  it('may have a key with an address of its own, which names it', async () => {
    const key = { id: keyAddress, controller: id, publicKeyMultibase: multikey };
    for (const profile of [undefined, { id, type: 'Profile' }, 'a page']) {
      expect(await ask({ [id]: profile, [keyAddress]: key }, keyAddress)).toEqual({
        id,
        methods: [{ id: keyAddress, controller: id, multikey }],
        confirmed: true,
      });
    }
    for (const other of [
      { ...key, controller: 'https://university.example/other' },
      { ...key, id: `${keyAddress}0` },
      'text',
      null,
    ]) {
      expect(await problem({ [keyAddress]: other }, keyAddress)).toBe(mismatch);
    }
    expect(await problem({}, keyAddress)).toBe(notFound);
    expect(await problem({ [keyAddress]: refused }, keyAddress)).toBe(blocked);
  });

  it('has no key of its own in a fragment that is none', async () => {
    expect(await problem({}, `${id}#key-1`)).toBe(notFound);
    const other = `https://university.example/other#${multikey}`;
    expect(await problem({}, other)).toBe(notFound);
  });
});

it.each<[string, string, boolean]>([
  ['https://a.example/x', 'https://a.example/y?z', true],
  ['https://a.example', 'https://a.example:443/', true],
  ['https://a.example', 'http://a.example', false],
  ['https://a.example', 'https://b.a.example', false],
  ['https://a.example', 'https://a.example:8443', false],
  ['https://a.example', 'x', false],
  ['x', 'https://a.example', false],
  ['x', 'x', false],
])('%s and %s are on one site: %p', (a, b, expected) => {
  expect(sameOrigin(a, b)).toBe(expected);
});

it('takes only failed look-ups for failed look-ups', async () => {
  expect(await problemOf(() => unreachable(new FetchError('fetch.failed', 'x')))).toBe(notFound);
  expect(await problemOf(() => unreachable(refused))).toBe(blocked);
  expect(() => unreachable(new TypeError('bug'))).toThrow(TypeError);
  expect(() => unreachable(refused)).toThrow('Not there.');
});
