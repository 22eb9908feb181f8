import { resolveDidKey } from '../../../../src/credentials/did-methods.ts';
import { checkPresented } from '../../../../src/credentials/verify/presented.ts';
import { failed, pass, Problem, skip } from '../../../../src/credentials/verify/problem.ts';
import { refresh } from '../../../../src/credentials/verify/refresh.ts';
import {
  assertNotListed,
  checkRevocationList,
} from '../../../../src/credentials/verify/revocation-list.ts';
import type { Finding } from '../../../../src/credentials/verify/types.ts';
import { FetchError } from '../../../../src/shared/safe-fetch.ts';
import { createHolder } from '../../../support/holder.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';
import { openSession } from '../../../support/session.ts';

const refused = new FetchError('fetch.blocked', 'No.');
const url = 'https://school.example/list';

describe('a list of what was revoked', () => {
  const listing = { url, issuer: 'urn:issuer', member: 'revokedCredential' } as const;
  const look = (published: unknown, id = 'urn:uuid:1') =>
    problemOf(() => assertNotListed({ ...listing, id }, openSession({ [url]: published }).session));
  const revoked = 'status revoked REVOKED';
  const notOne = 'status unverifiable STATUS_VERIFICATION_ERROR';

  it.each<[unknown, string]>([
    [{ revokedCredential: [] }, 'passes'],
    [{ issuer: 'urn:issuer', revokedCredential: ['urn:uuid:2'] }, 'passes'],
    [{ issuer: { id: 'urn:issuer' }, revokedCredential: ['urn:uuid:1'] }, revoked],
    [{ revokedCredential: [{ id: 'urn:uuid:1' }] }, revoked],
    [{ revokedCredential: [{ id: 'urn:uuid:1', revoked: true }] }, revoked],
    [{ revokedCredential: [{ id: 'urn:uuid:1', revoked: false }] }, 'passes'],
    [{ revokedCredential: [' urn:uuid:1 '] }, revoked],
    [{ revokedCredential: ['urn%3Auuid%3A1'] }, revoked],
    [{ revokedCredential: [undefined, null, 7, {}] }, 'passes'],
    [{ issuer: 'urn:other', revokedCredential: [] }, notOne],
    [{ issuer: null, revokedCredential: [] }, notOne],
    [{ revokedAssertions: [] }, notOne],
    [{ revokedCredential: 'urn:uuid:1' }, notOne],
    ['text', notOne],
    [{ revokedCredential: Array(20_000).fill('x') }, 'passes'],
    [{ revokedCredential: Array(20_001).fill('x') }, notOne],
    [undefined, 'status unverifiable STATUS_RETRIEVAL_ERROR'],
    [refused, 'status unverifiable FETCH_BLOCKED'],
  ])('%#', async (published, expected) => {
    expect(await look(published)).toBe(expected);
  });

  it('compares what cannot be decoded as it stands', async () => {
    expect(await look({ revokedCredential: ['urn:%zz'] }, ' urn:%zz ')).toBe(revoked);
    expect(await look({ revokedCredential: ['urn:%zy'] }, 'urn:%zz')).toBe('passes');
  });

  it('is not excused by a fault of ours', async () => {
    await expect(look(new TypeError('bug'))).rejects.toThrow(TypeError);
  });

  it.each<[Json, Json, string]>([
    [{ id: url }, { id: 'urn:uuid:1', issuer: 'urn:issuer' }, revoked],
    [{ id: url }, { id: 'urn:uuid:2', issuer: { id: 'urn:issuer' } }, 'passes'],
    [{ id: url }, { id: 'urn:uuid:2', issuer: 'urn:other' }, notOne],
    [{}, { id: 'urn:uuid:1' }, 'status invalid STATUS_MALFORMED'],
    [{ id: url }, {}, 'status invalid STATUS_MALFORMED'],
  ])('is named by the entry %j of %j: %s', async (entry, credential, expected) => {
    const list = { issuer: 'urn:issuer', revokedCredential: ['urn:uuid:1'] };
    const { session } = openSession({ [url]: list });
    expect(await problemOf(() => checkRevocationList(entry, credential, session))).toBe(expected);
  });
});

describe('a newer version', () => {
  const service = { id: url, type: '1EdTechCredentialRefresh' };
  const badge: Json = {
    id: 'urn:uuid:1',
    issuer: 'urn:issuer',
    validFrom: '2026-01-01T00:00:00Z',
    refreshService: service,
  };
  const newer = { ...badge, validFrom: '2026-02-01T00:00:00Z', name: 'New' };
  const before = [pass('proof', ''), pass('validity', 'In force.')];
  const good = [pass('proof', ''), pass('validity', 'Good.')];

  /** `kept`, `kept, told`, or the one that counts now. */
  async function look(credential: Json, published: unknown, found: readonly Finding[] = good) {
    const { session } = openSession({ [url]: published });
    const held = { secured: { kind: 'data-integrity', credential } as const, findings: before };
    const { secured, findings } = await refresh(held, session, () => Promise.resolve(found));
    const details = findings.map(({ detail }) => detail);
    if (secured.credential !== credential) return details.join('|');
    expect(findings).toHaveLength(2);
    expect(details[0]).toBe('');
    return details[1] === 'In force.' ? 'kept' : 'kept, told';
  }
  const replaced = '|Good. Its issuer has a newer version, and that one was looked at.';

  it.each<[string, Json, unknown, string]>([
    ['at its address', badge, newer, replaced],
    ['as a text', badge, JSON.stringify(newer), replaced],
    ['of the same time', badge, badge, 'kept'],
    ['that is older', badge, { ...newer, validFrom: '2025-01-01T00:00:00Z' }, 'kept, told'],
    ['without a date', badge, { ...newer, validFrom: undefined }, 'kept, told'],
    [
      'of the other data model',
      badge,
      { ...newer, validFrom: undefined, issuanceDate: newer.validFrom },
      replaced,
    ],
    ['for one without a date', { ...badge, validFrom: undefined }, newer, 'kept, told'],
    [
      'for one without an id',
      { ...badge, id: undefined },
      { ...newer, id: undefined },
      'kept, told',
    ],
    ['with another id', badge, { ...newer, id: 'urn:uuid:2' }, 'kept, told'],
    ['of another issuer', badge, { ...newer, issuer: 'urn:other' }, 'kept, told'],
    [
      'of the same issuer, written out',
      badge,
      { ...newer, issuer: { id: 'urn:issuer' } },
      replaced,
    ],
    ['that is nothing', badge, 7, 'kept, told'],
    ['that is not to be had', badge, undefined, 'kept, told'],
    ['that nobody names', { ...badge, refreshService: undefined }, newer, 'kept'],
    ['of another kind', { ...badge, refreshService: { ...service, type: 'Other' } }, newer, 'kept'],
    ['at no address', { ...badge, refreshService: { type: service.type } }, newer, 'kept, told'],
    [
      'of one of several kinds',
      { ...badge, refreshService: [null, 'x', service] },
      newer,
      replaced,
    ],
  ])('%s', async (_what, credential, published, expected) => {
    expect(await look(credential, published)).toBe(expected);
  });

  it('counts when it holds, or when its issuer ended it', async () => {
    const wrong = (check: 'validity' | 'proof' | 'schema', verdict: Problem['verdict']) =>
      failed(new Problem(check, verdict, 'X', 'Wrong.'));
    const proof = pass('proof', '');
    expect(await look(badge, newer, [proof, wrong('validity', 'expired')])).toContain('Wrong.');
    for (const found of [
      [wrong('proof', 'invalid')],
      [skip('proof', '')],
      [proof, wrong('validity', 'not_yet_valid')],
      [proof, wrong('schema', 'invalid')],
      [],
    ]) {
      expect(await look(badge, newer, found)).toBe('kept, told');
    }
  });
});

describe('a presentation that somebody handed in', () => {
  const context = ['https://www.w3.org/ns/credentials/v2'];
  const inside = { '@context': context, id: 'urn:uuid:1', type: ['VerifiableCredential'] };
  const plain: Json = { '@context': context, type: ['VerifiablePresentation'] };
  const look = (credential: Json, published: Json = {}) =>
    checkPresented({ kind: 'data-integrity', credential }, openSession(published).session, () =>
      Promise.resolve([pass('proof', '')]),
    );
  const codes = async (credential: Json, published: Json = {}) =>
    (await look(credential, published)).map(({ id, outcome, code }) =>
      [id, outcome, code].filter(Boolean).join(' '),
    );

  it('says how much it holds', async () => {
    const [one] = await look({ ...plain, verifiableCredential: inside });
    expect(one?.detail).toBe(
      'A presentation of one credential. A presentation without a signature.',
    );
    const [two] = await look({ ...plain, verifiableCredential: [inside, inside] });
    expect(two?.detail).toContain('A presentation of 2 credentials.');
  });

  it('is only told to be none when it is none', async () => {
    expect(await codes({ ...plain, type: 'Other' })).toEqual(['format fail NOT_A_PRESENTATION']);
  });

  it('may be signed by whoever is a DID that can be looked up', async () => {
    const holder = createHolder();
    const members = { verifiableCredential: [inside] };
    expect(await codes(await holder.present(members, {}))).toEqual([
      'format pass',
      'proof warn CHALLENGE_UNKNOWN',
      'nested pass',
    ]);
    const by = async (did: string, published: Json = {}) =>
      (
        await codes(await holder.present(members, { verificationMethod: `${did}#1` }), published)
      )[1];
    const web = 'did:web:holder.example';
    const resolution = resolveDidKey(holder.did);
    const document = 'document' in resolution ? resolution.document : {};
    const address = 'https://holder.example/.well-known/did.json';
    expect(await by(web)).toBe('issuer fail ISSUER_UNREACHABLE');
    expect(await by(web, { [address]: { ...document, id: web } })).toBe(
      'proof fail KEY_NOT_AUTHORIZED',
    );
    for (const did of [
      'did:key:z6Mk',
      'did:jwk:e30',
      'did:other:1',
      `xdid:key:${holder.multikey}`,
    ]) {
      expect(await by(did)).toBe('proof fail HOLDER_UNREACHABLE');
    }
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32, 1).toString('base64url') };
    const wrapped = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
    expect(await by(wrapped)).toBe('proof fail KEY_NOT_AUTHORIZED');
  });
});
