import { verifyDataIntegrity } from '../../../../src/credentials/verify/data-integrity.ts';
import { kindsOf } from '../../../../src/credentials/verify/kind.ts';
import { checkProof } from '../../../../src/credentials/verify/proof.ts';
import { readCredential } from '../../../../src/credentials/verify/read.ts';
import { checkSchema } from '../../../../src/credentials/verify/schema.ts';
import type { VerifyDependencies } from '../../../../src/credentials/verify/types.ts';
import { createIssuer } from '../../../support/issuer.ts';
import type { Json } from '../../../support/json-places.ts';
import { problemOf } from '../../../support/problem.ts';
import { openSession } from '../../../support/session.ts';

const issuer = createIssuer();
const other = createIssuer('other.example');
const badge = issuer.badge({ credentialStatus: undefined });
const signed = await issuer.sign(badge);
const proof = signed.proof as Json;
const world: Json = {
  [issuer.documentUrl]: issuer.document,
  [other.documentUrl]: other.document,
};

const open = (published: Json = {}, more: Partial<VerifyDependencies> = {}) =>
  openSession({ ...world, ...published }, more).session;
const verify = (proofs: unknown, published: Json = {}, more: Partial<VerifyDependencies> = {}) =>
  verifyDataIntegrity({ ...signed, proof: proofs }, open(published, more));
const by = async (verificationMethod: string, who = other) =>
  (await who.sign(badge, { verificationMethod })).proof;

describe('proofs of a credential', () => {
  it('tell of each whether it holds, and of those that were tampered with', async () => {
    const foreign = await by(other.keyId);
    const broken = { ...proof, created: '2026-11-22T10:00:01Z' };
    const found = await verify([foreign, proof, broken]);
    expect(found.method.id).toBe(issuer.keyId);
    expect(found.proofs).toEqual([true, true, false]);
    expect(found.doubts).toMatchObject([{ code: 'PROOF_INVALID', check: 'proof' }]);
  });

  it.each<[string, string, string[]]>([
    ['a key that its issuer does not publish', `${issuer.did}#9`, ['its issuer does not publish']],
    [
      'a key that somebody else does not publish',
      `${other.did}#9`,
      ['whoever signed does not publish'],
    ],
    ['what is no DID', 'https://other.example/#1', ['its issuer does not publish']],
    ['somebody who cannot be found', 'did:web:nobody.example#1', []],
  ])('beside one that holds: by %s', async (_what, method, doubts) => {
    const found = await verify([proof, { ...proof, verificationMethod: method }]);
    expect(found.proofs).toEqual([true, false]);
    expect(found.doubts).toHaveLength(doubts.length);
    for (const [at, text] of doubts.entries()) {
      expect(found.doubts?.[at]).toMatchObject({ code: 'KEY_NOT_AUTHORIZED', verdict: 'invalid' });
      expect(found.doubts?.[at]?.message).toContain(text);
    }
  });

  it('are by keys of whom they are said to be', async () => {
    const method = { id: issuer.keyId, publicKeyMultibase: issuer.multikey };
    const others = {
      [issuer.documentUrl]: {
        id: issuer.did,
        assertionMethod: [{ ...method, controller: other.did }],
      },
    };
    expect(await problemOf(() => verify(proof, others))).toBe('proof invalid KEY_NOT_AUTHORIZED');
    const foreign = await by(other.keyId);
    const [key] = other.document.verificationMethod as Json[];
    const stolen = { id: other.did, assertionMethod: [{ ...key, controller: issuer.did }] };
    const found = await verify([proof, foreign], { [other.documentUrl]: stolen });
    expect(found.doubts).toMatchObject([{ code: 'KEY_NOT_AUTHORIZED' }]);
  });

  it('are missing, or wrong in the way of the first', async () => {
    for (const none of [undefined, []]) {
      expect(await problemOf(() => verify(none))).toBe('proof invalid PROOF_MISSING');
    }
    const purpose = { ...proof, proofPurpose: 'x' };
    expect(await problemOf(() => verify([purpose, 'text']))).toBe('proof invalid PROOF_PURPOSE');
    expect(await problemOf(() => verify(['text', purpose]))).toBe('proof invalid PROOF_MALFORMED');
    const bug = { [issuer.documentUrl]: new TypeError('bug') };
    expect(await problemOf(() => verify(proof, bug))).toBe('proof unverifiable CHECK_FAILED');
  });

  it('count with a key that was withdrawn only if they were logged before', async () => {
    const [key] = issuer.document.verificationMethod as Json[];
    const second = { ...key, id: `${issuer.did}#2`, revoked: '2020-01-01T00:00:00Z' };
    const revoked = { ...key, revoked: '2026-11-25T00:00:00Z' };
    const document = { id: issuer.did, verificationMethod: [second, revoked] };
    const published = { [issuer.documentUrl]: document };
    const forms: string[] = [];
    const findLogged = (form: string) => {
      forms.push(form);
      return Promise.resolve(new Date('2026-11-24T00:00:00Z'));
    };
    const found = await verify(proof, published, { findLogged });
    expect(found.loggedAt).toEqual(new Date('2026-11-24T00:00:00Z'));
    expect(forms).toEqual(['document']);
    expect(await problemOf(() => verify(proof, published))).toBe('proof invalid KEY_REVOKED');
    const [told] = await checkProof(readCredential(signed), open(published, { findLogged }));
    expect(told?.detail).toContain('took this badge in before that, on 2026-11-24T00:00:00Z');
    const unknown = { ...proof, verificationMethod: `${issuer.did}#9` };
    expect(await problemOf(() => verify(unknown, published, { findLogged }))).toBe(
      'proof invalid KEY_NOT_AUTHORIZED',
    );
  });
});

describe('what is told of a signature', () => {
  const tell = (input: string | object, published: Json = {}) =>
    checkProof(readCredential(input), open(published));
  const lines = async (input: string | object, published: Json = {}) =>
    (await tell(input, published)).map(({ id, outcome, code }) =>
      [id, outcome, code].filter(Boolean).join(' '),
    );

  it('is how it was made, and which proofs hold', async () => {
    const [document] = await tell(signed);
    expect(document?.detail).toBe(
      'It is signed with a Data Integrity proof, and the signature holds.',
    );
    expect(document?.proofs).toEqual([true]);
    const [token, ...more] = await tell(issuer.signToken(issuer.claims(badge)));
    expect(token?.detail).toBe('It is signed as a token, and the signature holds.');
    expect(token).not.toHaveProperty('proofs');
    expect(more.map(({ id }) => id)).toEqual(['issuer']);
  });

  it('is what is wrong with others beside it', async () => {
    const broken = { ...proof, created: '2026-11-22T10:00:01Z' };
    const purpose = { ...proof, proofPurpose: 'x' };
    const doubtful = { ...signed, proof: [proof, broken, purpose] };
    expect(await lines(doubtful)).toEqual([
      'proof pass',
      'proof warn PROOF_DOUBTFUL',
      'issuer pass',
    ]);
    expect((await tell(doubtful))[1]?.detail).toMatch(/^It was changed .*key\. It was signed for/);
  });

  it('is whom it was by, or why that cannot be told', async () => {
    expect(await lines({ ...signed, name: 'Other' })).toEqual([
      'proof fail PROOF_INVALID',
      'issuer skip',
    ]);
    expect(await lines(signed, { [issuer.documentUrl]: undefined })).toEqual([
      'proof skip',
      'issuer fail ISSUER_UNREACHABLE',
    ]);
    expect(await lines(signed, { [issuer.documentUrl]: new TypeError('bug') })).toEqual([
      'proof fail CHECK_FAILED',
      'issuer skip',
    ]);
    const failing = open({}, { findIssuer: () => Promise.reject(new Error('bug')) });
    expect(await checkProof(readCredential(signed), failing)).toMatchObject([
      { id: 'proof', outcome: 'pass' },
      { id: 'issuer', outcome: 'fail', code: 'CHECK_FAILED' },
    ]);
  });
});

describe('the data model of a credential', () => {
  it.each<[unknown, readonly string[]]>([
    ['AchievementCredential', ['badge']],
    [['VerifiableCredential', 'OpenBadgeCredential'], ['badge']],
    [['OpenBadgeCredential', 'AchievementCredential'], ['badge']],
    ['EndorsementCredential', ['endorsement']],
    ['ClrCredential', ['transcript']],
    ['BitstringStatusListCredential', ['status list']],
    [
      ['ClrCredential', 'AchievementCredential'],
      ['badge', 'transcript'],
    ],
    ['VerifiableCredential', []],
  ])('%j is that of %j', (type, kinds) => {
    expect(kindsOf({ type })).toEqual(kinds);
  });

  it('is told by its name', () => {
    const told = (type: string) => checkSchema({ ...badge, type: ['VerifiableCredential', type] });
    expect(told('OpenBadgeCredential').detail).toContain('an Open Badge (version 3.0)');
    expect(told('Other').outcome).toBe('skip');
    expect(() => told('ClrCredential')).toThrow('As a transcript (CLR 2.0) it is');
    expect(() => told('EndorsementCredential')).toThrow('As an endorsement');
  });

  it('names what is wrong, the first five places', async () => {
    const message = (credential: Json) => {
      try {
        checkSchema(credential);
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    const one = message({ ...badge, validFrom: undefined });
    expect(one).toMatch(/^As an Open Badge \(version 3\.0\) it is incomplete or wrong: [^;]+\.$/);
    expect(one).toMatch(/(?:validFrom|credential): /);
    expect(await problemOf(() => checkSchema({ type: 'AchievementCredential' }))).toBe(
      'schema invalid SCHEMA_INVALID',
    );
    const wrong: Json = {
      id: 7,
      name: 7,
      description: 7,
      image: 7,
      validFrom: 7,
      validUntil: 7,
      evidence: 7,
    };
    const many = message({ ...badge, ...wrong });
    expect(many.split('; ')).toHaveLength(6);
    expect(many).toMatch(/; and [1-9]\d* more\.$/);
    expect(
      await problemOf(() => checkSchema({ type: ['ClrCredential', 'AchievementCredential'] })),
    ).toBe('schema invalid TYPE_MIXED');
  });
});
