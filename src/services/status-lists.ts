import { randomInt } from 'node:crypto';
import { createBitstring, setBit } from '../credentials/status/bitstring.ts';
import { buildStatusListCredential } from '../credentials/status/list-credential.ts';
import { signDataIntegrity } from '../credentials/sign/data-integrity.ts';
import { verificationMethodId } from '../credentials/did.ts';
import type { DocumentLoader } from '../credentials/documents.ts';
import { scopeOf, type Scope } from '../domain/roles.ts';
import { listSize, type StatusList } from '../domain/status.ts';
import type { Clock } from '../shared/clock.ts';
import { notFound, ServiceError } from '../shared/errors.ts';
import type { Urls } from '../shared/urls.ts';
import type { StatusListStore } from '../storage/status-lists.ts';
import type { SigningKeyService } from './signing-keys.ts';

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
  /** The newest signed form of each list; a list is signed once for each of its versions and keys. */
  const signed = new Map<string, { version: number; key: string; document: Promise<string> }>();

  return { reserveEntry, getSigned };

  /** A random bit that no other credential has or had; the same one when asked again for the same credential. */
  async function reserveEntry(
    scope: Scope,
    credential: string,
  ): Promise<{ list: string; index: number }> {
    for (let tries = 0; tries < 100; tries += 1) {
      const known = await statusLists.findEntry(credential, 'revocation');
      if (known !== undefined) return { list: known.list, index: known.index };
      const list = await statusLists.openList(scope, 'revocation', listSize, now());
      const index = randomInt(list.size);
      await statusLists.reserve(list, credential, index);
    }
    throw new ServiceError(
      'unavailable',
      'status.no_index',
      'No place was found on the status list. Please try again.',
    );
  }

  /** The list as a signed BitstringStatusListCredential; its `validFrom` is the moment of its last change. */
  async function getSigned(id: string): Promise<string> {
    const list = await statusLists.find(id);
    if (list === undefined) throw notFound('status_list');
    const { dataIntegrity: key } = await keys.currentKeys(scopeOf(list).organization);
    const known = signed.get(id);
    if (known?.version === list.version && known.key === key) return known.document;
    const document = sign(list, key);
    signed.set(id, { version: list.version, key, document });
    document.catch(() => signed.delete(id));
    return document;
  }

  async function sign(list: StatusList, key: string): Promise<string> {
    const bits = createBitstring(list.size);
    for (const index of await statusLists.listSetBits(list.id)) setBit(bits, index);
    const { organization, updatedAt } = list;
    const unsigned = buildStatusListCredential({
      urls,
      organization,
      list,
      bits,
      validFrom: updatedAt,
    });
    const signer = await keys.signerOf(key);
    return signDataIntegrity(unsigned, {
      signer,
      verificationMethod: verificationMethodId(urls, signer.key),
      created: updatedAt,
      documentLoader: documents,
    });
  }
}
