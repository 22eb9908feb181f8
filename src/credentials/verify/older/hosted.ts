import { FetchError } from '../../../shared/safe-fetch.ts';
import { Problem } from '../problem.ts';
import { AnswerError, type Session } from '../session.ts';
import type { Address } from '../read.ts';
import type { Json, Secured } from '../types.ts';
import { isObject, list } from '../values.ts';
import { findDifference } from './difference.ts';
import { loadAward, loadPlain, webAddress, type Award } from './parts.ts';
import { isSigned, olderVersion } from './recognize.ts';

/**
 * Open Badges 2.0, hosted verification: nothing is signed. What counts is what the issuer's site shows at the
 * assertion's address today; what was handed in may leave things out and must not say anything else.
 */
export async function confirmHosted(held: Secured | Address, session: Session): Promise<Award> {
  const handed = held.kind === 'address' ? undefined : held.credential;
  const url = held.kind === 'address' ? held.url : placeOf(held.credential);
  const assertion = await loadAssertion(url, session);
  if (assertion.id !== (handed === undefined ? url : handed.id)) {
    throw unconfirmed('HOSTED_MISMATCH', 'At its address there is another badge.');
  }
  if (isSigned(assertion)) {
    throw unconfirmed(
      'PROOF_MISSING',
      'It is a signed badge, but its signature was not handed in.',
    );
  }
  const award = await loadAward(assertion, session);
  assertScope(url, award.issuer);
  const difference = handed && findDifference(handed, inline(award));
  if (difference !== undefined) {
    const detail = `What was handed in says something else about "${difference}" than its issuer’s site.`;
    throw unconfirmed('HOSTED_DIFFERS', detail);
  }
  return award;
}

/** The three documents as one. */
export function inline({ assertion, badge, issuer }: Award): Json {
  return { ...assertion, badge: { ...badge, issuer } };
}

function placeOf({ id, verification, verify }: Json): string {
  const how = verification ?? verify;
  const url = webAddress(id) ?? (isObject(how) ? webAddress(how.url) : undefined);
  if (url !== undefined) return url;
  throw unconfirmed('HOSTED_NOWHERE', 'It is not signed and names no address to look it up at.');
}

async function loadAssertion(url: string, session: Session): Promise<Json> {
  const found = await loadPlain(url, session).catch((error: unknown) => {
    if (error instanceof AnswerError && error.status === 410) throw gone();
    if (!(error instanceof FetchError)) throw error;
    const code = error.code === 'fetch.blocked' ? 'FETCH_BLOCKED' : 'HOSTED_UNREACHABLE';
    const detail = `Its issuer’s site could not be asked. ${error.message}`;
    throw new Problem('proof', 'unverifiable', code, detail);
  });
  // A revoked one often has lost everything but its id and this word.
  if (found?.revoked === true && found.id === url) throw revoked(found.revocationReason);
  if (found === undefined || olderVersion(found) !== 2) {
    const detail = 'At its address there is no Open Badge of version 2.0.';
    throw new Problem('proof', 'unverifiable', 'HOSTED_UNREACHABLE', detail);
  }
  return found;
}

/**
 * Open Badges 2.0, VerificationObject: anybody may host an assertion that names a famous issuer. So the address has
 * to lie where the issuer's own profile says that its assertions are, which is its own host unless it says otherwise.
 */
function assertScope(url: string, { id, verification }: Award['issuer']): void {
  const { startsWith, allowedOrigins } = isObject(verification) ? verification : ({} as Json);
  const starts = list(startsWith).map(webAddress);
  const hosts = allowedOrigins === undefined ? [hostOf(id)] : list(allowedOrigins).map(hostOf);
  const isAtStart = starts.some((start) => start !== undefined && beginsWith(url, start));
  const isAtHost = hosts.includes(hostOf(url));
  const isInScope =
    startsWith === undefined ? isAtHost : isAtStart && (allowedOrigins === undefined || isAtHost);
  if (!isInScope) {
    const detail = 'It is kept at an address at which the issuer that it names keeps no badges.';
    throw new Problem('issuer', 'invalid', 'HOSTED_OUT_OF_SCOPE', detail);
  }
}

/** By host first: `https://school.example` is also how `https://school.example.evil.example` begins. */
function beginsWith(url: string, start: string): boolean {
  return hostOf(url) === hostOf(start) && new URL(url).href.startsWith(new URL(start).href);
}

/** Of an address, or of a bare host name. */
function hostOf(place: unknown): string | undefined {
  if (typeof place !== 'string' || place === '') return undefined;
  const url = webAddress(place) ?? `https://${place}`;
  return URL.canParse(url) ? new URL(url).host : undefined;
}

function revoked(reason: unknown): Problem {
  const why = typeof reason === 'string' ? ` Its reason: ${reason.slice(0, 200)}` : '';
  return new Problem('status', 'revoked', 'REVOKED', `The issuer has revoked it.${why}`);
}

function gone(): Problem {
  const detail =
    'Its issuer’s site answers that it is gone for good, which is how such badges are withdrawn.';
  return new Problem('status', 'revoked', 'HOSTED_GONE', detail);
}

function unconfirmed(code: string, detail: string): Problem {
  return new Problem('proof', 'invalid', code, detail);
}
