import { createPublicKey } from 'node:crypto';
import { contextUrls } from './documents.ts';
import { decodeBase58, hasKnownHeader } from './multibase.ts';
import { parseMultikey } from './public-key.ts';

/** DID Resolution §4: why there is no document. */
export type DidError = 'invalidDid' | 'notFound' | 'methodNotSupported';

export type DidResolution =
  { readonly document: object } | { readonly error: DidError; readonly message: string };

const relationships = [
  'authentication',
  'assertionMethod',
  'capabilityInvocation',
  'capabilityDelegation',
] as const;

/** Every purpose of a signing key. */
function forEveryPurpose(id: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(relationships.map((name) => [name, [id]]));
}

/** did:key: the identifier is the key. */
export function resolveDidKey(did: string): DidResolution {
  const multikey = did.slice('did:key:'.length);
  if (parseMultikey(multikey) === undefined) return unknownKey(multikey);
  const id = `${did}#${multikey}`;
  return {
    document: {
      '@context': [contextUrls.did, contextUrls.multikey],
      id: did,
      verificationMethod: [{ id, type: 'Multikey', controller: did, publicKeyMultibase: multikey }],
      ...forEveryPurpose(id),
    },
  };
}

function unknownKey(multikey: string): DidResolution {
  const bytes = multikey.startsWith('z') ? decodeBase58(multikey.slice(1)) : undefined;
  return bytes === undefined || bytes.length < 3 || hasKnownHeader(bytes)
    ? { error: 'invalidDid', message: 'This did:key holds no key.' }
    : {
        error: 'methodNotSupported',
        message: 'Only keys of Ed25519, P-256 and P-384 are known here as did:key.',
      };
}

/** did:jwk: the identifier is the key as base64url JSON. */
export function resolveDidJwk(did: string): DidResolution {
  const publicKeyJwk = parsePublicJwk(did.slice('did:jwk:'.length));
  if (publicKeyJwk === undefined) {
    return { error: 'invalidDid', message: 'This did:jwk holds no public key.' };
  }
  const id = `${did}#0`;
  return {
    document: {
      '@context': [contextUrls.did, contextUrls.jwk],
      id: did,
      verificationMethod: [{ id, type: 'JsonWebKey', controller: did, publicKeyJwk }],
      ...(publicKeyJwk.use === 'enc' ? { keyAgreement: [id] } : forEveryPurpose(id)),
    },
  };
}

const secretMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

function parsePublicJwk(encoded: string): Readonly<Record<string, unknown>> | undefined {
  if (!/^[\w-]{1,4096}$/.test(encoded)) return undefined;
  try {
    const jwk = JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<string, unknown>;
    if (secretMembers.some((name) => name in jwk)) return undefined;
    createPublicKey({ key: jwk, format: 'jwk' });
    return jwk;
  } catch {
    return undefined;
  }
}
