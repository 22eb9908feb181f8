import { pass, Problem } from './problem.ts';
import type { Finding, Json, Secured } from './types.ts';
import { clockSkew, parseTimestamp } from './values.ts';

/** From when until when: of the credential and, for a token, of the token. */
export function checkValidity(secured: Secured, now: Date): Finding {
  const { credential } = secured;
  // Of both versions: by another vocabulary, a holder could turn the one form into the other (the triples are the same).
  const from = strictest(Math.max, credential, ['validFrom', 'issuanceDate']);
  const until = earlier(
    strictest(Math.min, credential, ['validUntil', 'expirationDate']),
    tokenEnd(secured),
  );
  return assertInForce(from, until, now);
}

/** Throws a Problem outside of the time between. */
export function assertInForce(
  from: number | undefined,
  until: number | undefined,
  now: Date,
): Finding {
  if (from !== undefined && from - now.getTime() > clockSkew) {
    const detail = `It comes into force on ${day(from)}.`;
    throw new Problem('validity', 'not_yet_valid', 'NOT_YET_VALID', detail);
  }
  if (until !== undefined && now.getTime() - until > clockSkew) {
    throw new Problem('validity', 'expired', 'EXPIRED', `It expired on ${day(until)}.`);
  }
  const since = from === undefined ? 'It names no beginning' : `In force since ${day(from)}`;
  return pass(
    'validity',
    `${since}, ${until === undefined ? 'without an end' : `until ${day(until)}`}.`,
  );
}

function strictest(
  choose: (...times: number[]) => number,
  credential: Json,
  names: readonly string[],
): number | undefined {
  const times = names
    .map((name) => dateOf(name, credential[name]))
    .filter((time) => time !== undefined);
  return times.length === 0 ? undefined : choose(...times);
}

/** Throws a Problem when there is something else than a date. */
export function dateOf(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const time = parseTimestamp(value);
  if (time !== undefined) return time;
  throw new Problem(
    'validity',
    'invalid',
    'DATE_MALFORMED',
    `Its ${name} is not a date with time and zone.`,
  );
}

function tokenEnd(secured: Secured): number | undefined {
  const seconds = secured.kind === 'jwt' ? secured.claims.exp : undefined;
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/** `22 November 2026`, in UTC: the same words wherever it is read. */
function day(time: number): string {
  const format = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return Number.isFinite(time) && Math.abs(time) < 8.64e15
    ? new Date(time).toLocaleDateString('en-GB', format)
    : 'a day beyond every calendar';
}
