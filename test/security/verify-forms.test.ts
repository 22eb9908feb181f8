import type { Json } from '../support/json-places.ts';
import { issuer, other, verdict, world } from '../support/verdict.ts';

async function without(name: string): Promise<Json> {
  const { [name]: _taken, ...rest } = await issuer.sign(issuer.badge());
  return rest;
}

describe('a credential that plays with its form', () => {
  it.each<[string, Json, string]>([
    [
      'an unknown vocabulary',
      { '@context': ['https://www.w3.org/ns/credentials/v2', 'https://evil.example/c'] },
      'unverifiable CONTEXT_NOT_ALLOWED',
    ],
    [
      'a vocabulary of its own',
      { '@context': ['https://www.w3.org/ns/credentials/v2', { name: 'urn:x' }] },
      'invalid CONTEXT_NOT_ALLOWED',
    ],
    ['no vocabulary', { '@context': undefined }, 'invalid CONTEXT_NOT_ALLOWED'],
    [
      'vocabularies in another order',
      { '@context': [...(issuer.badge()['@context'] as string[])].reverse() },
      'invalid CONTEXT_NOT_ALLOWED',
    ],
    [
      'new words in the middle',
      { evidence: { '@context': {}, type: ['Evidence'] } },
      'invalid CONTEXT_NOT_ALLOWED',
    ],
    ['an undefined member', { grade: 'A' }, 'unverifiable MEMBER_NOT_COVERED'],
    ['an empty value', { description: null }, 'invalid MEMBER_NOT_ALLOWED'],
    ['an empty list', { evidence: [] }, 'invalid MEMBER_NOT_ALLOWED'],
    ['a nest', { '@nest': { description: 'x' } }, 'invalid MEMBER_NOT_ALLOWED'],
    ['a written-out name', { 'https://schema.org/name': 'x' }, 'invalid MEMBER_NOT_ALLOWED'],
    ['a label', { evidence: { id: '_:a', type: ['Evidence'] } }, 'invalid MEMBER_NOT_ALLOWED'],
    ['a number with an exponent', { description: 1e-7 }, 'invalid NUMBER_NOT_SIGNABLE'],
    ['five proofs', { proof: Array(5).fill({}) }, 'invalid TOO_COMPLEX'],
    ['no proof', { proof: undefined }, 'invalid PROOF_MISSING'],
    [
      'a proof of another kind',
      { proof: { type: 'Ed25519Signature2020' } },
      'unverifiable PROOF_NOT_SUPPORTED',
    ],
    ['a proof that is text', { proof: 'signed' }, 'invalid SCHEMA_INVALID'],
    ['no issuer', { issuer: undefined }, 'invalid ISSUER_MISSING'],
    ['two issuers', { issuer: [issuer.did, other.did] }, 'invalid ISSUER_MISSING'],
    ['no subject', { credentialSubject: undefined }, 'invalid SUBJECT_MISSING'],
    ['a date of another kind', { validFrom: '22.11.2026' }, 'invalid SCHEMA_INVALID'],
  ])('is not accepted with %s', async (_name, change, expected) => {
    const where = await world();
    const badge = JSON.parse(
      JSON.stringify({ ...(await issuer.sign(issuer.badge())), ...change }),
    ) as Json;
    expect(await verdict(badge, where)).toBe(expected);
    expect(where.asked.filter((url) => url.includes('evil'))).toEqual([]);
  });

  it('is refused with a prototype in it', async () => {
    const text = JSON.stringify(await issuer.sign(issuer.badge()));
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      expect(await verdict(text.replace('{', `{"${name}":{"polluted":true},`))).toBe(
        'invalid MEMBER_NOT_ALLOWED',
      );
    }
  });

  it.each<[string, unknown]>([
    ['a number', '7'],
    ['text', 'hello'],
    ['an empty text', ''],
    ['an empty object', {}],
    ['a list', '[]'],
    ['an envelope with nothing in it', { type: 'EnvelopedVerifiableCredential', id: 'data:,x' }],
    ['dots', 'a.b.c'],
    [
      'a presentation',
      { '@context': ['https://www.w3.org/ns/credentials/v2'], type: 'VerifiablePresentation' },
    ],
  ])('is told plainly when it is none: %s', async (_name, input) => {
    expect(await verdict(input as string)).toBe('invalid NOT_A_CREDENTIAL');
  });

  it('loses its validity with any of its members', async () => {
    for (const name of Object.keys(issuer.badge())) {
      expect(await verdict(await without(name))).not.toBe('valid');
    }
  });
});

describe('a credential that wants to keep us busy', () => {
  /** Everybody points at everybody, and nobody has a name (RDFC-1.0 §7.1, dataset poisoning). */
  function clique(size: number): Json[] {
    const names = Array.from({ length: size }, (_, index) => `_:n${index}`);
    return names.map((id) => ({ id, type: ['VerifiableCredential'], evidence: names }));
  }

  it.each<[string, () => Json]>([
    [
      'nesting',
      () => {
        let deep: Json = {};
        for (let i = 0; i < 10_000; i += 1) deep = { evidence: deep };
        return { evidence: deep };
      },
    ],
    ['many tags', () => ({ tag: Array.from({ length: 12_000 }, (_, i) => `t${i}`) })],
    [
      'many vocabularies',
      () => ({ endorsement: Array.from({ length: 450 }, () => ({ '@context': { a: 'urn:a' } })) }),
    ],
    ['long text', () => ({ description: 'x'.repeat(100_000) })],
    ['a knot of nameless nodes', () => ({ credentialSubject: clique(10) })],
    [
      'many equal nodes without names',
      () => ({ evidence: Array(400).fill({ type: ['Evidence'], name: 'same' }) }),
    ],
  ])('is refused before it costs anything: %s', async (_name, change) => {
    const badge = { ...(await issuer.sign(issuer.badge())), ...change() };
    const where = await world();
    expect(await verdict(badge, where)).not.toBe('valid');
    expect(where.asked.length).toBeLessThan(3);
  });

  it('asks the network at most eight times', async () => {
    const entries = Array.from({ length: 4 }, (_, i) => ({
      ...(issuer.badge().credentialStatus as Json),
      statusListCredential: `https://evil.example/${i}`,
    }));
    const endorsements = Array.from({ length: 15 }, (_, i) =>
      other.signToken(
        other.claims(
          other.badge({
            issuer: { id: `did:web:e${i}.example`, type: ['Profile'] },
            type: ['VerifiableCredential', 'EndorsementCredential'],
            name: 'Endorsement',
            credentialSubject: { id: issuer.badge().id, type: ['EndorsementSubject'] },
          }),
        ),
      ),
    );
    const where = await world();
    const claims = issuer.claims(
      issuer.badge({ credentialStatus: entries, endorsementJwt: endorsements }),
    );
    expect((await where.verify(issuer.signToken(claims))).verified).toBe(false);
    expect(where.asked.length).toBeLessThanOrEqual(8);
  });
});
