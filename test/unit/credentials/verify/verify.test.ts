import { createIssuer } from '../../../support/issuer.ts';
import type { Json } from '../../../support/json-places.ts';
import { createWorld } from '../../../support/world.ts';

const issuer = createIssuer();
const badge = issuer.badge({ credentialStatus: undefined });
const expired = issuer.badge({
  credentialStatus: undefined,
  validUntil: '2026-11-23T00:00:00Z',
});
const now = '2026-12-01T00:00:00Z';
const world = createWorld({ [issuer.documentUrl]: issuer.document }, { now });
const empty = createWorld({}, { now });

describe('the answer to a credential', () => {
  it('says of each proof whether it holds, where there are proofs', async () => {
    const signed = await issuer.sign(badge);
    const { proof } = signed;
    const broken = { ...(proof as Json), created: '2026-11-22T10:00:01Z' };
    const found = await world.verify({ ...signed, proof: [broken, proof] });
    expect(found).toMatchObject({ verified: true, outcome: 'valid', proofs: [false, true] });
    expect(found.verifiedAt).toBe('2026-12-01T00:00:00Z');
    const token = await world.verify(issuer.signToken(issuer.claims(badge)));
    expect(token.outcome).toBe('valid');
    expect(token).not.toHaveProperty('proofs');
    for (const check of [...found.checks, ...token.checks]) {
      expect(check).not.toHaveProperty('verdict');
      expect(check).not.toHaveProperty('proofs');
    }
  });

  it('is about its dates only where its signature holds', async () => {
    const signed = await issuer.sign(expired);
    expect((await world.verify(signed)).outcome).toBe('expired');
    expect((await world.verify({ ...signed, name: 'Other' })).outcome).toBe('invalid');
    const unreachable = await empty.verify(signed);
    expect(unreachable.outcome).toBe('unverifiable');
    expect(unreachable.checks.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
      'format pass',
      'schema pass',
      'proof skip',
      'issuer fail',
      'validity fail',
      'status skip',
    ]);
  });

  it('shows what was looked at, unless it is deeper than anybody should hand on', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 'end' : [nested(depth - 1)]);
    const shown = async (depth: number) => {
      const credential = { flat: {}, deep: nested(depth), text: 'x', nothing: null };
      const found = await empty.verify(credential);
      expect(found.verified).toBe(false);
      return 'credential' in found ? found.credential : 'not shown';
    };
    expect(await shown(99)).toMatchObject({ text: 'x' });
    expect(await shown(100)).toBe('not shown');
    expect(await shown(5_000)).toBe('not shown');
  });

  it('is an answer, whatever is handed in', async () => {
    const found = await empty.verify('no credential');
    expect(found).toMatchObject({ verified: false, outcome: 'invalid' });
    expect(found.checks).toMatchObject([{ id: 'format', code: 'NOT_A_CREDENTIAL' }]);
    expect(found).not.toHaveProperty('credential');
  });
});
