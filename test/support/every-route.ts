import request from 'supertest';
import sharp from 'sharp';
import { managementRoutes } from '../../src/api/management/routes.ts';
import type { Route } from '../../src/api/route.ts';
import type { TestCairn } from './cairn.ts';
import { openSchool, type School } from './school.ts';
import { resultsAt } from './submissions.ts';

/** `POST /people`. */
export const nameOf = ({ method, path }: Route) => `${method.toUpperCase()} ${path}`;
export const hasId = ({ path }: Route) => path.includes(':id');
export const takesJson = ({ body }: Route) => body !== undefined && !('document' in body);

const typeOf = ({ body }: Route) => {
  const [document] = body !== undefined && 'document' in body ? body.document : [];
  return document ?? 'application/json';
};

interface Asked {
  readonly key?: string;
  readonly id?: string;
  readonly body?: unknown;
  readonly query?: string;
  readonly type?: string;
}

/** A school that has one of everything, every management route of Cairn, and a right body for each of them. */
export async function openEveryRoute(cairn: TestCairn) {
  const routes = managementRoutes(cairn.services, cairn.cairn.urls);
  const ids = await makeOneOfEverything(cairn);
  const samples = buildSamples(ids);
  const queries = buildQueries(ids);
  const queryOf = (route: Route) => queries[nameOf(route)] ?? '';

  /** Asks a route with what is right, but for what is given. No key: ''. */
  async function ask(route: Route, asked: Asked = {}): Promise<request.Response> {
    const { key = cairn.owner, query = queryOf(route), type = typeOf(route) } = asked;
    const body = asked.body === undefined ? samples[nameOf(route)] : asked.body;
    const path = `/api/v1${addressOf(route, asked.id ?? findOwn(ids, route))}${query}`;
    const question = request(cairn.app)[route.method](path);
    if (key !== '') void question.auth(key, { type: 'bearer' });
    if (body === undefined) return question;
    return question.type(type).send(typeof body === 'string' ? body : JSON.stringify(body));
  }

  return { routes, samples, ask, ids };
}

export type EveryRoute = Awaited<ReturnType<typeof openEveryRoute>>;

type Ids = Readonly<Record<string, string>> & {
  readonly criterion: string;
  readonly level: string;
};

const wordsContext = JSON.stringify({ '@context': { mood: 'https://words.example/v1#mood' } });

const addressOf = ({ path }: Route, id: string) =>
  path
    .replace(':id', encodeURIComponent(id))
    .replace(':number', '1')
    .replace(':ordinal', '1')
    .replace(':override', encodeURIComponent(id));

const findOwn = (ids: Ids, { path }: Route) => ids[path.split('/')[1] ?? ''] ?? '';

/** Ids by the first part of their address, and those of the rubric. */
async function makeOneOfEverything(cairn: TestCairn): Promise<Ids> {
  const school = await openSchool(cairn);
  const learner = await cairn.as('learner');
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

const sampleRule = { preponderance: { minCount: 1 } };

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

/** What has to be asked for, and periods that do not end with the moment of the question. */
function buildQueries(ids: Ids): Readonly<Record<string, string>> {
  const now = Date.now();
  const [from, to] = [now - 86_400_000, now + 86_400_000].map((at) => new Date(at).toISOString());
  const framework = `?framework=${ids.frameworks}`;
  const period = `?from=${from}&to=${to}`;
  return {
    'GET /learners/:id/chart.svg': framework,
    'GET /learners/:id/chart.pdf': framework,
    'GET /reports/standards-without-achievements': framework,
    'GET /reports/achievements-nobody-earns': period,
    'GET /reports/review-times': period,
    'GET /reports/resubmissions': period,
  };
}

function buildSamples(ids: Ids): Readonly<Record<string, unknown>> {
  const evidence = [{ name: 'Report', narrative: 'What I did.' }];
  const achievement = {
    kind: 'microcredential',
    name: 'Sums',
    description: 'Adds.',
    criteria: 'Show it.',
    standards: [ids.standards],
    level: 1,
    rubric: [],
  };
  const results = [{ criterion: ids.criterion, level: ids.level }];
  const pool = { achievements: [ids.achievements] };
  const rule = { ...sampleRule, pool, achievement: ids.levelAchievement };
  return {
    'PATCH /organization': { description: 'A school.' },
    'POST /api-keys': { name: 'Sync', roles: ['teacher'] },
    'POST /contexts': { url: 'https://words.example/v1', content: wordsContext },
    'POST /people': { name: 'Ada', roles: ['learner'] },
    'PATCH /people/:id': { name: 'Ada' },
    'POST /frameworks': { title: 'Arts' },
    'POST /frameworks/import': '{"CFDocument":{}}',
    'PUT /frameworks/:id/level-rules/:ordinal': rule,
    'POST /frameworks/:id/level-rules/:ordinal/simulate': rule,
    'POST /frameworks/:id/level-rules/:ordinal/certify': { learner: ids.people },
    'POST /level-rules/flagged/:id/resolve': { decision: 'keep', reason: 'Seen since' },
    'PUT /frameworks/:id/levels': [{ ordinal: 1, name: 'Foundations', description: 'First' }],
    'POST /achievements': achievement,
    'PATCH /achievements/:id': { description: 'Adds and subtracts.' },
    'POST /courses': { name: 'Water', description: 'One.', achievements: [ids.achievements] },
    'PATCH /courses/:id': { description: 'Two.' },
    'POST /pathways': {
      ...{ name: 'Water', description: 'One.', kind: 'ordered' },
      steps: [{ achievement: ids.achievements }],
    },
    'PATCH /pathways/:id': { description: 'Two.' },
    'PUT /achievements/:id/composition': { tier: 'foundational', all: [ids.achievements] },
    'PUT /graduate-profile': { competencies: [], learningFramework: 'How we teach.' },
    'POST /proposals': { kind: 'achievement', title: 'Bees', text: 'Keeps bees.' },
    'POST /proposals/:id/accept': {},
    'POST /proposals/:id/edit': { title: 'Bees in winter', reason: 'Clearer.' },
    'POST /proposals/:id/decline': { reason: 'We have it already.' },
    'POST /art/:id/decline': { reason: 'Not yours.' },
    'POST /submissions': { learner: ids.people, achievements: [ids.achievements], evidence },
    'PATCH /submissions/:id': { evidence },
    'POST /submissions/:id/reviews': {
      achievement: ids.achievements,
      decision: 'revise',
      results,
      feedback: 'Say more.',
    },
    'POST /awards': {
      learner: ids.people,
      achievement: ids.achievements,
      narrative: 'In the workshop.',
      evidence: [],
      results: [],
    },
    'POST /awards/import': 'learner,achievement,narrative\n',
    'POST /support-flags': {
      learner: ids.people,
      achievement: ids.achievements,
      text: 'Seems lost.',
    },
    'POST /learners/:id/mentoring': { achievement: ids.achievements },
    'POST /learners/:id/consents': { scope: 'public', textVersion: '2026-1' },
    'POST /learners/:id/consents/withdraw': { scope: 'public' },
    'POST /mentorships': {
      learner: ids.people,
      mentor: ids.mentor,
      achievement: ids.achievements,
    },
    'POST /mentorships/:id/end': { outcome: 'helped' },
    'POST /calibration/:id/results': { results },
    'POST /norming-sessions': {
      achievement: ids.achievements,
      title: 'Maps',
      anchors: [{ submission: ids.submissions, results }],
    },
    'POST /norming-sessions/:id/ratings': { anchor: ids.anchor, results },
    'POST /support-flags/:id/log': { text: 'We talked.' },
    'POST /support-flags/:id/resolve': { outcome: 'Found a way.' },
    'POST /classes': { name: '5a', learners: [ids.learners] },
    'PATCH /classes/:id': { name: '5b' },
    'PUT /learners/:id/pace': { perMonth: 4 },
    'POST /learners/:id/overrides': { standard: ids.standards, level: 'Met', reason: 'Seen.' },
    'POST /credentials/:id/revoke': { reason: 'Copied' },
    'POST /credentials/:id/suspend': { reason: 'Under review' },
    'POST /credentials/:id/reinstate': { reason: 'Cleared up' },
  };
}
