import request from 'supertest';
import type { Role } from '../../src/domain/roles.ts';
import { startCairn } from './cairn.ts';

export interface ShownCriterion {
  readonly id: string;
  readonly name: string;
  readonly levels: readonly { readonly id: string; readonly name: string }[];
  readonly requiredLevel: string;
}

/** The fields that tests look at, of whatever was answered. */
export interface Shown {
  readonly id: string;
  readonly state: string;
  readonly name: string;
  readonly rubric: readonly ShownCriterion[];
  readonly code: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
  readonly items: readonly { readonly id: string; readonly name: string }[];
  readonly next: string;
  readonly framework: { readonly id: string };
}

export const rubricLevels = [
  { name: 'Not yet', description: 'Cannot say why', points: 0 },
  { name: 'Met', description: 'Says why', points: 2 },
  { name: 'Beyond', description: 'Says when not' },
];
export const reasoning = {
  name: 'Reasoning',
  description: 'The why',
  levels: rubricLevels,
  requiredLevel: 'Met',
};

/** A school with a framework of three standards and two levels, and short ways to make achievements there. */
export async function startAchievements() {
  const cairn = await startCairn();

  function call(method: 'get' | 'post' | 'put' | 'patch', path: string, key = cairn.owner) {
    return request(cairn.app)[method](`/api/v1${path}`).auth(key, { type: 'bearer' });
  }

  async function expected(test: request.Test, status: number): Promise<Shown> {
    const answer = await test;
    if (answer.status !== status) throw new Error(`${answer.status} ${answer.text}`);
    return answer.body as Shown;
  }

  const bodyOf = (path: string, key?: string) => expected(call('get', path, key), 200);

  const report = await expected(
    call('post', '/frameworks/import?title=Mathematics')
      .type('text/csv')
      .send('code,statement\nA.1,Adds\nA.2,Subtracts\nA.3,Multiplies $x^{2}$\n'),
    201,
  );
  const framework = report.framework.id;
  const levels = [
    { ordinal: 1, name: 'Foundations', description: 'First steps' },
    { ordinal: 2, name: 'Advanced', description: 'Further on' },
  ];
  await expected(call('put', `/frameworks/${framework}/levels`).send(levels), 200);
  const { items } = await bodyOf(`/frameworks/${framework}/standards`);
  const standards = items.map(({ id }) => id);
  const organization = (await bodyOf('/organization')).id;

  const input = (changes: object = {}) => ({
    kind: 'microcredential',
    name: 'Adding',
    description: 'Adds numbers of any size.',
    criteria: 'Show **two** ways: $\\frac{a}{b}$.',
    standards: standards.slice(0, 1),
    level: 1,
    rubric: [reasoning],
    ...changes,
  });

  const create = (changes: object = {}) =>
    expected(call('post', '/achievements').send(input(changes)), 201);
  const publish = (id: string) => expected(call('post', `/achievements/${id}/publish`), 200);

  return {
    services: cairn.services,
    stores: cairn.cairn.storage.stores,
    as: (role: Role) => cairn.as(role),
    owner: cairn.owner,
    app: cairn.app,
    close: () => cairn.close(),
    framework,
    standards,
    organization,
    call,
    bodyOf,
    input,
    create,
    publish,
    published: async (changes: object = {}) => publish((await create(changes)).id),
  };
}
