import type { Controller, VerificationMethod } from './controller.ts';
import { Problem } from './problem.ts';
import type { Session } from './session.ts';
import { parseTimestamp } from './values.ts';

/**
 * Controlled Identifiers 1.0 §2.2: a key that was revoked or ran out proves nothing any more. Not even for
 * earlier dates: whoever holds the key can write any date into a proof.
 */
export function assertKeyInForce({ revoked, expires }: VerificationMethod, now: Date): void {
  for (const [value, code] of [
    [revoked, 'KEY_REVOKED'],
    [expires, 'KEY_EXPIRED'],
  ] as const) {
    const end = value === undefined ? Infinity : (parseTimestamp(value) ?? -Infinity);
    if (end <= now.getTime()) {
      const detail = 'The issuer has taken the key out of use that it was signed with.';
      throw new Problem('proof', 'invalid', code, detail);
    }
  }
}

/** A controller in whose name a withdrawn key counts once more, and why. */
export interface Vouched {
  readonly controller: Controller;
  readonly method: VerificationMethod;
  readonly loggedAt: Date;
}

/**
 * A key that its issuer reported as stolen proves nothing by itself: the thief can write any date. But what our own
 * issuance log had taken in before that was not made by the thief, and stays as good as it was.
 */
export async function vouchForWithdrawn(
  controller: Controller,
  method: VerificationMethod,
  findTime: () => ReturnType<NonNullable<Session['findLogged']>> | undefined,
): Promise<Vouched> {
  const loggedAt = await findTime();
  const end = parseTimestamp(method.revoked) ?? -Infinity;
  if (loggedAt === undefined || loggedAt.getTime() >= end) {
    const detail =
      'Its issuer has taken the key out of use because others may have had it, ' +
      'and no log here shows that it was issued before that.';
    throw new Problem('proof', 'invalid', 'KEY_REVOKED', detail);
  }
  const { revoked: _revoked, ...valid } = method;
  return {
    controller: { ...controller, methods: [...controller.methods, valid] },
    method: valid,
    loggedAt,
  };
}
