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

/** A school that has set everything that its policy page speaks of. */
export async function setEveryPolicy({ app, owner }: TestCairn): Promise<void> {
  const call = (method: 'get' | 'post' | 'patch', path: string) =>
    request(app)[method](`/api/v1${path}`).auth(owner, { type: 'bearer' });
  const published = await call('get', '/achievements?state=published');
  const { items } = published.body as { items: { id: string }[] };
  const course = await call('post', '/courses').send({
    ...{ name: 'Pandemics', description: 'One project, four subjects.' },
    achievements: items.map(({ id }) => id),
  });
  if (course.status !== 201) throw new Error(course.text);
  const changed = await call('patch', '/organization').send({
    masteryPolicy: { en: 'Learning is **constant**, time is not.\n\n- Nobody fails by a date.' },
    policy: {
      calibration: { share: 0.125, kinds: ['boss', 'level'] },
      digest: { guardians: true, learners: true },
      guardianConsent: ['public', 'mentoring'],
      support: {
        ...{ daysWithoutProgress: 14, timesSentBack: 3, behindPace: true },
        ...{ missingLevel: true, visibleToFamily: true, pauses: [] },
      },
    },
  });
  if (changed.status !== 200) throw new Error(changed.text);
}
