import type { PublicJwk, SigningKey } from '../domain/keys.ts';
import type { Urls } from '../shared/urls.ts';

export type PublishedJwk = PublicJwk & {
  readonly kid: string;
  readonly alg: 'EdDSA' | 'RS256';
  readonly use: 'sig';
};

/** The bare JWK that a JWT's `kid` leads to; inside, `kid` is that address again. */
export function buildJwk(urls: Urls, key: SigningKey): PublishedJwk {
  return {
    ...key.publicJwk,
    kid: urls.key(key.id),
    alg: key.kind === 'Ed25519' ? 'EdDSA' : 'RS256',
    use: 'sig',
  };
}

/**
 * `/.well-known/jwks.json`: which keys sign JWTs on this host; `iss` tells the issuers apart (OB 3.0
 * implementation guide, key provenance). Keys of Data Integrity proofs do not sign JWTs and are not in it.
 */
export function buildJwkSet(urls: Urls, keys: readonly SigningKey[]) {
  return {
    keys: keys
      .filter((key) => key.kind === 'RS256' && key.state !== 'compromised')
      .map((key) => ({ ...buildJwk(urls, key), iss: urls.issuerDid(key.organization) })),
  };
}
