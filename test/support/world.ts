import { loadContexts, withDocuments } from '../../src/credentials/documents.ts';
import type { VerifyDependencies } from '../../src/credentials/verify/types.ts';
import { verifyCredential } from '../../src/credentials/verify/verify.ts';
import { FetchError } from '../../src/shared/safe-fetch.ts';

const contexts = loadContexts();

/** Stands for a document where an address answers in another way. */
export type Answer = () => { status?: number; url?: string; body?: unknown };

/** A world without a network in which just these documents are published: address → JSON, text, or an Answer. */
export function createWorld(
  published: Readonly<Record<string, unknown>>,
  options: {
    now?: string;
    local?: VerifyDependencies['local'];
    findIssuer?: VerifyDependencies['findIssuer'];
    findLogged?: VerifyDependencies['findLogged'];
    findDigest?: VerifyDependencies['findDigest'];
    contexts?: ReadonlyMap<string, object>;
  } = {},
) {
  const asked: string[] = [];
  const dependencies: VerifyDependencies = {
    documents: options.contexts ? withDocuments(contexts, options.contexts) : contexts,
    now: () => new Date(options.now ?? '2026-12-01T00:00:00Z'),
    fetch: (url) => {
      asked.push(url);
      if (!url.startsWith('https://')) {
        return Promise.reject(new FetchError('fetch.blocked', 'Only https.'));
      }
      const body = published[url];
      if (body === undefined) {
        return Promise.reject(new FetchError('fetch.failed', 'Nobody answers.'));
      }
      const answer = typeof body === 'function' ? (body as Answer)() : { body };
      const bytes = toBytes(answer.body ?? '');
      return Promise.resolve({
        status: 200,
        url,
        contentType: 'application/json',
        ...answer,
        bytes,
      });
    },
    ...(options.local && { local: options.local }),
    ...(options.findIssuer && { findIssuer: options.findIssuer }),
    ...(options.findLogged && { findLogged: options.findLogged }),
    ...(options.findDigest && { findDigest: options.findDigest }),
  };
  return {
    /** Every address that was looked up, in order. */
    asked,
    verify: (input: string | Uint8Array | object) => verifyCredential(input, dependencies),
  };
}

function toBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
