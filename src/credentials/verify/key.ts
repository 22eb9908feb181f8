import type { VerificationMethod } from './controller.ts';
import { Problem } from './problem.ts';
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
