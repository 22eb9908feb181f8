import { FetchError } from '../../../shared/safe-fetch.ts';
import { sameOrigin } from '../controller.ts';
import { assertReadable } from '../preflight.ts';
import { Problem } from '../problem.ts';
import type { Session } from '../session.ts';
import type { Json } from '../types.ts';
import { idOf, isObject } from '../values.ts';

/** An assertion with what it points to: what the badge stands for, and who awards it. */
export interface Award {
  readonly assertion: Json;
  readonly badge: Json;
  readonly issuer: Json & { readonly id: string };
}

/**
 * Open Badges 2.0 spreads one badge over up to three documents. What the badge stands for may stand in the assertion;
 * who awards it is always read at the issuer's own address, because that is what decides whom to believe.
 */
export async function loadAward(assertion: Json, session: Session): Promise<Award> {
  const badge = isObject(assertion.badge)
    ? assertion.badge
    : await loadPart(webAddress(assertion.badge), 'what the badge stands for', session);
  const issuer = await loadPart(webAddress(idOf(badge.issuer)), 'its issuer', session);
  return { assertion, badge, issuer };
}

async function loadPart(
  url: string | undefined,
  what: string,
  session: Session,
): Promise<Json & { readonly id: string }> {
  if (url === undefined) {
    const detail = `It does not say by a web address ${what === 'its issuer' ? 'who issued it' : what}.`;
    throw new Problem('issuer', 'invalid', 'ISSUER_MISSING', detail);
  }
  const found = await loadPlain(url, session).catch((error: unknown) => {
    if (!(error instanceof FetchError)) throw error;
    const code = error.code === 'fetch.blocked' ? 'FETCH_BLOCKED' : 'ISSUER_UNREACHABLE';
    const detail = `The description of ${what} could not be looked up. ${error.message}`;
    throw new Problem('issuer', 'unverifiable', code, detail);
  });
  if (found?.id !== url) {
    const detail = `What is at the address of the description of ${what} is not that description.`;
    throw new Problem('issuer', 'unverifiable', 'ISSUER_DOCUMENT_MISMATCH', detail);
  }
  return { ...found, id: url };
}

/**
 * The JSON at an address, of a size that is read here; undefined when it is something else. Throws a FetchError.
 * An address vouches by the site that it is on: a redirect to another site would let that one speak for it.
 */
export async function loadPlain(url: string, session: Session): Promise<Json | undefined> {
  const found = await session.load(url);
  if (!sameOrigin(url, session.placeOf(url))) {
    throw new FetchError('fetch.blocked', 'The address leads on to another site.');
  }
  if (!isObject(found)) return undefined;
  assertReadable(found);
  return found;
}

export function webAddress(id: unknown): string | undefined {
  return typeof id === 'string' && /^https?:\/\//i.test(id) && URL.canParse(id) ? id : undefined;
}
