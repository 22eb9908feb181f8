import { randomInt } from 'node:crypto';
import { createBitstring, setBit } from '../../credentials/status/bitstring.ts';
import { buildStatusListCredential } from '../../credentials/status/list-credential.ts';
import { signDataIntegrity } from '../../credentials/sign/data-integrity.ts';
import { verificationMethodId } from '../../credentials/did.ts';
import type { DocumentLoader } from '../../credentials/documents.ts';
import type { Award, StatusPlace } from '../../domain/awards.ts';
import type { Scope } from '../../domain/roles.ts';
import { listSize, type StatusPurpose } from '../../domain/status.ts';
import type { Clock } from '../../shared/clock.ts';
import { notFound, ServiceError } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import type { StatusListStore } from '../../storage/status-lists.ts';
import type { SigningKeyService } from './signing-keys.ts';

/** Enough for every list that is in use; one takes some kilobytes. */
const maxSigned = 1_000;

interface Signed {
  readonly version: number;
  readonly key: string;
  readonly document: Promise<string>;
}

export type StatusListService = ReturnType<typeof createStatusListService>;

export function createStatusListService({
  statusLists,
  keys,
  documents,
  urls,
  now,
}: {
  statusLists: StatusListStore;
  keys: SigningKeyService;
  documents: DocumentLoader;
  urls: Urls;
  now: Clock;
}) {
  /** The newest signed form of the lists that were asked for last. */
  const signed = new Map<string, Signed>();

  return { reserveEntries, reserveMany, getSigned };

  /** A random bit for each purpose that no other credential has or had; the same ones when asked again. */
  async function reserveEntries(
    scope: Scope,
    credential: string,
  ): Promise<Award['issuance']['status']> {
    const status = (await reserveMany(scope, [credential])).get(credential);
    if (status === undefined) throw noIndex();
    return status;
  }

  /** The same for many credentials at once. */
  async function reserveMany(
    scope: Scope,
    credentials: readonly string[],
  ): Promise<ReadonlyMap<string, Award['issuance']['status']>> {
    const [revocation, suspension] = await Promise.all([
      reservePlaces(scope, credentials, 'revocation'),
      reservePlaces(scope, credentials, 'suspension'),
    ]);
    const status = new Map<string, Award['issuance']['status']>();
    for (const [credential, place] of revocation) {
      const other = suspension.get(credential);
      status.set(credential, { ...place, ...(other && { suspension: other }) });
    }
    return status;
  }

  async function reservePlaces(
    scope: Scope,
    credentials: readonly string[],
    purpose: StatusPurpose,
  ): Promise<ReadonlyMap<string, StatusPlace>> {
    const places = new Map<string, StatusPlace>();
    const note = (list: string, { credential, index }: { credential: string; index: number }) =>
      places.set(credential, { list, index });
    for (let tries = 0; tries < 100; tries += 1) {
      const unknown = credentials.filter((credential) => !places.has(credential));
      if (unknown.length === 0) return places;
      for (const entry of await statusLists.findEntries(unknown, purpose)) note(entry.list, entry);
      const left = unknown.filter((credential) => !places.has(credential));
      if (left.length === 0) return places;
      const list = await statusLists.openList(scope, purpose, listSize, now());
      const wanted = left.map((credential) => ({ credential, index: randomInt(list.size) }));
      for (const place of await statusLists.reserve(list, wanted)) note(list.id, place);
    }
    throw noIndex();
  }

  /**
   * The list as a signed BitstringStatusListCredential. A version of a list is the same bytes whoever signs it: all of
   * it comes from one record, and Ed25519 has no chance in it.
   */
  async function getSigned(id: string): Promise<string> {
    const list = await statusLists.find(id);
    if (list === undefined) throw notFound('status_list');
    const { dataIntegrity: key } = await keys.currentKeys(list.organization);
    const known = signed.get(id);
    if (known?.version === list.version && known.key === key) return known.document;
    const document = sign(id, key);
    signed.delete(id);
    signed.set(id, { version: list.version, key, document });
    for (const oldest of [...signed.keys()].slice(0, -maxSigned)) signed.delete(oldest);
    document.catch(() => signed.delete(id));
    return document;
  }

  async function sign(id: string, key: string): Promise<string> {
    const list = await statusLists.read(id);
    if (list === undefined) throw notFound('status_list');
    const bits = createBitstring(list.size);
    for (const index of list.bits) setBit(bits, index);
    const { organization, updatedAt } = list;
    const unsigned = buildStatusListCredential({ urls, organization, list, bits });
    const signer = await keys.signerOf(key);
    return signDataIntegrity(unsigned, {
      signer,
      verificationMethod: verificationMethodId(urls, signer.key),
      created: updatedAt,
      documentLoader: documents,
    });
  }
}

function noIndex() {
  return new ServiceError(
    'unavailable',
    'status.no_index',
    'No place was found on the status list. Please try again.',
  );
}
