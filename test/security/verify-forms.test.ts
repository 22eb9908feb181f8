import type { Json } from '../support/json-places.ts';
import { issuer, other, verdict, world } from '../support/verdict.ts';

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
