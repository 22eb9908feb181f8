import request from 'supertest';
import { managementRoutes } from '../../src/api/management/routes.ts';
import type { Route } from '../../src/api/route.ts';
import type { TestCairn } from './cairn.ts';
import { makeOneOfEverything, sampleRule, wordsContext, type Ids } from './one-of-everything.ts';

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

const addressOf = ({ path }: Route, id: string) =>
  path
    .replace(':id', encodeURIComponent(id))
    .replace(':number', '1')
    .replace(':ordinal', '1')
    .replace(':override', encodeURIComponent(id));

const findOwn = (ids: Ids, { path }: Route) => ids[path.split('/')[1] ?? ''] ?? '';

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
    'POST /achievements/:id/composition/certify': { learner: ids.people },
    'POST /pathways/:id/certify': { learner: ids.people },
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
