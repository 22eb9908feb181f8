import { loadContexts } from '../../src/credentials/documents.ts';
import { createSession } from '../../src/credentials/verify/session.ts';
import type { VerifyDependencies } from '../../src/credentials/verify/types.ts';
import { FetchError } from '../../src/shared/safe-fetch.ts';

const documents = loadContexts();

/** What one check of a verification sees, on one fixed day; address → JSON, or the error that its look-up ends with. */
export function openSession(
  published: Readonly<Record<string, unknown>> = {},
  more: Partial<VerifyDependencies> = {},
) {
  const asked: string[] = [];
  const session = createSession({
    documents,
    now: () => new Date('2026-12-01T00:00:00Z'),
    fetch: (url) => {
      asked.push(url);
      const found = published[url];
      if (found instanceof Error) return Promise.reject(found);
      if (found === undefined) {
        return Promise.reject(new FetchError('fetch.failed', 'Nobody answers.'));
      }
      const bytes = Buffer.from(JSON.stringify(found));
      return Promise.resolve({ status: 200, url, contentType: 'application/json', bytes });
    },
    ...more,
  });
  return { session, asked };
}
