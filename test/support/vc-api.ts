import request from 'supertest';
import { openBadgeSchool } from './badge.ts';
import { startCairn } from './cairn.ts';
import type { Json } from './json-places.ts';

/** The least that is a credential, without issuer. */
export const plain: Json = {
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  id: 'urn:uuid:0b1f8a3e-53a5-4c8b-90cb-3f0b5b3f4a11',
  type: ['VerifiableCredential'],
  credentialSubject: { id: 'did:example:ada' },
  name: 'Library card',
};

/** A school, asked over the Verifiable Credential API. */
export async function openVcApi(env: Readonly<Record<string, string>> = {}) {
  const cairn = await startCairn({ env });
  const school = await openBadgeSchool(cairn);
  const did = cairn.cairn.urls.issuerDid(school.organization);

  return { cairn, school, did, post, issue, sign };

  function post(path: string, body: unknown, key = '') {
    const question = request(cairn.app).post(path).type('application/json');
    if (key !== '') void question.auth(key, { type: 'bearer' });
    return question.send(typeof body === 'string' ? body : JSON.stringify(body));
  }

  function issue(credential: unknown, options: Json = {}, key = cairn.owner) {
    return post('/vc/credentials/issue', { credential, options }, key);
  }

  /** The plain credential with these changes, signed by the school. */
  async function sign(change: Json = {}): Promise<Json> {
    const answer = await issue({ ...plain, ...change });
    if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
    return (answer.body as { verifiableCredential: Json }).verifiableCredential;
  }
}

export type VcApi = Awaited<ReturnType<typeof openVcApi>>;
