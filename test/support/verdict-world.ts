import { createForeignIssuer } from './foreign-issuer.ts';
import { createIssuer } from './issuer.ts';
import type { Json } from './json-places.ts';
import type { Published } from './judges.ts';

// Who signs the rows of verdict-rows.ts, and what they publish.

export const issuer = createIssuer();
export const other = createIssuer('other.example');
export const foreign = await createForeignIssuer();
export const keyDid = `did:key:${issuer.multikey}`;
export const signedAt = { created: '2025-01-02T00:00:00Z' };
export const start = '2025-01-01T00:00:00Z';

/** Stock loaders want to know what words mean in a DID document. */
export const withContext = (document: Json): Json => ({
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
  ...document,
});
export const withoutStatus = ({ credentialStatus: _none, ...badge }: Json): Json => badge;

export const sign = (credential: Json, options: Json = {}): Promise<Json> =>
  issuer.sign(credential, { ...signedAt, ...options });
export async function published({
  set = [],
  more = {},
}: { set?: readonly number[]; more?: Published } = {}): Promise<Published> {
  const list = { ...issuer.statusList(set), validFrom: start };
  return {
    [issuer.documentUrl]: withContext(issuer.document),
    [other.documentUrl]: withContext(other.document),
    [foreign.documentUrl]: withContext(foreign.document),
    [issuer.listUrl]: await sign(list),
    [keyDid]: withContext({
      id: keyDid,
      verificationMethod: [
        {
          id: `${keyDid}#${issuer.multikey}`,
          type: 'Multikey',
          controller: keyDid,
          publicKeyMultibase: issuer.multikey,
        },
      ],
      assertionMethod: [`${keyDid}#${issuer.multikey}`],
    }),
    ...more,
    jwks: {
      keys: [
        { kid: issuer.rsaId, ...issuer.rsa.publicKey.export({ format: 'jwk' }) },
        { kid: issuer.keyId, ...issuer.ed25519.publicKey.export({ format: 'jwk' }) },
      ],
    },
  };
}
