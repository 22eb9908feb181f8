import { agree, award } from '../support/awarding.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { addGuardian, openFamily, type Family, type Somebody } from '../support/family.ts';
import { openSchool, type PublishedAchievement, type School } from '../support/school.ts';
import { resultsAt } from '../support/submissions.ts';

// The second half of the essay: a learner is stuck, the school hears of it, somebody who can do it helps, and the
// learner is through. Nobody's clock was stopped.

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly kind: string;
  readonly summary: string;
}

const dayMs = 86_400_000;
let time: number;
let cairn: TestCairn;
let school: School;
let family: Family;
let achievement: PublishedAchievement;
let mia: Somebody;

beforeAll(async () => {
  time = Date.now();
  cairn = await startCairn({ now: () => new Date(time) });
  school = await openSchool(cairn);
  cairn.cairn.queue.process(cairn.services.issuances.process);
  family = await openFamily(cairn, school);
  achievement = await school.publish({ name: 'Fair tests' });
  mia = await cairn.as('learner', { name: 'Mia' });
  const support = { daysWithoutProgress: 14, timesSentBack: 2, visibleToFamily: true };
  await call('patch', '/organization', cairn.owner, { policy: { support } });
});
afterAll(async () => {
  await cairn.close();
});

async function call<T = Shown>(
  method: 'get' | 'post' | 'patch',
  path: string,
  key: string,
  body?: object,
) {
  const answer = await school.call(method, path, key).send(body);
  expect([path, answer.status < 300, answer.body]).toEqual([path, true, answer.body]);
  return answer.body as T;
}

const flags = async (key: string, query = '') =>
  (await call<{ items: Shown[] }>('get', `/support-flags${query}`, key)).items;

const judge = (submission: string, decision: 'approve' | 'revise') =>
  call('post', `/submissions/${submission}/reviews`, family.teacher.key, {
    achievement: achievement.id,
    decision,
    results: resultsAt(achievement, decision === 'approve' ? 1 : 0),
    feedback: 'Change one thing at a time.',
  });

it('a learner is stuck, flagged, helped by a mentor who accepted, and through', async () => {
  const { learner, guardian, teacher } = family;
  const submission = await call('post', '/submissions', learner.key, {
    achievements: [achievement.id],
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
    submit: true,
  });
  await judge(submission.id, 'revise');
  time += dayMs;
  await call('post', `/submissions/${submission.id}/submit`, learner.key);
  await judge(submission.id, 'revise');

  // The job finds it; learner and family read it in plain words.
  await cairn.cairn.dispatcher.sweep();
  time += dayMs;
  await cairn.cairn.dispatcher.sweep();
  const [flag] = await flags(teacher.key, '?state=open');
  expect(flag).toMatchObject({
    kind: 'sent-back',
    summary: '“Fair tests” was sent back 2 times.',
  });
  await call('post', `/support-flags/${flag?.id ?? ''}/take`, teacher.key);
  for (const { key } of [learner, guardian]) {
    expect(await flags(key)).toMatchObject([
      { summary: '“Fair tests” was sent back 2 times. Tara Teacher is helping.' },
    ]);
  }

  // Somebody who holds it has offered to help; both families agree.
  const miasGuardian = await addGuardian(cairn, school, mia.id);
  await award(school, mia.id, achievement);
  await agree(school, mia.id, miasGuardian.key);
  await agree(school, learner.id, guardian.key);
  await call('post', `/learners/${mia.id}/mentoring`, mia.key, { achievement: achievement.id });
  const path = `/learners/${learner.id}/mentor-suggestions?achievement=${achievement.id}`;
  const { items } = await call<{ items: { mentor: string }[] }>('get', path, teacher.key);
  expect(items).toMatchObject([{ mentor: mia.id, name: 'Mia' }]);
  const mentorship = await call('post', '/mentorships', teacher.key, {
    learner: learner.id,
    mentor: mia.id,
    achievement: achievement.id,
    flag: flag?.id,
  });
  expect(mentorship).toMatchObject({ state: 'asked' });
  const accepted = await call('post', `/mentorships/${mentorship.id}/accept`, mia.key);
  expect(accepted).toMatchObject({ state: 'accepted', learnerName: 'Ada Learner' });
  await call('post', `/support-flags/${flag?.id ?? ''}/log`, teacher.key, { text: 'With Mia.' });

  // And through: no clock was stopped, the third round counts like the first.
  time += dayMs;
  await call('post', `/submissions/${submission.id}/submit`, learner.key);
  await judge(submission.id, 'approve');
  await cairn.cairn.queue.drained();
  const credentials = await call<{ items: { state: string }[] }>(
    'get',
    `/credentials?learner=${learner.id}`,
    cairn.owner,
  );
  expect(credentials.items).toMatchObject([{ state: 'valid' }]);
  await call('post', `/mentorships/${mentorship.id}/end`, mia.key, { outcome: 'helped' });
  await call('post', `/support-flags/${flag?.id ?? ''}/resolve`, teacher.key, {
    outcome: 'Mia showed how to plan.',
  });
  expect(await flags(guardian.key)).toMatchObject([
    { state: 'resolved', summary: '“Fair tests” was sent back 2 times. This is resolved.' },
  ]);

  // Helped, and moving: nobody is flagged again for it.
  time += 10 * dayMs;
  await cairn.cairn.dispatcher.sweep();
  expect(await flags(teacher.key, `?learner=${learner.id}&state=open`)).toEqual([]);
});
