import { maxCredentialBytes, maxImageBytes } from '../../../../src/credentials/bake/limits.ts';
import { readCredential, readHeld } from '../../../../src/credentials/verify/read.ts';
import type { Json } from '../../../support/json-places.ts';
import { bakeOlderPng } from '../../../support/older-badge.ts';
import { problemOf } from '../../../support/problem.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const header = { alg: 'EdDSA' };
const tokenOf = (claims: unknown, head: unknown = header) =>
  `${encode(head)}.${encode(claims)}.c2ln`;

const badge: Json = { '@context': ['x'], name: 'Ä' };
const token = tokenOf(badge);
const asDocument = { kind: 'data-integrity', credential: badge };
const asToken = { kind: 'jwt', token, header, claims: badge, credential: badge };
const unreadable = 'format invalid NOT_A_CREDENTIAL';
const tooLarge = 'format invalid TOO_LARGE';

const problem = (input: string | Uint8Array | object) => problemOf(() => readHeld(input));

describe('what somebody holds', () => {
  it.each<[string, string | Uint8Array | object, object]>([
    ['an object', badge, asDocument],
    ['JSON', JSON.stringify(badge), asDocument],
    ['JSON with space around it', ` \n${JSON.stringify(badge)}\n`, asDocument],
    ['JSON with a mark of its encoding', `\uFEFF${JSON.stringify(badge)}`, asDocument],
    ['bytes', Buffer.from(JSON.stringify(badge)), asDocument],
    ['JSON in a text', JSON.stringify(JSON.stringify(badge)), asDocument],
    ['a token', token, asToken],
    ['a token with space around it', `\t${token}\n`, asToken],
    ['a token as JSON', JSON.stringify(token), asToken],
    ['a token as bytes', Buffer.from(token), asToken],
    ['a picture with JSON', bakeOlderPng(JSON.stringify(badge), 'iTXt'), asDocument],
    ['a picture with a token', bakeOlderPng(token, 'tEXt'), asToken],
  ])('is read from %s', (_what, input, expected) => {
    expect(readHeld(input)).toEqual(expected);
    expect(readCredential(input)).toEqual(expected);
  });

  it('may be a picture with nothing but an address', async () => {
    const url = 'https://a.example/badge';
    const read = (text: string) => readHeld(bakeOlderPng(text, 'tEXt'));
    expect(read(` ${url}\n`)).toEqual({ kind: 'address', url });
    expect(read('http://a.example/')).toEqual({ kind: 'address', url: 'http://a.example/' });
    expect(await problemOf(() => readCredential(bakeOlderPng(url, 'tEXt')))).toBe(unreadable);
    for (const other of [
      `x${url}`,
      `${url} x`,
      'ftp://a.example/',
      'https://',
      `https://${'a'.repeat(2001)}`,
    ]) {
      expect(await problem(bakeOlderPng(other, 'tEXt'))).toBe(unreadable);
    }
    expect(read(`https://${'a'.repeat(2000)}`)).toMatchObject({ kind: 'address' });
    expect(await problem(url)).toBe(unreadable);
  });

  it('may be a picture of vectors', () => {
    const svg = (text: string) =>
      `<svg xmlns:o="http://openbadges.org"><o:assertion verify="${text}"></o:assertion></svg>`;
    expect(readHeld(svg(token))).toEqual(asToken);
    expect(readHeld(Buffer.from(svg(token)))).toEqual(asToken);
  });

  it.each<[string, string | Uint8Array | object, string]>([
    ['a number', 7 as unknown as object, unreadable],
    ['a list', [badge], unreadable],
    ['a text that is no JSON', 'badge', unreadable],
    ['nothing', '', unreadable],
    ['bytes that are no text', Uint8Array.from([0xc3, 0x28]), unreadable],
    ['a broken picture', bakeOlderPng(token, 'tEXt').subarray(0, 60), unreadable],
    ['a token of two parts', 'e30.e30', unreadable],
    ['a token of four parts', `${token}.e30`, unreadable],
    ['a token whose head is no object', tokenOf(badge, []), unreadable],
    ['a token that holds no object', tokenOf('text'), unreadable],
    ['a token that holds no JSON', `${encode(header)}.eA.c2ln`, unreadable],
    ['a token that holds no text', `${encode(header)}.wyg.c2ln`, unreadable],
    ['a token with a text inside', tokenOf({ vc: 'text' }), unreadable],
    [
      'a picture without a badge',
      bakeOlderPng('x', 'tEXt', 'other'),
      'format invalid NO_CREDENTIAL_IN_IMAGE',
    ],
  ])('is not %s', async (_what, input, expected) => {
    expect(await problem(input)).toBe(expected);
  });

  it.each<[Json, Json | undefined]>([
    [{ vc: badge }, badge],
    [{ vp: badge }, badge],
    [{ vc: badge, iss: 'x' }, badge],
    [{ vc: badge, vp: badge }, undefined],
    [{ vc: badge, '@context': 'x' }, undefined],
    [{ vp: badge, '@context': 'x' }, undefined],
    [{ vc: badge, credentialSubject: {} }, undefined],
    [{ vp: badge, credentialSubject: {} }, undefined],
    [
      { '@context': 'x', credentialSubject: {} },
      { '@context': 'x', credentialSubject: {} },
    ],
    [{}, {}],
  ])('is one thing in a token: %j: %j', async (claims, credential) => {
    if (credential === undefined) expect(await problem(tokenOf(claims))).toBe(unreadable);
    else expect(readHeld(tokenOf(claims))).toMatchObject({ credential, claims });
  });

  it('has a size that is read here', async () => {
    const text = (length: number) => `"${'x'.repeat(length - 2)}"`;
    const quoted = (length: number) => JSON.stringify({ a: 'x'.repeat(length - 8) });
    expect(quoted(maxCredentialBytes)).toHaveLength(maxCredentialBytes);
    expect(await problem(quoted(maxCredentialBytes))).toBe('passes');
    expect(await problem(quoted(maxCredentialBytes + 1))).toBe(tooLarge);
    expect(await problem(text(maxCredentialBytes + 1))).toBe(tooLarge);
    const head = `${encode(header)}.${encode(badge)}.`;
    const long = (length: number) => `${head}${'a'.repeat(length - head.length)}`;
    expect(await problem(long(maxCredentialBytes))).toBe('passes');
    expect(await problem(long(maxCredentialBytes + 1))).toBe(tooLarge);
    const envelope = { type: 'EnvelopedVerifiableCredential', id: '' };
    const inside = (length: number) => ({
      ...envelope,
      id: `data:application/vc+jwt,${long(length)}`,
    });
    expect(await problem(inside(maxCredentialBytes))).toBe('passes');
    expect(await problem(inside(maxCredentialBytes + 1))).toBe(tooLarge);
    expect(await problem(Buffer.alloc(maxImageBytes, ' '))).toBe(unreadable);
    expect(await problem(Buffer.alloc(maxImageBytes + 1, ' '))).toBe(tooLarge);
  });
});

describe('an envelope', () => {
  const envelope = {
    type: 'EnvelopedVerifiableCredential',
    id: `data:application/vc+jwt,${token}`,
  };

  it.each(['vc+jwt', 'vp+jwt', 'vc-ld+jwt', 'jwt', 'vc+ld+json+jwt'])(
    'holds a token of the type %s',
    (type) => {
      expect(readHeld({ ...envelope, id: `data:application/${type},${token}` })).toEqual(asToken);
    },
  );

  it('holds a presentation, or is one of several types', () => {
    for (const type of [
      'EnvelopedVerifiablePresentation',
      ['x', 'EnvelopedVerifiableCredential'],
    ]) {
      expect(readHeld({ ...envelope, type })).toEqual(asToken);
    }
    const other = { ...envelope, type: 'Enveloped' };
    expect(readHeld(other)).toEqual({ kind: 'data-integrity', credential: other });
  });

  it.each<[unknown]>([
    [undefined],
    [[envelope.id]],
    [token],
    [`x${envelope.id}`],
    [`data:application/vc+jwt;base64,${token}`],
    [`data:application/sd+jwt,${token}`],
    ['data:application/vc+jwt,'],
    ['data:application/vc+jwt,a.b'],
    [`data:application/vc+jwt,x,${token}`],
    [`data:application/vc+jwt,${token}\n`],
  ])('is empty with the id %j', async (id) => {
    expect(await problem({ ...envelope, id })).toBe(unreadable);
  });
});
