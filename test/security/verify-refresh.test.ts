import type { Json } from '../support/json-places.ts';
import { issuer, other, world } from '../support/verdict.ts';
import type { Answer } from '../support/world.ts';

const url = 'https://school.example/newest';
const later = '2026-11-25T00:00:00Z';

function badge(change: Json = {}): Json {
  return issuer.badge({
    '@context': [
      ...(issuer.badge()['@context'] as string[]),
      'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
    ],
    refreshService: { id: url, type: '1EdTechCredentialRefresh' },
    ...change,
  });
}

/** What is made of a badge when its issuer keeps this at the address for newer versions. */
async function judge(newest: unknown, handed: Json = {}, set: readonly number[] = []) {
  const where = await world(set, { [url]: newest });
  const { outcome, checks, credential } = await where.verify(await issuer.sign(badge(handed)));
  const validity = checks.find(({ id }) => id === 'validity')?.detail ?? '';
  const isNewer = validity.includes('newer version, and that one was looked at');
  const isTold = validity.includes('none could be had from there');
  return {
    outcome,
    from: credential?.validFrom,
    told: isNewer ? 'newer' : isTold ? 'not had' : 'nothing',
    asked: where.asked.filter((place) => place === url).length,
  };
}

const old = { outcome: 'valid', from: '2026-11-22T09:00:00Z', told: 'not had', asked: 1 };

describe('a badge that its issuer can renew', () => {
  it('counts in its newer version, as document or token', async () => {
    const newer = badge({ validFrom: later, name: 'Corrected' });
    const expected = { outcome: 'valid', from: later, told: 'newer', asked: 1 };
    expect(await judge(await issuer.sign(newer))).toEqual(expected);
    expect(await judge(issuer.signToken(issuer.claims(newer)))).toEqual(expected);
  });

  it('is in force again when it was renewed, and ends when its issuer now says so', async () => {
    const over = { validUntil: '2026-11-23T00:00:00Z' };
    const renewed = await issuer.sign(badge({ validFrom: later }));
    expect(await judge(renewed, over)).toMatchObject({ outcome: 'valid', told: 'newer' });
    const ended = await issuer.sign(badge({ validFrom: later, validUntil: later }));
    expect(await judge(ended)).toMatchObject({ outcome: 'expired', told: 'newer' });
  });

  it('is revoked when its newer version is', async () => {
    const newer = await issuer.sign(badge({ validFrom: later }));
    expect(await judge(newer, {}, [7])).toMatchObject({ outcome: 'revoked', told: 'newer' });
  });

  it('says nothing when it is the newest', async () => {
    expect(await judge(await issuer.sign(badge()))).toEqual({ ...old, told: 'nothing' });
  });

  it.each<[string, () => unknown]>([
    ['nobody answers', () => undefined],
    ['there is a page', () => '<html>'],
    ['it is gone', () => (() => ({ status: 410 })) satisfies Answer],
    ['it is not signed', () => badge({ validFrom: later })],
    ['it was changed', async () => ({ ...(await issuer.sign(badge())), validFrom: later })],
    ['somebody else signed it', () => other.sign(badge({ validFrom: later }))],
    [
      'somebody else issued it',
      () => other.sign(badge({ validFrom: later, issuer: { id: other.did, type: ['Profile'] } })),
    ],
    ['it is another badge', () => issuer.sign(badge({ validFrom: later, id: 'urn:uuid:1' }))],
    ['it is older', () => issuer.sign(badge({ validFrom: '2026-11-01T00:00:00Z' }))],
    ['it begins later than today', () => issuer.sign(badge({ validFrom: '2027-01-01T00:00:00Z' }))],
    ['it is malformed', () => issuer.sign(badge({ validFrom: later, evidence: 7 }))],
  ])('counts as it was handed in, and tells so, when %s', async (_name, newest) => {
    expect(await judge(await newest())).toEqual(old);
  });

  it('stays revoked or over when nothing newer can be had', async () => {
    expect((await judge(undefined, {}, [7])).outcome).toBe('revoked');
    expect((await judge(undefined, { validUntil: later })).outcome).toBe('expired');
  });

  it('is renewed once, however far the chain goes', async () => {
    const next = { id: 'https://school.example/next', type: '1EdTechCredentialRefresh' };
    const newer = await issuer.sign(badge({ validFrom: later, refreshService: next }));
    const where = await world([], { [url]: newer });
    await where.verify(await issuer.sign(badge()));
    expect(where.asked).not.toContain(next.id);
  });

  it('asks nobody when its own signature does not hold, or inside the network', async () => {
    const where = await world([], { [url]: await issuer.sign(badge({ validFrom: later })) });
    await where.verify({ ...(await issuer.sign(badge())), name: 'Other' });
    expect(where.asked).not.toContain(url);
    const inside = { id: 'http://169.254.169.254/', type: '1EdTechCredentialRefresh' };
    expect(await judge(undefined, { refreshService: inside })).toEqual({ ...old, asked: 0 });
  });

  it('is not asked about when it stands inside of another', async () => {
    const where = await world([], {});
    const presentation = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      type: ['VerifiablePresentation'],
      verifiableCredential: [await issuer.sign(badge())],
    };
    expect((await where.verify(presentation)).outcome).toBe('valid');
    expect(where.asked).not.toContain(url);
  });
});
