import request from 'supertest';
import sharp from 'sharp';
import type { TestCairn } from './cairn.ts';
import { openSchool, type School } from './school.ts';
import { resultsAt } from './submissions.ts';

export type Ids = Readonly<Record<string, string>> & {
  readonly criterion: string;
  readonly level: string;
};

export const wordsContext = JSON.stringify({
  '@context': { mood: 'https://words.example/v1#mood' },
});

/** Ids by the first part of their address, and those of the rubric. */
export async function makeOneOfEverything(cairn: TestCairn): Promise<Ids> {
  const school = await openSchool(cairn);
  const learner = await cairn.as('learner', { name: 'Ada Confidential' });
  const achievement = await school.publish();
  const submission = await school.call('post', '/submissions', learner.key).send({
    achievements: [achievement.id],
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
  });
  const issued = await issueOne(cairn, school, learner.id);
  const context = await school
    .call('post', '/contexts')
    .send({ url: 'https://words.example/v0', content: wordsContext });

  const flag = await school
    .call('post', '/support-flags')
    .send({ learner: learner.id, text: 'Seems lost.' });

  await school.call('post', '/classes').send({ name: '4b', learners: [learner.id] });
  const mentorship = await askMentor(cairn, school, learner.id, achievement.id);

  const { calibration, normingSession, anchor } = await sampleReview(cairn, school, learner.key);

  const first = async (path: string) =>
    ((await school.call('get', path)).body as { items: { id: string }[] }).items[0]?.id ?? '';
  const frameworks = await first('/frameworks');
  const level = await school.publish({ name: 'First level', kind: 'level', rubric: [] });
  const rule = { ...sampleRule, pool: { achievements: [achievement.id] }, achievement: level.id };
  await school.call('put', `/frameworks/${frameworks}/level-rules/1`).send(rule);
  const [criterion] = achievement.rubric;
  return {
    people: learner.id,
    learnerKey: learner.key,
    learners: learner.id,
    calibration,
    'norming-sessions': normingSession,
    anchor,
    mentorships: mentorship.id,
    mentor: mentorship.mentor,
    'support-flags': (flag.body as { id: string }).id,
    classes: await first('/classes'),
    'api-keys': await first('/api-keys'),
    contexts: (context.body as { id: string }).id,
    frameworks,
    standards: await first(`/frameworks/${frameworks}/standards`),
    achievements: achievement.id,
    submissions: (submission.body as { id: string }).id,
    ...(await makeCurriculum(school, achievement.id, learner.key)),
    art: await drawArt(cairn, learner, achievement.id),
    ...issued,
    'level-rules': issued.issuances,
    levelAchievement: level.id,
    criterion: criterion?.id ?? '',
    level: criterion?.levels[1]?.id ?? '',
  };
}

/** What is made of achievements. */
async function makeCurriculum(school: School, achievement: string, learner: string) {
  const made = async (path: string, body: object) => {
    const answer = await school.call('post', path).send({ name: 'Pandemics', ...body });
    return (answer.body as { id: string }).id;
  };
  const description = 'One project.';
  const steps = [{ achievement }];
  const proposed = await school
    .call('post', '/proposals', learner)
    .send({ kind: 'achievement', title: 'Beekeeping', text: 'Keeps bees.' });
  const profile = { competencies: [], learningFramework: 'How we teach.' };
  await school.call('put', '/graduate-profile').send(profile);
  return {
    proposals: (proposed.body as { id: string }).id,
    courses: await made('/courses', { description, achievements: [achievement] }),
    pathways: await made('/pathways', { description, kind: 'free', steps }),
  };
}

/** A picture that waits for somebody's word. */
async function drawArt(
  cairn: TestCairn,
  learner: { readonly id: string; readonly key: string },
  achievement: string,
): Promise<string> {
  const plain = { width: 40, height: 30, channels: 3, background: 'teal' } as const;
  const drawn = await request(cairn.app)
    .put(`/api/v1/learners/${learner.id}/art/${achievement}`)
    .auth(learner.key, { type: 'bearer' })
    .attach('file', await sharp({ create: plain }).png().toBuffer(), 'bee.png');
  if (drawn.status !== 201) throw new Error(drawn.text);
  return (drawn.body as Shown).id;
}

export const sampleRule = { preponderance: { minCount: 1 } };

/** A review that somebody else may judge again, and a norming session about the same work. */
async function sampleReview(cairn: TestCairn, school: School, learner: string) {
  const teacher = await cairn.as('teacher');
  await school.call('patch', '/organization').send({ policy: { calibration: { share: 1 } } });
  const achievement = await school.publish({ name: 'Maps' });
  const results = resultsAt(achievement, 1);
  const evidence = [{ name: 'Report', narrative: 'What I did.' }];
  const body = { achievements: [achievement.id], evidence, submit: true };
  const { id } = (await school.call('post', '/submissions', learner).send(body)).body as Shown;
  const review = { achievement: achievement.id, decision: 'revise', results, feedback: 'More.' };
  await school.call('post', `/submissions/${id}/reviews`, teacher.key).send(review);
  await school.call('patch', '/organization').send({ policy: { calibration: { share: 0 } } });
  const queue = (await school.call('get', '/calibration/queue')).body as { items: Shown[] };
  const session = {
    achievement: achievement.id,
    title: 'Maps',
    anchors: [{ submission: id, results }],
  };
  const made = (await school.call('post', '/norming-sessions').send(session)).body as Shown;
  const seen = (await school.call('get', `/norming-sessions/${made.id}`)).body as {
    anchors: Shown[];
  };
  return {
    calibration: queue.items[0]?.id ?? '',
    normingSession: made.id,
    anchor: seen.anchors[0]?.id ?? '',
  };
}

interface Shown {
  readonly id: string;
}

/** A volunteer who was asked to help. */
async function askMentor(cairn: TestCairn, school: School, learner: string, achievement: string) {
  const volunteer = await cairn.as('mentor', { adult: true });
  await school.call('patch', '/organization').send({ policy: { guardianConsent: [] } });
  await school
    .call('post', `/learners/${volunteer.id}/mentoring`, volunteer.key)
    .send({ achievement });
  const asked = await school
    .call('post', '/mentorships')
    .send({ learner, mentor: volunteer.id, achievement });
  return { id: (asked.body as { id: string }).id, mentor: volunteer.id };
}

/** An award and its credential. */
async function issueOne(cairn: TestCairn, school: School, learner: string) {
  cairn.cairn.queue.process(cairn.services.issuances.process);
  const achievement = await school.publish({ name: 'Graphs' });
  const awarded = await school.call('post', '/awards').send({
    learner,
    achievement: achievement.id,
    narrative: 'In the workshop.',
    results: resultsAt(achievement, 1),
  });
  await cairn.cairn.queue.drained();
  const { id } = awarded.body as { id: string };
  const issued = await school.call('get', `/issuances/${id}`);
  return { issuances: id, credentials: (issued.body as { credential: string }).credential };
}
