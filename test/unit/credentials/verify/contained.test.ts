import { findLooseAssociations } from '../../../../src/credentials/verify/associations.ts';
import {
  checkEach,
  checkEndorsements,
  checkNested,
} from '../../../../src/credentials/verify/contained.ts';
import { failed, pass, Problem, warn } from '../../../../src/credentials/verify/problem.ts';
import type { Finding, Secured } from '../../../../src/credentials/verify/types.ts';
import type { Json } from '../../../support/json-places.ts';

/** Finds what the credential says is to be found. */
function verify({ credential }: Secured): Promise<readonly Finding[]> {
  const wrong = (verdict: Problem['verdict']) =>
    failed(new Problem('proof', verdict, verdict.toUpperCase(), `Is ${verdict}.`));
  switch (credential.name) {
    case 'good':
      return Promise.resolve([pass('format', ''), pass('proof', '')]);
    case 'unknown':
      return Promise.resolve([pass('proof', ''), warn('issuer', 'ISSUER_UNKNOWN', '', '')]);
    default:
      return Promise.resolve([pass('format', ''), wrong(credential.name as Problem['verdict'])]);
  }
}

const named = (...names: readonly string[]): Json[] => names.map((name) => ({ name }));
const all = (name: string, count: number): Json[] =>
  Array.from({ length: count }, () => ({ name }));

describe('credentials inside of another', () => {
  it('hold when each of them holds', async () => {
    expect(await checkEach(named('good', 'good'), verify)).toEqual(
      pass('nested', 'All 2 credentials inside were looked at and hold.'),
    );
  });

  it('are told with how many issuers are not known', async () => {
    const found = await checkEach(named('good', 'unknown', 'unknown'), verify);
    expect(found).toMatchObject({ id: 'nested', outcome: 'warn', code: 'ISSUER_UNKNOWN' });
    expect(found.detail).toContain('All 3');
    expect(found.detail).toContain('Who signed 2 of them');
  });

  it.each<[string[], string, string, string]>([
    [['good', 'revoked'], 'revoked', 'REVOKED', '1 of 2 do not. Number 2: '],
    [['revoked', 'good', 'invalid'], 'invalid', 'INVALID', '2 of 3 do not. Number 3: '],
    [['expired', 'revoked'], 'expired', 'EXPIRED', '2 of 2 do not. Number 1: '],
    [['unknown', 'expired'], 'expired', 'EXPIRED', '1 of 2 do not. Number 2: '],
  ])('are as bad as the false one, or the first: %j', async (names, verdict, code, beginning) => {
    const found = await checkEach(named(...names), verify);
    expect(found).toMatchObject({ id: 'nested', outcome: 'fail', verdict, code });
    expect(found.detail.startsWith(beginning)).toBe(true);
    expect(found.detail).toContain(`Is ${verdict}.`);
  });

  it('are false where they are none', async () => {
    for (const value of [7, null, [], 'text']) {
      expect(await checkEach([value], verify)).toMatchObject({
        outcome: 'fail',
        verdict: 'invalid',
        code: 'NOT_A_CREDENTIAL',
      });
    }
    const broken = checkEach(named('good'), () => Promise.reject(new TypeError('x')));
    expect(await broken).toMatchObject({ verdict: 'unverifiable', code: 'CHECK_FAILED' });
  });

  it('are two hundred at most', async () => {
    expect((await checkEach(all('good', 200), verify)).outcome).toBe('pass');
    expect(await checkEach(all('good', 201), verify)).toMatchObject({
      id: 'nested',
      outcome: 'fail',
      verdict: 'unverifiable',
      code: 'TOO_COMPLEX',
    });
  });

  it('stand in the subjects', async () => {
    const credentialSubject = [
      { verifiableCredential: named('good') },
      null,
      { verifiableCredential: named('good', 'revoked') },
      {},
    ];
    const found = await checkNested({ credentialSubject }, verify);
    expect(found).toMatchObject({ code: 'REVOKED' });
    expect(found?.detail).toContain('1 of 3');
    expect(await checkNested({}, verify)).toBeUndefined();
    expect(await checkNested({ credentialSubject: {} }, verify)).toBeUndefined();
    expect(await checkNested({ verifiableCredential: named('revoked') }, verify)).toBeUndefined();
  });
});

describe('endorsements', () => {
  const about = (id: string, name: string): Json => ({ name, credentialSubject: { id } });

  it('speak about what carries them, wherever in the badge that is', async () => {
    const credential = {
      id: 'urn:badge',
      endorsement: about('urn:badge', 'good'),
      issuer: { id: 'urn:issuer', endorsement: [about('urn:issuer', 'good')] },
      credentialSubject: [
        null,
        {
          achievement: {
            id: 'urn:achievement',
            endorsement: about('urn:achievement', 'good'),
            creator: { id: 'urn:creator', endorsement: about('urn:creator', 'good') },
          },
        },
        { achievement: null },
      ],
    };
    expect(await checkEndorsements(credential, verify)).toEqual(
      pass('endorsements', '4 looked at.'),
    );
    const others = structuredClone(credential);
    others.credentialSubject[1] = {
      achievement: {
        id: 'urn:achievement',
        endorsement: about('urn:badge', 'good'),
        creator: { id: 'urn:creator', endorsement: about('urn:issuer', 'good') },
      },
    };
    const found = await checkEndorsements(others, verify);
    expect(found).toMatchObject({ id: 'endorsements', outcome: 'warn' });
    expect(found?.code).toBe('ENDORSEMENT_NOT_VERIFIED');
    expect(found?.detail).toBe(
      'Of 4, do not rely on 2: It is about something else. It is about something else.',
    );
  });

  it('are none where there are none', async () => {
    expect(await checkEndorsements({ id: 'urn:badge', issuer: 'x' }, verify)).toBeUndefined();
  });

  const carrying = (...names: readonly string[]) =>
    checkEndorsements(
      { id: 'urn:badge', endorsement: names.map((name) => about('urn:badge', name)) },
      verify,
    );

  it('take nothing away when they are false; the first three are told', async () => {
    const found = await carrying('invalid', 'good', 'revoked', 'expired', 'unverifiable');
    expect(found).toMatchObject({ outcome: 'warn' });
    expect(found?.detail).toBe('Of 5, do not rely on 4: Is invalid. Is revoked. Is expired.');
  });

  it('are told with how many endorsers are not known', async () => {
    const found = await carrying('good', 'unknown', 'unknown');
    expect(found).toMatchObject({ outcome: 'warn', code: 'ISSUER_UNKNOWN', id: 'endorsements' });
    expect(found?.detail).toContain('3 looked at. Who signed 2 of them');
  });

  it('are twenty at most', async () => {
    const good = (count: number) => Array.from({ length: count }, () => 'good');
    expect((await carrying(...good(20)))?.outcome).toBe('pass');
    const found = await carrying(...good(21), 'invalid');
    expect(found?.outcome).toBe('warn');
    expect(found?.detail).toBe('Of 22, do not rely on 1: 2 were not looked at.');
  });

  it('may be tokens, and are nothing where they are neither', async () => {
    for (const value of ['text', 7, null]) {
      const found = await checkEndorsements({ id: 'urn:badge', endorsementJwt: value }, verify);
      expect(found).toMatchObject({ outcome: 'warn', code: 'ENDORSEMENT_NOT_VERIFIED' });
      expect(found?.detail).toMatch(/^Of 1, do not rely on 1: It is n(?:either JSON|ot a JSON)/);
    }
  });
});

describe('associations of a transcript', () => {
  const award = (id: string): Json => ({ credentialSubject: { achievement: { id } } });
  const transcript = (association: unknown, more: Json = {}): Json => ({
    credentialSubject: [
      null,
      {
        association,
        achievement: ['urn:a', { id: 'urn:b' }],
        verifiableCredential: [null, award('urn:c'), { credentialSubject: [null, 'x'] }],
        ...more,
      },
    ],
  });

  it.each<[unknown, readonly string[]]>([
    [undefined, []],
    [{ sourceId: 'urn:a', targetId: 'urn:b' }, []],
    [[{ sourceId: 'urn:a', targetId: 'urn:c' }], []],
    [[null, 'x', { sourceId: 'urn:a', targetId: 'urn:d' }], ['urn:d']],
    [{ sourceId: 'urn:e', targetId: 'urn:d' }, ['urn:e', 'urn:d']],
    [[{ sourceId: 'urn:d', targetId: 'urn:d' }, { sourceId: 'urn:d' }], ['urn:d']],
    [{ sourceId: 7, targetId: undefined }, []],
  ])('%j lead nowhere by %j', (association, loose) => {
    expect(findLooseAssociations(transcript(association))).toEqual(loose);
  });

  it('may lead to what a transcript inside holds', () => {
    const inner = { credentialSubject: { verifiableCredential: [award('urn:deep')] } };
    const association = { sourceId: 'urn:deep', targetId: 'urn:a' };
    expect(findLooseAssociations(transcript(association))).toEqual(['urn:deep']);
    const nested = transcript(association, { verifiableCredential: inner });
    expect(findLooseAssociations(nested)).toEqual([]);
  });
});
