import { gunzipSync } from 'node:zlib';
import { loadContexts } from '../src/credentials/documents.ts';
import { verifyCredential } from '../src/credentials/verify/verify.ts';
import { FetchError, type SafeFetch } from '../src/shared/safe-fetch.ts';
import type { Json } from '../test/support/json-places.ts';
import { createIssuer } from '../test/support/issuer.ts';
import { verdictOf } from '../test/support/verdict.ts';

// test/support/attack.ts for the mutation tester: the same attacks, verified in the thread of the test. A mutant
// reaches no other thread, and an installation of its own for each of thousands of mutants would take days.

export const today = '2026-12-01T00:00:00Z';
export const table = () => '';

const contexts = loadContexts();
const port = 4321;
// Their keys take long to make.
const [school, other] = [
  createIssuer(`localhost:${port}`, `http://localhost:${port}`),
  createIssuer(`127.0.0.1:${port}`, `http://127.0.0.1:${port}`),
];

export async function openTarget() {
  const published = new Map<string, unknown>();
  const asked: string[] = [];
  const publish = async (set: readonly number[] = [], document: Json = school.document) => {
    published.set(school.documentUrl, document);
    published.set(other.documentUrl, other.document);
    published.set(school.listUrl, await school.sign(school.statusList(set)));
  };
  await publish();

  const fetch: SafeFetch = (url) => {
    if (!url.includes(`:${port}/`) || url.startsWith('https:')) {
      return Promise.reject(new FetchError('fetch.failed', 'Nobody answers.'));
    }
    asked.push(url);
    const body = published.get(url);
    const status = body === undefined ? 404 : 200;
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    const bytes = Buffer.isBuffer(body) ? gunzipSync(body) : Buffer.from(text);
    return Promise.resolve({ status, url, contentType: 'application/json', bytes });
  };

  async function attack(_name: string, body: string | Uint8Array | object) {
    asked.length = 0;
    const now = () => new Date(today);
    const input = body instanceof Uint8Array ? body : typeof body === 'string' ? body : { ...body };
    const result = await verifyCredential(input, { documents: contexts, fetch, now });
    const text = JSON.stringify(result);
    return { answer: verdictOf(result), status: 200, text, result, ms: 0, asked: [...asked] };
  }

  return { school, other, published, publish, attack, close: () => Promise.resolve() };
}
