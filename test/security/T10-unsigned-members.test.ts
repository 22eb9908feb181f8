import { openTarget, type Target } from '../support/attack.ts';
import type { Json } from '../support/json-places.ts';

// T10 (S06): something is added that no signature covers, to be shown beside what is signed.

const lie = 'Summa cum laude';
let target: Target;

beforeAll(async () => {
  target = await openTarget();
});
afterAll(async () => {
  await target.close('T10 unsigned members');
});

const cases: readonly (readonly [string, Json, string])[] = [
  ['a member that no vocabulary defines', { grade: lie }, 'unverifiable MEMBER_NOT_COVERED'],
  ['an empty value', { description: null }, 'invalid MEMBER_NOT_ALLOWED'],
  ['an empty list', { evidence: [] }, 'invalid MEMBER_NOT_ALLOWED'],
  ['a nest', { '@nest': { description: lie } }, 'invalid MEMBER_NOT_ALLOWED'],
  ['a written-out name', { 'https://schema.org/name': lie }, 'invalid MEMBER_NOT_ALLOWED'],
  ['a comment', { '@index': lie }, 'invalid MEMBER_NOT_ALLOWED'],
  [
    'a label',
    { evidence: { id: '_:a', type: ['Evidence'], name: lie } },
    'invalid MEMBER_NOT_ALLOWED',
  ],
  [
    'a member that its vocabulary takes away',
    {
      '@context': [
        'https://www.w3.org/ns/credentials/v2',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
        { grade: null },
      ],
      grade: lie,
    },
    'invalid CONTEXT_NOT_ALLOWED',
  ],
  ['a number with an exponent', { description: 1e-7 }, 'invalid NUMBER_NOT_SIGNABLE'],
  [
    'a relative address',
    { evidence: { id: 'report', type: ['Evidence'], name: lie } },
    'unverifiable MEMBER_NOT_COVERED',
  ],
  [
    'a member of another type',
    { credentialSubject: { type: ['AchievementSubject'], encodedList: lie } },
    'unverifiable MEMBER_NOT_COVERED',
  ],
];

it.each(cases)('S06: a badge with %s is not accepted', async (name, change, expected) => {
  const { school, attack } = target;
  const { answer } = await attack(name, { ...(await school.sign(school.badge())), ...change });
  expect(answer).toBe(expected);
});

it.each(['__proto__', 'constructor', 'prototype'])(
  'S06: a badge with %s changes nobody’s prototype',
  async (name) => {
    const { school, attack } = target;
    const text = JSON.stringify(await school.sign(school.badge()));
    const { answer } = await attack(name, text.replace('{', `{"${name}":{"polluted":"${lie}"},`));
    expect(answer).toBe('invalid MEMBER_NOT_ALLOWED');
    expect(({} as Json).polluted).toBeUndefined();
  },
);

it('S06: the page says of no added word that it is proven', async () => {
  const { school, base } = target;
  for (const [, change] of cases) {
    const form = new FormData();
    form.set('text', JSON.stringify({ ...(await school.sign(school.badge())), ...change }));
    const page = await fetch(`${base}/verify`, {
      method: 'POST',
      body: form,
      headers: { accept: 'text/html', 'x-forwarded-for': `10.9.9.${cases.length}` },
    });
    const html = await page.text();
    expect(html).not.toContain(lie);
    expect(html).not.toContain('What the badge says');
  }
});

it('a badge without any of its members is not valid', async () => {
  const { school, attack } = target;
  for (const name of Object.keys(school.badge())) {
    const { [name]: _taken, ...rest } = await school.sign(school.badge());
    const { answer } = await attack(`without ${name}`, rest);
    expect({ name, answer }).not.toMatchObject({ answer: 'valid' });
  }
});

it.each<[string, Json, string]>([
  ['five proofs', { proof: Array(5).fill({}) }, 'invalid TOO_COMPLEX'],
  ['no proof', { proof: undefined }, 'invalid PROOF_MISSING'],
  [
    'a proof of another kind',
    { proof: { type: 'Ed25519Signature1900' } },
    'unverifiable PROOF_NOT_SUPPORTED',
  ],
  ['a proof that is text', { proof: 'signed' }, 'invalid SCHEMA_INVALID'],
  ['no issuer', { issuer: undefined }, 'invalid ISSUER_MISSING'],
  ['two issuers', { issuer: ['did:web:a.example', 'did:web:b.example'] }, 'invalid ISSUER_MISSING'],
  ['no subject', { credentialSubject: undefined }, 'invalid SUBJECT_MISSING'],
  ['a date of another kind', { validFrom: '22.11.2026' }, 'invalid SCHEMA_INVALID'],
])('a badge with %s is not accepted', async (name, change, expected) => {
  const { school, attack } = target;
  const { answer } = await attack(name, { ...(await school.sign(school.badge())), ...change });
  expect(answer).toBe(expected);
});

it.each<[string, string | object]>([
  ['a number', '7'],
  ['text', 'hello'],
  ['an empty object', {}],
  ['a list', '[]'],
  ['an envelope with nothing in it', { type: 'EnvelopedVerifiableCredential', id: 'data:,x' }],
  ['dots', 'a.b.c'],
])('what is no credential is told so: %s', async (name, input) => {
  expect((await target.attack(name, input)).answer).toBe('invalid NOT_A_CREDENTIAL');
});
