/**
 * Every address that Cairn publishes, made in one place from the public base address.
 * Paths are those of the public contract; ids of ours are UUIDs, so nothing needs escaping.
 */
export function createUrls(base: string) {
  const origin = base.replace(/\/+$/, '');
  // did:web §3.1: the port's colon is percent-encoded, path segments follow with colons.
  const didHost = new URL(origin).host.replace(':', '%3A');

  return {
    base: origin,
    /** The issuer's id inside credentials. */
    issuerDid: (id: string) => `did:web:${didHost}:issuers:${id}`,
    issuer: (id: string) => `${origin}/issuers/${id}`,
    didDocument: (id: string) => `${origin}/issuers/${id}/did.json`,
    achievement: (id: string) => `${origin}/achievements/${id}`,
    achievementVersion: (id: string, version: number) =>
      `${origin}/achievements/${id}/versions/${version}`,
    achievementImage: (id: string, version: number, format: 'png' | 'svg') =>
      `${origin}/achievements/${id}/versions/${version}/image.${format}`,
    credential: (id: string) => `${origin}/credentials/${id}`,
    evidence: (id: string) => `${origin}/evidence/${id}`,
    statusList: (id: string) => `${origin}/status/${id}`,
    /** CASE addresses of frameworks and standards that no other site gives an address. */
    caseDocument: (identifier: string) =>
      `${origin}/ims/case/v1p1/CFDocuments/${encodeURIComponent(identifier)}`,
    caseItem: (identifier: string) =>
      `${origin}/ims/case/v1p1/CFItems/${encodeURIComponent(identifier)}`,
    jwkSet: `${origin}/.well-known/jwks.json`,
    /** Where somebody who got a letter stops them. */
    letterStop: (token: string) => `${origin}/letters/stop/${token}`,
    /** Where the bare JWK of a JWT's `kid` is found. */
    key: (kid: string) => `${origin}/keys/${kid}`,
  };
}

export type Urls = ReturnType<typeof createUrls>;
