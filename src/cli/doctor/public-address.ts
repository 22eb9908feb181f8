import { isDeepStrictEqual } from 'node:util';
import type { Cairn } from '../../compose/compose.ts';
import { FetchError, type SafeFetch } from '../../shared/safe-fetch.ts';
import type { Note } from './finding.ts';

/**
 * Asks for a school's keys where everybody who verifies asks for them. Not being able to ask is only a note: some
 * networks do not lead their own machines to their public address.
 * @throws when somebody else answers there
 */
export async function checkPublicAddress(
  { services: { issuers }, urls }: Pick<Cairn, 'services' | 'urls'>,
  fetch: SafeFetch,
): Promise<string | Note> {
  const [school] = await issuers.listOrganizations();
  if (school === undefined) return { note: 'there is no school yet whose keys could be asked for' };
  const address = urls.didDocument(school.id);
  try {
    const { status, bytes } = await fetch(address, { accept: 'application/json' });
    if (status === 200 && isSame(bytes, await issuers.getDidDocument(school.id))) {
      return `${urls.base} leads here`;
    }
    throw new Error(
      `${address} answers ${status}, but not with the keys of this installation: badges made here do not verify. Does CAIRN_URL name the right place, and the proxy lead here?`,
    );
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    const unknown = 'Whoever verifies a badge asks there; look from another network.';
    return { note: `${address} was not reached from here: ${error.message} ${unknown}` };
  }
}

function isSame(bytes: Uint8Array, expected: unknown): boolean {
  try {
    const found: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return isDeepStrictEqual(found, JSON.parse(JSON.stringify(expected)));
  } catch {
    return false;
  }
}
