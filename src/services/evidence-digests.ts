import type { VerifyDependencies } from '../credentials/verify/types.ts';
import { scopeOf, systemActor } from '../domain/roles.ts';
import type { Urls } from '../shared/urls.ts';
import type { AwardStore } from '../storage/awards.ts';
import type { BlobStore } from '../storage/blobs.ts';
import type { CredentialStore } from '../storage/credentials.ts';

export type FindDigest = NonNullable<VerifyDependencies['findDigest']>;

/**
 * What the files hash to that back up our own credentials. Only for the credential that an award's files were signed
 * with, by its school: with a badge of their own nobody can guess at what a private file says.
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
    const id = after(urls.evidence(''), evidence);
    if (id === undefined) return undefined;
    const blob = await findBlob(id, {
      credential: after(urls.credential(''), credential),
      organization: after(urls.issuerDid(''), issuer),
    });
    const sha256 = blob && (await blobs.digest(blob));
    return sha256 === undefined ? {} : { sha256 };
  };

  async function findBlob(
    id: string,
    of: { credential: string | undefined; organization: string | undefined },
  ): Promise<string | undefined> {
    if (of.credential === undefined || of.organization === undefined) return undefined;
    const scope = scopeOf(systemActor(of.organization));
    const issued = await credentials.find(scope, of.credential);
    const award = issued && (await awards.find(scope, issued.award));
    return award?.evidence.find((item) => item.id === id)?.file?.blob;
  }
}

function after(start: string, text: string): string | undefined {
  return text.startsWith(start) ? text.slice(start.length) : undefined;
}
