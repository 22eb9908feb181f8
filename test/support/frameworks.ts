import request from 'supertest';
import { newRandomId } from '../../src/shared/ids.ts';
import type { Role } from '../../src/domain/roles.ts';
import type { TestCairn } from './cairn.ts';
import { casePackage, childOf, item } from './standards.ts';

export interface Report {
  readonly framework: { readonly id?: string; readonly title: string };
  readonly created: number;
  readonly updated: number;
  readonly retired: number;
  readonly unchanged: number;
  readonly warnings: readonly { readonly code: string; readonly path: string }[];
}

export interface ListedStandard {
  readonly id: string;
  readonly identifier: string;
  readonly code?: string;
  readonly state: string;
}

export type School = Awaited<ReturnType<typeof foundSchool>>;

/** A school of its own in the store that the tests share, and what its staff does with frameworks. */
export async function foundSchool({ app, services }: TestCairn, organization = newRandomId()) {
  const actor = { kind: 'system', id: 'cairn', organization, roles: [] } as const;
  const keyFor = async (role: Role) =>
    (await services.apiKeys.create(actor, { name: role, roles: [role] })).secret;
  const owner = await keyFor('owner');
  const send = (test: request.Test, key = owner) => test.auth(key, { type: 'bearer' });

  const get = (path: string, key?: string) => send(request(app).get(`/api/v1${path}`), key);
  const post = (path: string, body: object) => send(request(app).post(`/api/v1${path}`)).send(body);
  const put = (path: string, body: unknown) =>
    send(request(app).put(`/api/v1${path}`))
      .type('application/json')
      .send(JSON.stringify(body));

  const importDocument = (document: object | string, query = '', key?: string) => {
    const isSheet = typeof document === 'string' && !document.startsWith('{');
    return send(request(app).post(`/api/v1/frameworks/import${query}`), key)
      .type(isSheet ? 'text/csv' : 'application/json')
      .send(typeof document === 'string' ? document : JSON.stringify(document));
  };

  const reportOf = async (document: object | string, query = ''): Promise<Report> => {
    const answer = await importDocument(document, query);
    if (answer.status > 201) throw new Error(`${answer.status} ${answer.text}`);
    return answer.body as Report;
  };

  const standardsOf = async (framework = '', query = ''): Promise<readonly ListedStandard[]> => {
    const answer = await get(`/frameworks/${framework}/standards${query}`);
    if (answer.status !== 200) throw new Error(answer.text);
    return (answer.body as { items: ListedStandard[] }).items;
  };

  return { organization, keyFor, get, post, put, importDocument, reportOf, standardsOf };
}

export const counts = ({ created, updated, retired, unchanged }: Report) => [
  created,
  updated,
  retired,
  unchanged,
];

export const small = casePackage({
  items: [
    item(1, { humanCodingScheme: 'HSF', fullStatement: 'Functions' }),
    item(2, { humanCodingScheme: 'HSF.LE.1', fullStatement: 'Linear and exponential models' }),
    item(3, { humanCodingScheme: 'HSF.LE.2', fullStatement: 'Construct linear functions' }),
  ],
  associations: [childOf(1, 'document', 1), childOf(2, 1, 1), childOf(3, 1, 2)],
});
