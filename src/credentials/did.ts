import type { SigningKey } from '../domain/keys.ts';
import type { Organization } from '../domain/organizations.ts';
import { toTimestamp } from '../shared/clock.ts';
import type { Urls } from '../shared/urls.ts';
import { contextUrls } from './documents.ts';
import type { Profile } from './types.ts';

interface VerificationMethod {
  readonly id: string;
  readonly type: 'Multikey' | 'JsonWebKey';
  readonly controller: string;
  readonly publicKeyMultibase?: string;
  readonly publicKeyJwk?: object;
  /** Controlled Identifiers 1.0 §2.2: from when on the key proves nothing any more. */
  readonly revoked?: string;
}

export interface DidDocument {
  readonly '@context': readonly string[];
  readonly id: string;
  readonly verificationMethod: readonly VerificationMethod[];
  /** Strings only: embedded methods are what other verifiers stumble over. */
  readonly assertionMethod: readonly string[];
}

/** The DID URL that a proof names. Its fragment is the key's thumbprint, never the multikey itself. */
export function verificationMethodId(
  urls: Urls,
  key: Pick<SigningKey, 'organization' | 'id'>,
): string {
  return `${urls.issuerDid(key.organization)}#${key.id}`;
}

function verificationMethod(urls: Urls, key: SigningKey): VerificationMethod {
  const id = verificationMethodId(urls, key);
  const controller = urls.issuerDid(key.organization);
  const end = key.compromisedAt && { revoked: toTimestamp(key.compromisedAt) };
  return key.publicKeyMultibase === undefined
    ? { id, type: 'JsonWebKey', controller, publicKeyJwk: key.publicJwk, ...end }
    : { id, type: 'Multikey', controller, publicKeyMultibase: key.publicKeyMultibase, ...end };
}

/**
 * The did:web document of an issuer. Retired keys stay, so that what they signed goes on verifying;
 * a compromised key is shown without the right to assert anything.
 */
export function buildDidDocument({
  urls,
  organization,
  keys,
}: {
  urls: Urls;
  organization: string;
  keys: readonly SigningKey[];
}): DidDocument {
  return {
    '@context': [contextUrls.did, contextUrls.multikey, contextUrls.jwk],
    id: urls.issuerDid(organization),
    verificationMethod: keys.map((key) => verificationMethod(urls, key)),
    assertionMethod: keys
      .filter((key) => key.state !== 'compromised')
      .map((key) => verificationMethodId(urls, key)),
  };
}

/** The issuer as it stands in credentials. */
export function buildIssuer(urls: Urls, organization: Organization): Profile {
  const { id, name, url, description, email } = organization;
  return {
    id: urls.issuerDid(id),
    type: ['Profile'],
    name,
    url: url ?? urls.issuer(id),
    ...(description !== undefined && { description }),
    ...(email !== undefined && { email }),
  };
}

/** What `/issuers/{id}` answers: the same Profile as a document of its own. */
export function buildProfile(
  urls: Urls,
  organization: Organization,
): Profile & { readonly '@context': readonly string[] } {
  return {
    '@context': [contextUrls.credentialsV2, contextUrls.openBadges],
    ...buildIssuer(urls, organization),
  };
}
