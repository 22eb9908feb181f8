import { createHolder } from '../support/holder.ts';
import type { Json } from '../support/json-places.ts';
import { issuer, other, verdict, world } from '../support/verdict.ts';

const holder = createHolder();
const badge = await issuer.sign(issuer.badge());
const context = ['https://www.w3.org/ns/credentials/v2'];
const plain = (change: Json = {}): Json => ({
  '@context': context,
  type: ['VerifiablePresentation'],
  verifiableCredential: [badge],
  ...change,
});
const enveloped = (token: string): Json => ({
  '@context': context,
  id: `data:application/vp+jwt,${token}`,
  type: 'EnvelopedVerifiablePresentation',
});
/** The `vp` claim of VCDM 1.1. */
const version1 = (claims: Json = {}, header: Json = {}) =>
  holder.presentToken(
    {
      '@context': undefined,
      type: undefined,
      holder: undefined,
      iss: holder.did,
      vp: plain(),
      ...claims,
    },
    { typ: 'JWT', ...header },
  );

describe('a presentation', () => {
  it.each<[string, () => Promise<object | string> | object | string, string]>([
    ['without a signature', () => plain(), 'PRESENTATION_NOT_SIGNED'],
    [
      'with a proof',
      () => holder.present({ verifiableCredential: [badge] }, { challenge: 'c' }),
      'CHALLENGE_UNKNOWN',
    ],
    [
      'as a token',
      () => holder.presentToken({ verifiableCredential: [badge] }),
      'CHALLENGE_UNKNOWN',
    ],
    [
      'as a token in an envelope',
      () => enveloped(holder.presentToken({ verifiableCredential: [badge] })),
      'CHALLENGE_UNKNOWN',
    ],
    ['as a token of version 1.1', () => version1(), 'CHALLENGE_UNKNOWN'],
  ])('is as good as what it holds %s, and says what it cannot tell', async (_name, make, code) => {
    const { outcome, checks } = await (await world()).verify(await make());
    expect(outcome).toBe('valid');
    expect(checks.map((check) => [check.id, check.outcome, check.code])).toEqual([
      ['format', 'pass', undefined],
      ['proof', 'warn', code],
      ['nested', 'pass', undefined],
    ]);
  });

  it('is as bad as the worst that it holds', async () => {
    const token = issuer.signToken(issuer.claims());
    const changed = { ...badge, validFrom: '2020-01-01T00:00:00Z' };
    const inside = {
      '@context': context,
      type: 'EnvelopedVerifiableCredential',
      id: `data:application/vc+jwt,${token}`,
    };
    expect(await verdict(plain({ verifiableCredential: [badge, token, inside] }))).toBe('valid');
    expect(await verdict(plain({ verifiableCredential: [badge, token] }), await world([7]))).toBe(
      'revoked REVOKED',
    );
    expect(await verdict(plain({ verifiableCredential: [badge, changed] }), await world([7]))).toBe(
      'invalid PROOF_INVALID',
    );
    expect(await verdict(plain({ verifiableCredential: [plain()] }))).toBe(
      'invalid NOT_A_CREDENTIAL',
    );
    expect(await verdict(plain({ verifiableCredential: [7] }))).toBe('invalid NOT_A_CREDENTIAL');
    expect(await verdict(plain({ verifiableCredential: Array(21).fill(badge) }))).toBe(
      'invalid TOO_COMPLEX',
    );
  });

  it('proves nothing when it holds nothing', async () => {
    expect(await verdict(plain({ verifiableCredential: undefined }))).toBe(
      'invalid PRESENTATION_EMPTY',
    );
    expect(await verdict(await holder.present({}, {}))).toBe('unverifiable PRESENTATION_EMPTY');
    expect(await verdict(holder.presentToken({}))).toBe('unverifiable PRESENTATION_EMPTY');
  });

  it.each<[string, () => Promise<object | string> | object | string, string]>([
    [
      'with something changed',
      async () => ({
        ...(await holder.present({ verifiableCredential: [badge] }, {})),
        verifiableCredential: [badge, badge],
      }),
      'invalid PROOF_INVALID',
    ],
    [
      'of somebody else',
      () => holder.present({ verifiableCredential: [badge], holder: other.did }, {}),
      'invalid HOLDER_MISMATCH',
    ],
    [
      'signed to assert something',
      () => holder.present({ verifiableCredential: [badge] }, { proofPurpose: 'assertionMethod' }),
      'invalid PROOF_PURPOSE',
    ],
    [
      'with a token of somebody else',
      () => holder.presentToken({ holder: other.did }),
      'invalid HOLDER_MISMATCH',
    ],
    [
      'with a token of a credential',
      () => holder.presentToken({ verifiableCredential: [badge] }, { typ: 'vc+jwt' }),
      'invalid TOKEN_HEADER',
    ],
    [
      'with a token without a key',
      () => holder.presentToken({ verifiableCredential: [badge] }, { kid: undefined }),
      'invalid KEY_NOT_AUTHORIZED',
    ],
    [
      'with a token of another key',
      () => holder.presentToken({ verifiableCredential: [badge] }, { kid: `${holder.did}#key-2` }),
      'invalid KEY_NOT_AUTHORIZED',
    ],
    [
      'with a token of another kind',
      () => holder.presentToken({ verifiableCredential: [badge] }, { alg: 'ES256' }),
      'invalid ALGORITHM_NOT_ALLOWED',
    ],
    [
      'with a token of no kind',
      () => holder.presentToken({ verifiableCredential: [badge] }, { alg: 'none' }),
      'invalid ALGORITHM_NOT_ALLOWED',
    ],
    [
      'with a token that is over',
      () => holder.presentToken({ verifiableCredential: [badge], exp: 1 }),
      'invalid PROOF_EXPIRED',
    ],
    [
      'with a token of tomorrow',
      () => holder.presentToken({ verifiableCredential: [badge], iat: 4102444800 }),
      'invalid PROOF_EXPIRED',
    ],
    [
      'of version 1.1 without a holder',
      () => version1({ iss: undefined }),
      'invalid HOLDER_MISMATCH',
    ],
    [
      'of version 1.1 with two holders',
      () => version1({ vp: plain({ holder: other.did }) }),
      'invalid HOLDER_MISMATCH',
    ],
    [
      'of version 1.1 around a credential as well',
      () => version1({ vc: badge }),
      'invalid NOT_A_CREDENTIAL',
    ],
    [
      'by a key of an issuer',
      () =>
        holder.presentToken(
          { verifiableCredential: [badge], holder: issuer.did },
          { kid: issuer.keyId },
        ),
      'invalid KEY_NOT_AUTHORIZED',
    ],
    [
      'by a DID of a kind unknown here',
      () =>
        holder.presentToken(
          { verifiableCredential: [badge], holder: 'did:x:1' },
          { kid: 'did:x:1#1' },
        ),
      'unverifiable HOLDER_UNREACHABLE',
    ],
  ])('does not hold %s', async (_name, make, expected) => {
    expect(await verdict(await make())).toBe(expected);
  });

  it('with a token whose words were changed does not hold', async () => {
    const [head, , tail] = holder.presentToken({ verifiableCredential: [badge] }).split('.');
    const body = Buffer.from(JSON.stringify(plain({ holder: holder.did }))).toString('base64url');
    expect(await verdict([head, body, tail].join('.'))).toBe('invalid PROOF_INVALID');
  });

  it('cannot stand in for a credential', async () => {
    const mixed = plain({
      ...badge,
      type: ['VerifiableCredential', 'AchievementCredential', 'VerifiablePresentation'],
    });
    expect(await verdict(mixed)).not.toBe('valid');
    const endorsing = issuer.badge({
      endorsementJwt: [holder.presentToken({ verifiableCredential: [badge] })],
    });
    const { checks } = await (await world()).verify(issuer.signToken(issuer.claims(endorsing)));
    expect(checks.find(({ id }) => id === 'endorsements')).toMatchObject({ outcome: 'warn' });
  });
});
