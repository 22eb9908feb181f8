import { randomInt } from 'node:crypto';
import { createBitstring, setBit } from '../credentials/status/bitstring.ts';
import { buildStatusListCredential } from '../credentials/status/list-credential.ts';
import { signDataIntegrity } from '../credentials/sign/data-integrity.ts';
import { verificationMethodId } from '../credentials/did.ts';
import type { DocumentLoader } from '../credentials/documents.ts';
import type { Award } from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import { listSize, type StatusPurpose } from '../domain/status.ts';
import type { Clock } from '../shared/clock.ts';
import { notFound, ServiceError } from '../shared/errors.ts';
import type { Urls } from '../shared/urls.ts';
import type { StatusListStore } from '../storage/status-lists.ts';
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

  return { reserveEntries, getSigned };

  /** A random bit for each purpose that no other credential has or had; the same ones when asked again. */
  async function reserveEntries(
    scope: Scope,
    credential: string,
  ): Promise<Award['issuance']['status']> {
    const [revocation, suspension] = await Promise.all([
      reserveEntry(scope, credential, 'revocation'),
      reserveEntry(scope, credential, 'suspension'),
    ]);
    return { ...revocation, suspension };
  }

  async function reserveEntry(scope: Scope, credential: string, purpose: StatusPurpose) {
    for (let tries = 0; tries < 100; tries += 1) {
      const known = await statusLists.findEntry(credential, purpose);
      if (known !== undefined) return { list: known.list, index: known.index };
      const list = await statusLists.openList(scope, purpose, listSize, now());
      await statusLists.reserve(list, credential, randomInt(list.size));
    }
    throw new ServiceError(
      'unavailable',
      'status.no_index',
      'No place was found on the status list. Please try again.',
    );
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
