import request from 'supertest';
import type { Criterion } from '../../src/domain/rubrics.ts';
import type { TestCairn } from './cairn.ts';

export interface PublishedAchievement {
  readonly id: string;
  readonly rubric: readonly Criterion[];
}

/** A school with two standards and a level, where achievements can be published. */
export async function openSchool(cairn: TestCairn) {
  const call = (
    method: 'get' | 'post' | 'put' | 'patch' | 'delete',
    path: string,
    key = cairn.owner,
  ) => request(cairn.app)[method](`/api/v1${path}`).auth(key, { type: 'bearer' });

  const imported = await call('post', '/frameworks/import?title=Science')
    .type('text/csv')
    .send('code,statement\nS.1,Plans a fair test\nS.2,Draws conclusions\n');
  const framework = (imported.body as { framework: { id: string } }).framework.id;
  await call('put', `/frameworks/${framework}/levels`).send([
    { ordinal: 1, name: 'Foundations', description: 'First steps' },
  ]);
  const listed = await call('get', `/frameworks/${framework}/standards`);
  const standards = (listed.body as { items: { id: string }[] }).items.map(({ id }) => id);

  const criterion = (name: string) => ({
    name,
    levels: ['Not yet', 'Met', 'Beyond'].map((level) => ({ name: level, description: level })),
    requiredLevel: 'Met',
  });

  async function draft(changes: object = {}): Promise<PublishedAchievement> {
    const created = await call('post', '/achievements').send({
      kind: 'microcredential',
      name: 'Fair tests',
      description: 'Plans and runs a fair test.',
      criteria: 'Show a plan and what came of it.',
      standards,
      level: 1,
      rubric: [criterion('Plan'), criterion('Conclusion')],
      ...changes,
    });
    if (created.status !== 201) throw new Error(created.text);
    return created.body as PublishedAchievement;
  }

  async function publish(changes: object = {}): Promise<PublishedAchievement> {
    const { id } = await draft(changes);
    const published = await call('post', `/achievements/${id}/publish`);
    if (published.status !== 200) throw new Error(published.text);
    return published.body as PublishedAchievement;
  }

  return { call, draft, publish, standards };
}

export type School = Awaited<ReturnType<typeof openSchool>>;
