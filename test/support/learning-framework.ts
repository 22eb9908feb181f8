import request from 'supertest';
import type { TestCairn } from './cairn.ts';

/** A school that shows everybody what it promises its graduates. */
export async function publishLearningFramework({ app, owner }: TestCairn): Promise<void> {
  const call = (method: 'post' | 'put', path: string) =>
    request(app)[method](`/api/v1${path}`).auth(owner, { type: 'bearer' });
  const made = await call('post', '/achievements').send({
    ...{ kind: 'credit', name: 'Civic voice', standards: [], rubric: [] },
    description: 'Takes part in what the town decides, and says why.',
    criteria: 'Two levels of Social Studies, and a speech.',
  });
  const { id } = made.body as { id: string };
  await call('post', `/achievements/${id}/publish`);
  const published = await call('put', '/graduate-profile').send({
    competencies: [
      {
        ...{ name: 'Speaks up', credits: [id] },
        description: 'Listens, weighs what others say, and **speaks** for what is right.',
      },
    ],
    learningFramework:
      '# How we teach\n\nLearning is constant here, time varies.\n\n- Nobody fails by a date.\n- Work is judged by rubrics.\n\n| credit | tier |\n| - | - |\n| Civic voice | foundational |',
    published: true,
  });
  if (published.status !== 200) throw new Error(published.text);
}
