import type { VerifyDependencies } from '../../credentials/verify/types.ts';
import type { Award } from '../../domain/awards.ts';
import { scopeOf, systemActor } from '../../domain/roles.ts';
import { sha256 } from '../../shared/ids.ts';
import type { Urls } from '../../shared/urls.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { BlobStore } from '../../storage/blobs.ts';
import type { CredentialStore } from '../../storage/credentials.ts';

/** Whose evidence it is, as far as it is ours. */
interface Holder {
  readonly credential: string | undefined;
  readonly organization: string | undefined;
}

export type FindDigest = NonNullable<VerifyDependencies['findDigest']>;

/**
 * What the files and the credentials hash to that back up our own credentials. Only for the credential that an award's
 * files or supports were signed with, by its school: with a badge of their own nobody can guess at what is private.
 */
export function createFindDigest({
  credentials,
  awards,
  blobs,
  urls,
}: {
  credentials: Pick<CredentialStore, 'find'>;
  awards: Pick<AwardStore, 'find'>;
  blobs: Pick<BlobStore, 'digest'>;
  urls: Urls;
}): FindDigest {
  return async (evidence, { credential, issuer }) => {
    const file = after(urls.evidence(''), evidence);
    const support = after(urls.credential(''), evidence);
    if (file === undefined && support === undefined) return undefined;
    const of = {
      credential: after(urls.credential(''), credential),
      organization: after(urls.issuerDid(''), issuer),
    };
    if (support !== undefined) return hashSupport(support, of);
    const digest = await hashFile(file ?? '', of);
    return digest === undefined ? {} : { sha256: digest };
  };

  async function hashFile(id: string, of: Holder): Promise<string | undefined> {
    const award = await findAward(of);
    const blob = award?.evidence.find((item) => item.id === id)?.file?.blob;
    return blob && (await blobs.digest(blob));
  }

  /** The credential as it is hosted, or would be: it may be private. Others are asked for at their address. */
  async function hashSupport(id: string, of: Holder): Promise<{ sha256: string } | undefined> {
    const award = await findAward(of);
    if (award?.grounds?.supports.some(({ credential }) => credential === id) !== true) {
      return undefined;
    }
    const found = await credentials.find(scopeOf(systemActor(award.organization)), id);
    return found && { sha256: sha256(found.document) };
  }

  async function findAward(of: Holder): Promise<Award | undefined> {
    if (of.credential === undefined || of.organization === undefined) return undefined;
    const scope = scopeOf(systemActor(of.organization));
    const issued = await credentials.find(scope, of.credential);
    return issued && awards.find(scope, issued.award);
  }
}

function after(start: string, text: string): string | undefined {
  return text.startsWith(start) ? text.slice(start.length) : undefined;
}
