import { FetchError } from '../../shared/safe-fetch.ts';
import { Problem } from './problem.ts';
import type { Session } from './session.ts';
import type { Json } from './types.ts';
import { idOf, isObject } from './values.ts';

export const revocationListType = '1EdTechRevocationList';

const maxEntries = 20_000;

/**
 * 1EdTech VCRL, deprecated by Open Badges 3.0 (1.3) in favour of bit strings: a plain list of the ids that were
 * revoked. Others warn when it cannot be read; here that is `unverifiable`, because whoever can keep a verifier
 * from the list could otherwise bring a revoked badge back. Throws a Problem unless the badge is not on the list.
 */
export async function checkRevocationList(
  entry: Json,
  credential: Json,
  session: Session,
): Promise<void> {
  const url = idOf(entry);
  const id = idOf(credential);
  if (url === undefined || id === undefined) {
    const detail =
      'Its entry for withdrawals names no list, or it has no id that a list could name.';
    throw new Problem('status', 'invalid', 'STATUS_MALFORMED', detail);
  }
  const issuer = idOf(credential.issuer);
  await assertNotListed({ url, id, issuer, member: 'revokedCredential' }, session);
}

interface Listing {
  readonly url: string;
  readonly issuer: string | undefined;
  /** The name that the list has for its entries. */
  readonly member: 'revokedCredential' | 'revokedAssertions';
}

/** Throws a Problem when the id is on the list, or the list cannot be read or trusted. */
export async function assertNotListed(
  { id, ...listing }: Listing & { readonly id: string },
  session: Session,
): Promise<void> {
  const wanted = comparable(id);
  const found = (await loadEntries(listing, session)).some(
    (item) => comparable(idOf(item)) === wanted && (!isObject(item) || item.revoked !== false),
  );
  if (found) throw new Problem('status', 'revoked', 'REVOKED', 'The issuer has revoked it.');
}

async function loadEntries(
  { url, issuer, member }: Listing,
  session: Session,
): Promise<readonly unknown[]> {
  const list = await session.load(url).catch((error: unknown) => {
    if (!(error instanceof FetchError)) throw error;
    const blocked = error.code === 'fetch.blocked';
    throw unsure(
      blocked ? 'FETCH_BLOCKED' : 'STATUS_RETRIEVAL_ERROR',
      `The issuer’s list could not be looked up. ${error.message}`,
    );
  });
  const entries: unknown = isObject(list) ? list[member] : undefined;
  const isOthers = isObject(list) && list.issuer !== undefined && idOf(list.issuer) !== issuer;
  if (!Array.isArray(entries) || isOthers) {
    throw unsure(
      'STATUS_VERIFICATION_ERROR',
      'What is at the list’s address is not a list of this issuer.',
    );
  }
  if (entries.length > maxEntries) {
    throw unsure('STATUS_VERIFICATION_ERROR', 'The issuer’s list is too long to be read here.');
  }
  return entries as readonly unknown[];
}

/** Open Badges 3.0, equality and comparison: percent-encoding and white space around an id make no difference. */
function comparable(id: string | undefined): string | undefined {
  try {
    return id === undefined ? undefined : decodeURIComponent(id).trim();
  } catch {
    return id?.trim();
  }
}

function unsure(code: string, detail: string): Problem {
  return new Problem('status', 'unverifiable', code, detail);
}
