import { createApi } from './api.ts';
import { addPerson, judge, publishAchievement } from './first-badge.ts';
import { adminKey } from './process.ts';

/** A school at `base` with one achievement, a teacher, and a way to hand in for a new learner. */
export async function openRemoteSchool(base: string, ownerKey = adminKey) {
  const owner = createApi(base, ownerKey);
  const { id: framework } = await owner.call<{ id: string }>('POST', '/frameworks', {
    title: 'Science',
  });
  await owner.call('PUT', `/frameworks/${framework}/levels`, [{ ordinal: 1, name: 'Foundations' }]);
  const sheet = 'code,statement\nS.1,Plans a fair test\n';
  await owner.call(
    'POST',
    `/frameworks/import?framework=${framework}`,
    new Blob([sheet], {
      type: 'text/csv',
    }),
  );
  const { items } = await owner.call<{ items: { id: string }[] }>(
    'GET',
    `/frameworks/${framework}/standards`,
  );
  const standards = items.map(({ id }) => id);
  const achievement = await publishAchievement(owner, standards);
  const teacher = await addPerson(owner, base, { name: 'Ms Teacher', roles: ['teacher'] });
  const approval = { ...judge(achievement, 'Proficient'), decision: 'approve' };

  async function handIn(name: string): Promise<string> {
    const learner = await owner.call<{ id: string }>('POST', '/people', {
      name,
      roles: ['learner'],
    });
    const { id } = await owner.call<{ id: string }>('POST', '/submissions', {
      learner: learner.id,
      achievements: [achievement.id],
      evidence: [{ name: 'Report', narrative: 'What they did.' }],
      submit: true,
    });
    return id;
  }

  return { owner, standards, teacher: teacher.api, teacherKey: teacher.key, approval, handIn };
}
