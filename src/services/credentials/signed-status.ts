import type { Json } from '../../credentials/verify/types.ts';
import { idOf } from '../../credentials/verify/values.ts';
import { scopeOf, type Actor } from '../../domain/roles.ts';
import type { StatusPurpose } from '../../domain/status.ts';
import { ServiceError } from '../../shared/errors.ts';
import { sha256 } from '../../shared/ids.ts';
import type { Urls } from '../../shared/urls.ts';
import type { CredentialStatusService } from './credential-status.ts';
import type { StatusListService } from './status-lists.ts';

export type SignedStatusService = ReturnType<typeof createSignedStatusService>;

/** The status of credentials that were signed as given. They are not kept; what they are called by has places on lists. */
export function createSignedStatusService({
  lists,
  credentialStatus,
  urls,
}: {
  lists: Pick<StatusListService, 'reserveEntries'>;
  credentialStatus: Pick<CredentialStatusService, 'changeUnkept'>;
  urls: Urls;
}) {
  return { addEntries, set };

  /** The credential with an entry for each purpose; the same places when it is signed again under the same name. */
  async function addEntries(
    actor: Actor,
    credential: Json,
    { purposes, credentialId }: { purposes: readonly StatusPurpose[]; credentialId?: string },
  ): Promise<Json> {
    if (purposes.length === 0) return credential;
    const name = credentialId ?? idOf(credential.id);
    if (name === undefined) {
      throw refused(
        'needs_id',
        'Give the credential an id, or a credentialId to call it by later.',
      );
    }
    if (credential.credentialStatus !== undefined) {
      throw refused('has_status', 'The credential names a status already: ask for none from here.');
    }
    const reserved = await lists.reserveEntries(scopeOf(actor), keyOf(actor, name));
    const places = { revocation: reserved, suspension: reserved.suspension };
    const entries = [...new Set(purposes)].flatMap((purpose) => {
      const place = places[purpose];
      return place === undefined
        ? []
        : [toEntry(purpose, urls.statusList(place.list), place.index)];
    });
    return { ...credential, credentialStatus: entries.length === 1 ? entries[0] : entries };
  }

  async function set(
    actor: Actor,
    credentialId: string,
    change: { purpose: StatusPurpose; set: boolean; reason: string },
  ): Promise<void> {
    await credentialStatus.changeUnkept(actor, keyOf(actor, credentialId), change);
  }
}

/** Under which its entries are found: names are chosen by callers, each organization for itself. */
function keyOf({ organization }: Actor, name: string): string {
  return `signed:${sha256(JSON.stringify([organization, name]))}`;
}

function toEntry(statusPurpose: StatusPurpose, list: string, index: number): Json {
  return {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose,
    statusListIndex: String(index),
    statusListCredential: list,
  };
}

function refused(code: string, message: string): ServiceError {
  return new ServiceError('unprocessable', `status.${code}`, message);
}
