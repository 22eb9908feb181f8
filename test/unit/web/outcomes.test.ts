import { describeOutcome, type Outcome } from '../../../src/web/outcomes.ts';

const words = (type: unknown, outcome: Outcome = 'valid', code?: string) =>
  describeOutcome({
    verified: outcome === 'valid',
    outcome,
    checks: [
      {
        id: 'issuer',
        outcome: 'warn',
        title: '',
        detail: '',
        ...(code === undefined ? {} : { code }),
      },
    ],
    credential: { type },
    verifiedAt: '2026-12-01T00:00:00Z',
  });

describe('what an outcome means', () => {
  it.each<[unknown, Outcome, string]>([
    [['VerifiableCredential', 'OpenBadgeCredential'], 'valid', 'This badge is valid'],
    ['EndorsementCredential', 'valid', 'This endorsement is valid'],
    [['VerifiableCredential', 'EndorsementCredential'], 'expired', 'This endorsement has expired'],
    [['VerifiableCredential', 'ClrCredential'], 'valid', 'This transcript is valid'],
    [['ClrCredential'], 'revoked', 'This transcript was withdrawn by its issuer'],
    [['BitstringStatusListCredential'], 'valid', 'This is a status list, not a badge'],
    [['BitstringStatusListCredential'], 'invalid', 'This cannot be relied on'],
    [['constructor', '__proto__', 7, null], 'valid', 'This badge is valid'],
    [undefined, 'valid', 'This badge is valid'],
  ])('is said of a credential of type %j that is %s', (type, outcome, title) => {
    expect(words(type, outcome).title).toBe(title);
  });

  it('leads from endorsements and lists to the badge', () => {
    expect(words('EndorsementCredential').next).toContain('It is no badge itself');
    expect(words('BitstringStatusListCredential')).toMatchObject({
      tone: 'caution',
      next: expect.stringContaining('Verify the badge itself') as unknown,
    });
  });

  it('is no more than is known, whatever it is', () => {
    for (const type of [
      'EndorsementCredential',
      'BitstringStatusListCredential',
      'ClrCredential',
    ]) {
      const { title } = words(type, 'valid', 'ISSUER_UNKNOWN');
      expect(title).toBe('The signature holds, and its issuer is not known here');
    }
  });
});
