import request, { type Response } from 'supertest';
import sharp from 'sharp';
import { z } from 'zod';
import type { Route } from '../../src/api/route.ts';
import { systemActor } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { callsByRelation, type Relation } from '../support/calls.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { nameOf, openEveryRoute, type EveryRoute } from '../support/every-route.ts';
import { addGuardian } from '../support/family.ts';
import { openSchool } from '../support/school.ts';

// Who learns what about one learner, put to every call of the management API, also to those that are made later.

interface Call {
  readonly name: string;
  /** As somebody would ask about the learner. */
  readonly ask: (key: string) => Promise<Response>;
}

let cairn: TestCairn;
let every: EveryRoute;
let calls: readonly Call[];
let insiders: Readonly<Record<Relation, string>>;
let outsiders: readonly (readonly [who: string, key: string])[];

beforeAll(async () => {
  cairn = await startCairn();
  every = await openEveryRoute(cairn);
  const { ids } = every;
  const school = await openSchool(cairn);
  await school
    .call('patch', '/organization')
    .send({ policy: { support: { visibleToFamily: true } } });
  await school.call('post', `/art/${ids.art}/approve`);
  const other = await cairn.as('learner');
  const elsewhere = { name: 'Elsewhere', roles: ['owner'] } as const;
  insiders = {
    learner: ids.learnerKey ?? '',
    guardian: (await addGuardian(cairn, school, ids.people ?? '')).key,
    teacher: (await cairn.as('teacher')).key,
  };
  outsiders = [
    ['another learner', other.key],
    ['the guardian of somebody else', (await addGuardian(cairn, school, other.id)).key],
    ['a mentor who was not asked', (await cairn.as('mentor', { adult: true })).key],
    [
      'the owner of another school',
      (await cairn.services.apiKeys.create(systemActor(newId()), elsewhere)).secret,
    ],
  ];
  calls = [...every.routes.map(callOf), ...(await listByteCalls())];
});
afterAll(async () => {
  await cairn.close();
});

const asksForLearner = ({ query }: Route) =>
  query instanceof z.ZodObject && 'learner' in query.shape;

function callOf(route: Route): Call {
  const about = asksForLearner(route) ? { query: `?learner=${every.ids.people}` } : {};
  return { name: nameOf(route), ask: (key) => every.ask(route, { key, ...about }) };
}

/** The calls that take or give bytes stand beside the table of routes. */
async function listByteCalls(): Promise<readonly Call[]> {
  const { people, achievements, art } = every.ids;
  const plain = { width: 40, height: 30, channels: 3, background: 'teal' } as const;
  const picture = await sharp({ create: plain }).png().toBuffer();
  const at = (method: 'get' | 'put' | 'post', path: string, key: string) =>
    request(cairn.app)[method](`/api/v1${path}`).auth(key, { type: 'bearer' });
  const uploaded = await at('post', '/files', insiders.learner).attach('file', picture, 'a.png');
  const file = (uploaded.body as { id: string }).id;
  const own = `/learners/${people}/art/${achievements}`;
  return [
    { name: 'GET /files/:id', ask: async (key) => at('get', `/files/${file}`, key) },
    { name: 'GET /art/:id/picture', ask: async (key) => at('get', `/art/${art}/picture`, key) },
    { name: 'GET /learners/:id/art/:achievement', ask: async (key) => at('get', own, key) },
    {
      name: 'PUT /learners/:id/art/:achievement',
      ask: async (key) => at('put', own, key).attach('file', picture, 'a.png'),
    },
  ];
}

/** Whether an answer tells anything of the learner. */
function tells({ body, text }: Response): boolean {
  const said = Buffer.isBuffer(body) ? body.toString('latin1') : text;
  return said.includes(every.ids.people ?? '') || said.includes('Ada Confidential');
}

const isList = (name: string) => /^GET \/[\w-]+$/.test(name);
const isRefused = ({ status }: Response) => status === 403 || status === 404;

/** Lists answer everybody, with what is for them. */
function isLetIn(name: string, answer: Response): boolean {
  return isList(name) ? answer.status === 200 && tells(answer) : !isRefused(answer);
}

it('knows every call about a learner', () => {
  const names = new Set(calls.map(({ name }) => name));
  expect(Object.keys(callsByRelation).filter((name) => !names.has(name))).toEqual([]);
});

// Outsiders come first: what insiders do leaves nothing to be seen.
describe('nobody else', () => {
  it.each([0, 1, 2, 3])(
    'learns anything of a learner, nor changes anything (%i)',
    async (index) => {
      const [who, key] = outsiders[index] ?? ['', ''];
      const told: string[] = [];
      for (const { name, ask } of calls) {
        const answer = await ask(key);
        const isOpen = name in callsByRelation && !isList(name) && !isRefused(answer);
        if (answer.status >= 500 || tells(answer) || isOpen) told.push(`${name}: ${answer.status}`);
      }
      expect([who, told]).toEqual([who, []]);
    },
    60_000,
  );
});

describe('those around the learner', () => {
  it('see and do what the table says', async () => {
    const found: Record<string, string[]> = {};
    for (const { name, ask } of calls) {
      if (!(name in callsByRelation)) continue;
      found[name] = [];
      for (const who of ['guardian', 'learner', 'teacher'] as const) {
        const answer = await ask(insiders[who]);
        expect([name, who, answer.status < 500]).toEqual([name, who, true]);
        if (isLetIn(name, answer)) found[name].push(who);
      }
    }
    const expected = Object.entries(callsByRelation).map(
      ([name, who]) => [name, [...who].sort()] as const,
    );
    expect(found).toEqual(Object.fromEntries(expected));
  }, 60_000);
});
