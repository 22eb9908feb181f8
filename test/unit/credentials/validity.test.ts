import { assertKeyInForce, vouchForWithdrawn } from '../../../src/credentials/verify/key.ts';
import { assertInForce, checkValidity } from '../../../src/credentials/verify/validity.ts';

const now = new Date('2026-12-01T00:00:00Z');
/** So many seconds from now. */
const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000).toISOString();

type Json = Readonly<Record<string, unknown>>;

function check(credential: Json, exp?: unknown) {
  const secured =
    exp === undefined
      ? { kind: 'data-integrity' as const, credential }
      : { kind: 'jwt' as const, credential, token: 'a.b.c', header: {}, claims: { exp } };
  return checkValidity(secured, now);
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('when a credential is in force', () => {
  it.each<[string, Json, string]>([
    ['without dates', {}, 'It names no beginning, without an end.'],
    [
      'since a day',
      { validFrom: '2026-11-22T10:00:00Z' },
      'In force since 22 November 2026, without an end.',
    ],
    [
      'until a day',
      { validUntil: '2027-01-02T10:00:00Z' },
      'It names no beginning, until 2 January 2027.',
    ],
    ['from what is nearly now', { validFrom: at(300) }, 'In force since 1 December 2026'],
    ['until what was just now', { validUntil: at(-300) }, 'until 30 November 2026.'],
  ])('%s', (_what, credential, detail) => {
    const { id, outcome, detail: words } = check(credential);
    expect({ id, outcome }).toEqual({ id: 'validity', outcome: 'pass' });
    expect(words).toContain(detail);
  });

  it.each(['validFrom', 'issuanceDate'])('not before its %s, whatever else it says', (name) => {
    const problem = { check: 'validity', verdict: 'not_yet_valid', code: 'NOT_YET_VALID' };
    const message = 'It comes into force on 1 December 2026.';
    const dates = { validFrom: at(-9_000), issuanceDate: at(-9_000), [name]: at(301) };
    expect(thrownBy(() => check(dates))).toMatchObject({ ...problem, message });
    expect(thrownBy(() => check({ [name]: at(301) }))).toMatchObject(problem);
  });

  it.each(['validUntil', 'expirationDate'])('not after its %s, whatever else it says', (name) => {
    const problem = { check: 'validity', verdict: 'expired', code: 'EXPIRED' };
    const message = 'It expired on 30 November 2026.';
    const dates = { validUntil: at(9_000), expirationDate: at(9_000), [name]: at(-301) };
    expect(thrownBy(() => check(dates))).toMatchObject({ ...problem, message });
    expect(thrownBy(() => check({ [name]: at(-301) }))).toMatchObject(problem);
  });

  it.each(['validFrom', 'issuanceDate', 'validUntil', 'expirationDate'])(
    'not with a %s that is no date',
    (name) => {
      expect(thrownBy(() => check({ [name]: '2026-12-01' }))).toMatchObject({
        check: 'validity',
        verdict: 'invalid',
        code: 'DATE_MALFORMED',
        message: expect.stringContaining(name) as unknown,
      });
    },
  );

  it('a token ends with whatever ends first', () => {
    const seconds = now.getTime() / 1_000;
    const expired = { code: 'EXPIRED' };
    expect(thrownBy(() => check({}, seconds - 301))).toMatchObject(expired);
    expect(thrownBy(() => check({ validUntil: at(9_000) }, seconds - 301))).toMatchObject(expired);
    expect(thrownBy(() => check({ validUntil: at(-301) }, seconds + 9_000))).toMatchObject(expired);
    expect(check({ validUntil: at(86_400) }, seconds + 9_000).detail).toContain('1 December 2026');
    expect(check({}, 'later').detail).toContain('without an end');
  });

  it('knows days beyond every calendar', () => {
    const beyond = 'a day beyond every calendar';
    for (const end of [Infinity, 8.64e15, 9e15]) {
      expect(assertInForce(undefined, end, now).detail).toContain(beyond);
    }
    expect(assertInForce(undefined, 8.64e15 - 1, now).detail).not.toContain(beyond);
    expect(assertInForce(-9e15, undefined, now).detail).toContain(beyond);
  });
});

describe('a key', () => {
  const key = { id: 'did:web:a#1', controller: 'did:web:a' };

  it.each([
    ['revoked', 'KEY_REVOKED'],
    ['expires', 'KEY_EXPIRED'],
  ])('counts until it is %s', (name, code) => {
    const problem = { check: 'proof', verdict: 'invalid', code };
    for (const end of [at(-1), at(0), 'long ago', null, 7]) {
      const error = thrownBy(() => {
        assertKeyInForce({ ...key, [name]: end }, now);
      });
      expect(error).toMatchObject(problem);
    }
    for (const method of [key, { ...key, [name]: at(1) }]) {
      expect(() => {
        assertKeyInForce(method, now);
      }).not.toThrow();
    }
  });

  const controller = { id: key.controller, methods: [key], confirmed: true };
  const stolen = { ...key, id: 'did:web:a#2', revoked: at(0) };

  it('that was stolen counts for what was logged before', async () => {
    const loggedAt = new Date(now.getTime() - 1);
    const vouched = await vouchForWithdrawn(controller, stolen, () => Promise.resolve(loggedAt));
    const { revoked: _revoked, ...valid } = stolen;
    expect(vouched).toEqual({
      controller: { ...controller, methods: [key, valid] },
      method: valid,
      loggedAt,
    });
  });

  it.each<[string, Date | undefined, unknown]>([
    ['what was logged at that moment', now, at(0)],
    ['what was logged later', new Date(now.getTime() + 1), at(0)],
    ['what no log has', undefined, at(0)],
    ['anything when nobody knows since when', new Date(0), 'some day'],
  ])('that was stolen does not count for %s', async (_what, loggedAt, revoked) => {
    const vouching = vouchForWithdrawn(controller, { ...stolen, revoked }, () =>
      Promise.resolve(loggedAt),
    );
    await expect(vouching).rejects.toMatchObject({
      check: 'proof',
      verdict: 'invalid',
      code: 'KEY_REVOKED',
    });
  });
});
