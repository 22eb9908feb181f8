import { encodeBitstring } from '../../src/credentials/status/bitstring.ts';
import { suiteNames } from '../support/foreign-issuer.ts';
import { issuer as college, verdictOf as verdictOfCollege } from '../support/foreign-world.ts';
import type { Json } from '../support/json-places.ts';
import { issuer, now, other, verdict, verdictOf, world } from '../support/verdict.ts';
import { createWorld } from '../support/world.ts';

// What is handed in and is no badge of today's kind: lists, endorsements, version 1.1, and mixtures of them.

const nameOf = async (input: object | string) => {
  const { checks, ...result } = await (await world()).verify(input);
  const { title, outcome } = checks.find(({ id }) => id === 'schema') ?? {};
  return { verdict: verdictOf({ checks, ...result }), title, outcome };
};

describe('a status list', () => {
  const signed = (subject: Json = {}, change: Json = {}) =>
    issuer.sign({ ...issuer.statusList([7], subject), ...change });

  it('is told from a badge, signed as a document or a token', async () => {
    const expected = {
      verdict: 'valid',
      title: 'It is a status list, not a badge',
      outcome: 'pass',
    };
    expect(await nameOf(await signed())).toEqual(expected);
    const list = issuer.statusList([7]);
    expect(await nameOf(issuer.signToken(issuer.claims(list)))).toEqual(expected);
  });

  it.each<[string, Json, string]>([
    ['is too short', { encodedList: encodeBitstring(new Uint8Array(16_383)) }, 'LIST_LENGTH_ERROR'],
    ['is empty', { encodedList: encodeBitstring(new Uint8Array()) }, 'LIST_LENGTH_ERROR'],
    ['is not packed', { encodedList: `u${'A'.repeat(22_000)}` }, 'MALFORMED'],
    ['is text', { encodedList: 'none' }, 'MALFORMED'],
    ['has nothing in it', { encodedList: undefined }, 'MALFORMED'],
    ['does not say what it is for', { statusPurpose: undefined }, 'MALFORMED'],
    ['is of another kind', { type: 'StatusList2021' }, 'MALFORMED'],
  ])('is invalid when it %s', async (_name, subject, code) => {
    const token = issuer.signToken(issuer.claims(issuer.statusList([7], subject)));
    expect(await verdict(token)).toBe(`invalid STATUS_${code}`);
  });

  it('is let be when it would fill the memory', async () => {
    const bomb = { encodedList: encodeBitstring(new Uint8Array(20_000_000)) };
    const token = issuer.signToken(issuer.claims(issuer.statusList([], bomb)));
    expect(await verdict(token)).toBe('unverifiable STATUS_LIST_LENGTH_ERROR');
  });

  it('is checked like every credential', async () => {
    const list = await signed();
    const bits = issuer.statusList([]).credentialSubject;
    expect(await verdict({ ...list, credentialSubject: bits })).toBe('invalid PROOF_INVALID');
    expect(await verdict(issuer.statusList())).toBe('invalid PROOF_MISSING');
    expect(await verdict(await other.sign(issuer.statusList()))).toBe('invalid KEY_NOT_AUTHORIZED');
    expect(await verdict(await signed({}, { validUntil: '2026-11-30T00:00:00Z' }))).toBe(
      'expired EXPIRED',
    );
  });
});

describe('a stolen key of a school of this installation', () => {
  const judge = async (credential: Json) => {
    const where = createWorld(
      { [issuer.documentUrl]: issuer.document, [issuer.listUrl]: issuer.statusList() },
      {
        now,
        findIssuer: () => Promise.resolve({ own: true, listings: [], unread: [] }),
        findLogged: () => Promise.resolve(undefined),
      },
    );
    return verdict(await issuer.sign(credential), where);
  };

  it('signs nothing that passes for a list, and is not looked for in the log', async () => {
    const { credentialStatus: _status, ...badge } = issuer.badge();
    expect(await judge(badge)).toBe('unverifiable NOT_IN_ISSUANCE_LOG');
    const listType = 'BitstringStatusListCredential';
    expect(await judge({ ...badge, type: [...(badge.type as string[]), listType] })).toBe(
      'invalid TYPE_MIXED',
    );
    const list = issuer.statusList();
    expect(await judge(list)).toBe('valid');
    const more = { ...list, type: [...(list.type as string[]), 'JsonSchemaCredential'] };
    expect(await judge(more)).toBe('unverifiable NOT_IN_ISSUANCE_LOG');
  });
});

describe('an endorsement', () => {
  const endorsement = (change: Json = {}) => {
    const { credentialStatus: _status, ...rest } = issuer.badge({
      type: ['VerifiableCredential', 'EndorsementCredential'],
      name: 'Endorsement',
      credentialSubject: {
        id: 'https://school.example/achievements/1',
        type: ['EndorsementSubject'],
        endorsementComment: 'We teach by it.',
      },
      ...change,
    });
    return rest;
  };

  it('verifies by itself, as a document and as a token', async () => {
    expect(await nameOf(await issuer.sign(endorsement()))).toMatchObject({
      verdict: 'valid',
      outcome: 'pass',
    });
    expect(await verdict(issuer.signToken(issuer.claims(endorsement())))).toBe('valid');
  });

  it('does not verify when it lacks its subject or was changed', async () => {
    const { credentialSubject } = issuer.badge();
    expect(await verdict(await issuer.sign(endorsement({ credentialSubject })))).toBe(
      'invalid SCHEMA_INVALID',
    );
    const signed = await issuer.sign(endorsement());
    expect(await verdict({ ...signed, name: 'Accreditation' })).toBe('invalid PROOF_INVALID');
  });
});

describe('something that claims to be two things', () => {
  it.each([
    ['AchievementCredential', 'EndorsementCredential'],
    ['OpenBadgeCredential', 'ClrCredential'],
    ['EndorsementCredential', 'BitstringStatusListCredential'],
  ])('is refused: %s and %s', async (...types) => {
    const badge = issuer.badge({ type: ['VerifiableCredential', ...types] });
    expect(await verdict(issuer.signToken(issuer.claims(badge)))).toBe('invalid TYPE_MIXED');
  });
});

describe('a badge of version 1.1 of the data model', () => {
  const { validFrom, ...rest } = issuer.badge({ name: 'Linear functions' });
  const older = {
    ...rest,
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://w3id.org/security/data-integrity/v2',
      'https://www.w3.org/ns/credentials/status/v1',
    ],
    issuanceDate: validFrom,
  };
  const { id } = rest.credentialSubject as Json;
  const claims = {
    iss: issuer.did,
    jti: rest.id,
    sub: id,
    nbf: Date.parse(String(validFrom)) / 1000,
  };

  it('is an Open Badge in a token, too', async () => {
    const token = issuer.signToken({ ...claims, vc: older });
    expect(await nameOf(token)).toMatchObject({ verdict: 'valid', outcome: 'pass' });
  });

  it.each<[string, Json]>([
    ['of version 2.0 in the claim of version 1.1', { ...claims, vc: issuer.badge() }],
    ['of version 1.1 where version 2.0 stands', { ...claims, ...older }],
    ['twice', { ...issuer.claims(), vc: older }],
    ['and a presentation', { ...claims, vc: older, vp: older }],
    [
      'with the dates of version 2.0',
      { ...claims, vc: { ...rest, '@context': older['@context'], validFrom } },
    ],
    ['with another issuer outside', { ...claims, iss: other.did, vc: older }],
    ['with another earner outside', { ...claims, sub: 'urn:uuid:1', vc: older }],
    ['that begins earlier outside', { ...claims, nbf: claims.nbf - 86_400, vc: older }],
  ])('is refused in a token: %s', async (_name, mixed) => {
    expect(await verdict(issuer.signToken(mixed))).toMatch(/^invalid /);
  });

  it('ends by the dates of either version', async () => {
    for (const end of ['validUntil', 'expirationDate']) {
      const over = { ...older, [end]: '2026-11-30T00:00:00Z' };
      const token = issuer.signToken({ ...claims, vc: over });
      expect(await verdict(token)).not.toBe('valid');
    }
  });

  it.each(suiteNames)('does not turn into one of version 2.0, signed with %s', async (name) => {
    const { validFrom: from, ...others } = college.badge({ name: 'Linear functions' });
    const contexts = [...older['@context']];
    const mandatory = ['/issuer', '/issuanceDate', '/credentialStatus', '/name'];
    const given = { ...others, '@context': contexts, issuanceDate: from };
    const signed = await college.sign(name, given, { mandatory });
    expect(await verdictOfCollege(signed)).toBe('valid');
    const { issuanceDate: _date, ...bare } = signed;
    const v2 = 'https://www.w3.org/ns/credentials/v2';
    const [first, ...more] = signed['@context'] as string[];
    for (const change of [
      { ...bare, validFrom: from },
      { ...bare, '@context': [v2, ...more], validFrom: from },
      { ...signed, '@context': [v2, first, ...more] },
      { ...signed, '@context': [v2, ...more] },
      { ...signed, '@context': [first, v2, ...more] },
    ]) {
      expect(await verdictOfCollege(change)).not.toBe('valid');
    }
  });
});
