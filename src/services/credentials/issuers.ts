import { buildDidDocument, buildProfile } from '../../credentials/did.ts';
import { buildJwk, buildJwkSet } from '../../credentials/jwks.ts';
import { defined } from '../../shared/defined.ts';
import { notFound } from '../../shared/errors.ts';
import type { Urls } from '../../shared/urls.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { SigningKeyStore } from '../../storage/signing-keys.ts';

export type IssuerService = ReturnType<typeof createIssuerService>;

/** What strangers may know of an issuer: who it is and which keys are its own. */
export function createIssuerService({
  organizations,
  signingKeys,
  urls,
}: {
  organizations: OrganizationStore;
  signingKeys: SigningKeyStore;
  urls: Urls;
}) {
  return {
    listOrganizations,
    isOwn,
    getOrganization,
    getProfile,
    getDidDocument,
    getJwk,
    getJwkSet,
  };

  async function listOrganizations() {
    const all = await organizations.list();
    return all.map(({ id, name, description }) => defined({ id, name, description }));
  }

  async function isOwn(id: string): Promise<boolean> {
    return (await organizations.find(id)) !== undefined;
  }

  async function getOrganization(id: string) {
    const organization = await organizations.find(id);
    if (organization === undefined) throw notFound('issuer');
    return organization;
  }

  async function getProfile(id: string) {
    return buildProfile(urls, await getOrganization(id));
  }

  async function getDidDocument(id: string) {
    const organization = await getOrganization(id);
    const keys = await signingKeys.list(organization.id);
    return buildDidDocument({ urls, organization: organization.id, keys });
  }

  async function getJwk(kid: string) {
    const key = await signingKeys.find(kid);
    if (key === undefined) throw notFound('key');
    return buildJwk(urls, key);
  }

  async function getJwkSet() {
    return buildJwkSet(urls, await signingKeys.listAll());
  }
}
