import { loadContexts } from '../../../src/credentials/documents.ts';
import { checkFormat } from '../../../src/credentials/verify/format.ts';
import { assertReadable, preflight } from '../../../src/credentials/verify/preflight.ts';

const documents = loadContexts();
const v2 = 'https://www.w3.org/ns/credentials/v2';
const openBadges = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';

type Json = Readonly<Record<string, unknown>>;
type Form = 'document' | 'signed as JSON' | 'token';

const plain = { '@context': [v2], type: ['VerifiableCredential'] };

/** `accepted`, or outcome and code, and where. */
async function look(more: Json, form: Form = 'document'): Promise<string> {
  const credential = { ...plain, ...more };
  const secured =
    form === 'token'
      ? { kind: 'jwt' as const, credential, token: '', header: {}, claims: {} }
      : { kind: 'data-integrity' as const, credential };
  const work =
    form === 'signed as JSON'
      ? preflight(secured, documents, false)
      : preflight(secured, documents);
  return work.then(() => 'accepted', nameOf);
}

function nameOf(error: unknown): string {
  const { check, verdict, code, message } = error as Record<string, string>;
  const place = /\((.*)\) that its/.exec(message ?? '')?.[1];
  return [check, verdict, code, place].filter(Boolean).join(' ');
}

const nested = (depth: number): unknown => (depth === 0 ? 'x' : { in: nested(depth - 1) });
const items = (count: number): string[] => Array.from({ length: count }, (_, at) => `${at}`);
/** So many values in all, with the credential's own four. */
const values = (count: number): Json => {
  const rest = count - 4;
  const lists = Math.ceil(rest / 501);
  return {
    many: Object.fromEntries(parts(rest, lists).map((size, at) => [`m${at}`, items(size - 1)])),
  };
};
const parts = (total: number, count: number): number[] =>
  Array.from(
    { length: count },
    (_, at) => Math.floor(total / count) + (at < total % count ? 1 : 0),
  );

const tooComplex = 'format invalid TOO_COMPLEX';

describe('sizes', () => {
  it.each<[string, Json, string]>([
    ['depth 24', { in: nested(23) }, 'accepted'],
    ['depth 25', { in: nested(24) }, tooComplex],
    ['500 in a list', { list: items(500) }, 'accepted'],
    ['501 in a list', { list: items(501) }, tooComplex],
    ['5,000 values', values(5_000), 'accepted'],
    ['5,001 values', values(5_001), tooComplex],
    [
      '20,000 values of a transcript',
      { ...values(19_999), type: ['VerifiableCredential', 'ClrCredential'] },
      'accepted',
    ],
    [
      '20,001 values of a transcript',
      { ...values(20_000), type: ['VerifiableCredential', 'ClrCredential'] },
      tooComplex,
    ],
    ['a text of 16,384', { text: '-'.repeat(16_384) }, 'accepted'],
    ['a text of 16,385', { text: '-'.repeat(16_385) }, tooComplex],
    ['a picture of 400,000', { text: `data:image/${'-'.repeat(399_989)}` }, 'accepted'],
    ['a picture of 400,001', { text: `data:image/${'-'.repeat(399_990)}` }, tooComplex],
    ['a packed list of 400,000', { text: `u${'A'.repeat(399_999)}` }, 'accepted'],
    ['a packed list and more', { text: `u${'A'.repeat(20_000)}=` }, tooComplex],
    ['a long text around a picture', { text: `see data:image/${'-'.repeat(20_000)}` }, tooComplex],
    ['four proofs', { proof: items(4) }, 'accepted'],
    ['five proofs', { proof: items(5) }, tooComplex],
  ])('%s', async (_what, more, expected) => {
    for (const form of ['document', 'signed as JSON', 'token'] as const) {
      expect({ form, found: await look(more, form) }).toEqual({ form, found: expected });
    }
  });

  it('hold for what is read as JSON only', () => {
    expect(() => {
      assertReadable({ '@context': { any: 'thing' }, in: nested(23), none: null });
    }).not.toThrow();
    expect(() => {
      assertReadable({ in: nested(24) });
    }).toThrow('larger or deeper');
  });
});

describe('what hides from readers of JSON', () => {
  const refused = 'format invalid MEMBER_NOT_ALLOWED';

  it.each<[string, Json, string]>([
    ['nothing', { deep: { none: null } }, `${refused} deep.none`],
    ['an empty list', { deep: [{ none: [] }] }, `${refused} deep.none`],
    ['a keyword', { '@nest': {} }, `${refused} its top level`],
    ['a keyword further down', { deep: { '@id': 'urn:x' } }, `${refused} deep`],
    ['an IRI', { 'https://schema.org/name': 'x' }, `${refused} its top level`],
    ['a short IRI', { 'schema:name': 'x' }, `${refused} its top level`],
    ['a class', { deep: { Criteria: 'x' } }, `${refused} deep`],
    ['another class', { Profile: 'x' }, `${refused} its top level`],
    ['a label', { deep: '_:a' }, `${refused} deep`],
    ['a label in a list', { deep: ['a', '_:'] }, `${refused} deep`],
    ['half a character', { deep: '\ud83d' }, `${refused} deep`],
  ])('is refused in a graph: %s', async (_what, more, expected) => {
    expect(await look(more)).toBe(expected);
  });

  it.each(['Achievement', 'Address', 'GeoCoordinates', 'Image'])(
    'may not be the class %s as a member',
    async (name) => {
      expect(await look({ [name]: 'x' })).toBe(`${refused} its top level`);
      expect(await look({ [name]: 'x' }, 'token')).toBe('accepted');
    },
  );

  it.each<[string, Json]>([
    ['nothing', { none: null }],
    ['an empty list', { none: [] }],
    ['a keyword', { '@nest': {} }],
    ['an IRI', { 'https://schema.org/name': 'x' }],
    ['a number with an exponent', { number: 1e-7 }],
  ])('is what it is where the JSON itself is signed: %s', async (_what, more) => {
    expect(await look(more, 'token')).toBe('accepted');
    expect(await look(more, 'signed as JSON')).toBe('accepted');
  });

  it.each(['__proto__', 'constructor', 'prototype'])('%s is refused everywhere', async (name) => {
    const more = JSON.parse(`{"deep":{"${name}":{"x":1}}}`) as Json;
    for (const form of ['document', 'signed as JSON', 'token'] as const) {
      expect(await look(more, form)).toBe(`${refused} deep`);
    }
  });

  it.each<[unknown, boolean]>([
    [7, true],
    [-0.5, true],
    [0.1, true],
    [123456789012345, true],
    [0.1234567890123456, true],
    [1e-7, false],
    [1e21, false],
    [Number('0.12345678901234567'), false],
  ])('the number %p can be signed: %p', async (number, can) => {
    const expected = can ? 'accepted' : 'format invalid NUMBER_NOT_SIGNABLE';
    expect(await look({ number })).toBe(expected);
  });

  it.each<[string, unknown, boolean]>([
    ['name', { '@value': 'x', '@language': 'en' }, true],
    ['description', [{ '@value': 'x', '@language': 'en', '@direction': 'ltr' }], true],
    ['narrative', { '@value': 'x', '@language': 'en' }, false],
    ['name', { '@value': 7, '@language': 'en' }, false],
    ['name', { '@value': 'x', '@type': 'urn:x' }, false],
    ['name', { '@value': 'x', '@language': null }, false],
    ['name', { '@value': '_:x', '@language': 'en' }, false],
  ])('a %s may say its language: %j, %p', async (name, value, may) => {
    expect(await look({ [name]: value })).toBe(may ? 'accepted' : `${refused} ${name}`);
  });
});

describe('contexts', () => {
  const refused = 'format invalid CONTEXT_NOT_ALLOWED';

  it.each<[string, Json, string]>([
    ['known', { '@context': [v2, openBadges] }, 'accepted'],
    ['one without a list', { '@context': v2 }, 'accepted'],
    [
      'unknown',
      { '@context': [v2, 'https://a.example/'] },
      'format unverifiable CONTEXT_NOT_ALLOWED',
    ],
    ['none', { '@context': [] }, refused],
    ['the same twice', { '@context': [v2, v2] }, refused],
    ['eleven', { '@context': items(11) }, refused],
    ['nothing', { '@context': [v2, null] }, refused],
    [
      'definitions in a badge',
      { '@context': [v2, openBadges, { a: 'https://a.example/a' }] },
      refused,
    ],
    ['definitions that matter', { '@context': [v2, { a: 'https://schema.org/name' }] }, refused],
    ['in the middle', { evidence: { '@context': v2 } }, refused],
    ['of a proof', { proof: { '@context': v2 } }, 'accepted'],
    ['of endorsements', { endorsement: [{ '@context': [v2, openBadges] }] }, 'accepted'],
    ['of badges inside', { deep: { verifiableCredential: [{ '@context': v2 }] } }, 'accepted'],
    ['below those', { endorsement: [{ deep: { '@context': v2 } }] }, refused],
  ])('%s', async (_what, more, expected) => {
    expect(await look(more)).toBe(expected);
  });

  it('names the one that is not known', async () => {
    const looking = preflight(
      { kind: 'data-integrity', credential: { ...plain, '@context': [v2, 'https://a.example/'] } },
      documents,
    );
    await expect(looking).rejects.toThrow('not known here: https://a.example/');
  });
});

describe('what every credential has', () => {
  const whole = {
    '@context': [v2],
    id: 'urn:uuid:1',
    type: ['VerifiableCredential'],
    issuer: 'did:web:school.example',
    credentialSubject: { id: 'urn:uuid:2' },
  };
  const check = (credential: Json, kind: 'data-integrity' | 'jwt' = 'data-integrity') =>
    checkFormat(
      kind === 'jwt'
        ? { kind, credential, token: '', header: {}, claims: {} }
        : { kind, credential },
      documents,
    );

  it('passes', async () => {
    const passed = { id: 'format', outcome: 'pass' };
    expect(await check(whole)).toMatchObject({ ...passed, detail: 'A signed document.' });
    expect(await check(whole, 'jwt')).toMatchObject({ ...passed, detail: 'A signed token (JWT).' });
    const { id: _id, ...nameless } = whole;
    expect(await check(nameless)).toMatchObject(passed);
    expect(await check({ ...whole, issuer: { id: 'https://a.example' } })).toMatchObject(passed);
    const two = [{ id: 'urn:uuid:2' }, { id: 'urn:uuid:3' }];
    expect(await check({ ...whole, credentialSubject: two })).toMatchObject(passed);
  });

  it.each<[string, Json, string]>([
    ['no type', { type: [] }, 'NOT_A_CREDENTIAL'],
    ['another first context', { '@context': [openBadges, v2] }, 'CONTEXT_NOT_ALLOWED'],
    ['definitions first', { '@context': [{}, v2] }, 'CONTEXT_NOT_ALLOWED'],
    ['no issuer', { issuer: undefined }, 'ISSUER_MISSING'],
    ['an issuer without id', { issuer: {} }, 'ISSUER_MISSING'],
    ['an issuer that is a name', { issuer: 'School' }, 'ISSUER_MISSING'],
    ['two issuers', { issuer: ['did:web:a', 'did:web:b'] }, 'ISSUER_MISSING'],
    ['an id that is a name', { id: 'badge' }, 'ID_MALFORMED'],
    ['an id that is nothing', { id: '' }, 'ID_MALFORMED'],
    ['no subject', { credentialSubject: undefined }, 'SUBJECT_MISSING'],
    ['a subject that is text', { credentialSubject: 'urn:uuid:2' }, 'SUBJECT_MISSING'],
    [
      'one of two subjects as text',
      { credentialSubject: [{ id: 'urn:x' }, 'urn:y'] },
      'SUBJECT_MISSING',
    ],
  ])('%s', async (_what, change, code) => {
    const expected = { check: 'format', verdict: 'invalid', code };
    await expect(check({ ...whole, ...change }, 'jwt')).rejects.toMatchObject(expected);
  });

  it('is compared with what is signed, unless the JSON is', async () => {
    await expect(check({ ...whole, grade: 'A' })).rejects.toMatchObject({
      code: 'MEMBER_NOT_COVERED',
    });
    expect(await check({ ...whole, grade: 'A' }, 'jwt')).toMatchObject({ outcome: 'pass' });
  });
});
