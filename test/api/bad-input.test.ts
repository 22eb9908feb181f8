import request, { type Response } from 'supertest';
import type { Route } from '../../src/api/route.ts';
import { systemActor } from '../../src/domain/roles.ts';
import { newId } from '../../src/shared/ids.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import {
  hasId,
  nameOf,
  openEveryRoute,
  takesJson,
  type EveryRoute,
} from '../support/every-route.ts';
import { replaceEach } from '../support/json-places.ts';

// What is wrong in the same way everywhere, put to every route of the management API. What is special to a
// resource stands in the tests of that resource.

let cairn: TestCairn;
let every: EveryRoute;
/** Owner of another school. */
let stranger: string;

beforeAll(async () => {
  cairn = await startCairn();
  every = await openEveryRoute(cairn);
  const other = systemActor(newId());
  const key = { name: 'Other school', roles: ['owner'] } as const;
  stranger = (await cairn.services.apiKeys.create(other, key)).secret;
});
afterAll(async () => {
  await cairn.close();
});

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly path: string }[];
}

/** `route: status code`, for answers that are problems as RFC 9457 and our own rules have them. */
function read(route: Route, answer: Response): string {
  if (answer.status < 400) return `${nameOf(route)}: ${answer.status}`;
  const problem = answer.body as Problem;
  expect(answer.type).toBe('application/problem+json');
  expect(problem.status).toBe(answer.status);
  expect(problem.code).toMatch(/^[a-z_-]+\.[a-z_]+$/);
  // A plain sentence: nothing of a stack, a path or a library.
  expect(problem.detail).toMatch(/^[A-Z][^\n]{9,}[.!?]$/);
  expect(JSON.stringify(problem)).not.toMatch(/node_modules|at \w+ \(|Mongo|E11000|zod|\.ts:/i);
  return `${nameOf(route)}: ${answer.status} ${problem.code}`;
}

/** Asks the routes and expects this of every one of them; afterwards the school is what it was. */
async function expectOfEach(
  routes: readonly Route[],
  ending: string | RegExp,
  ask: (route: Route) => Promise<Response>,
): Promise<void> {
  expect(routes.length).toBeGreaterThan(5);
  const before = await takeStock();
  const others: string[] = [];
  for (const route of routes) {
    const line = read(route, await ask(route));
    const fits = typeof ending === 'string' ? line.endsWith(ending) : ending.test(line);
    if (!fits) others.push(line);
  }
  expect(others).toEqual([]);
  expect(await takeStock()).toEqual(before);
}

/** Every list of the school. */
async function takeStock(): Promise<Readonly<Record<string, unknown>>> {
  const lists = every.routes.filter((route) => route.method === 'get' && !hasId(route));
  const found: Record<string, unknown> = {};
  for (const route of lists) {
    const answer = await every.ask(route);
    expect(answer.status).toBe(200);
    found[route.path] = answer.body as unknown;
  }
  return found;
}

const withId = () => every.routes.filter(hasId);
const withJson = () => every.routes.filter(takesJson);

it('knows a right body for every route that takes one', () => {
  const bare = every.routes.filter(({ body }) => body !== undefined);
  expect(bare.map(nameOf).filter((name) => !(name in every.samples))).toEqual([]);
});

describe('an id', () => {
  it('that nobody has is a 404', async () => {
    await expectOfEach(withId(), /: 404 \w+\.not_found$/, (route) =>
      every.ask(route, { id: newId() }),
    );
  });

  it('of another school is the same 404', async () => {
    const routes = withId();
    for (const route of routes) {
      const [theirs, nobodys] = [
        await every.ask(route, { key: stranger }),
        await every.ask(route, { key: stranger, id: newId() }),
      ];
      expect(read(route, theirs)).toBe(read(route, nobodys));
    }
    await expectOfEach(routes, /: 404 \w+\.not_found$/, (route) =>
      every.ask(route, { key: stranger }),
    );
  });

  it.each(['1', '{"$gt":""}', '__proto__', '../organization', "'; drop table", '%00', 'é'])(
    'that is %s is refused',
    async (id) => {
      await expectOfEach(withId(), ': 400 request.invalid_address', (route) =>
        every.ask(route, { id }),
      );
    },
  );

  it('of this school inside a body finds nothing for another school', async () => {
    const names = ['POST /submissions', 'POST /achievements', 'POST /awards'];
    const routes = every.routes.filter((route) => names.includes(nameOf(route)));
    for (const route of routes) {
      expect(read(route, await every.ask(route, { key: stranger }))).toMatch(/: (400|404|422) /);
    }
    const keys = every.routes.find((route) => nameOf(route) === 'POST /api-keys');
    if (keys === undefined) throw new Error('no such route');
    const body = { name: 'Theirs', person: every.ids.people };
    expect(read(keys, await every.ask(keys, { key: stranger, body }))).toContain('404');
  });
});

describe('a body', () => {
  it.each(['{"name":', '', 'name=Ada', '{"a":1}{"b":2}', "{'a':1}", '[1,]'])(
    'that is not JSON is refused: %s',
    async (body) => {
      await expectOfEach(withJson(), ': 400 request.malformed_json', (route) =>
        every.ask(route, { body }),
      );
    },
  );

  it.each(['{"__proto__":{"a":1}}', '{"x":{"constructor":{"prototype":{"a":1}}}}'])(
    'that reaches for the prototype is refused: %s',
    async (body) => {
      await expectOfEach(withJson(), ': 400 request.malformed_json', (route) =>
        every.ask(route, { body }),
      );
      expect(({} as { a?: number }).a).toBeUndefined();
    },
  );

  it.each(['null', '7', '"text"', 'true', '[[]]', '{"surprise":1}'])(
    'of another shape is refused: %s',
    async (body) => {
      await expectOfEach(withJson(), ': 400 request.invalid', (route) =>
        every.ask(route, { body }),
      );
    },
  );

  it('with a field too many is refused, and the problem names it', async () => {
    const routes = withJson().filter((route) => !Array.isArray(every.samples[nameOf(route)]));
    await expectOfEach(routes, ': 400 request.invalid', async (route) => {
      const right = every.samples[nameOf(route)] as object;
      const answer = await every.ask(route, { body: { ...right, organization: newId() } });
      expect((answer.body as Problem).errors).toMatchObject([{ path: 'organization' }]);
      return answer;
    });
  });

  it.each([
    ['an operator', { $gt: '' }],
    ['another operator', { $ne: null }],
    ['a list of operators', [{ $gt: '' }]],
    ['a truth value', true],
    ['a very long text', 'x'.repeat(100_000)],
  ])('with %s for a field is refused, field by field', async (_what, wrong) => {
    const asked = withJson().flatMap((route) =>
      replaceEach(every.samples[nameOf(route)], wrong).map((body) => ({ route, body })),
    );
    expect(asked.length).toBeGreaterThan(30);
    const before = await takeStock();
    const others: string[] = [];
    for (const { route, body } of asked) {
      const line = read(route, await every.ask(route, { body }));
      if (!line.endsWith(': 400 request.invalid')) others.push(`${line} ${JSON.stringify(body)}`);
    }
    expect(others).toEqual([]);
    expect(await takeStock()).toEqual(before);
  });

  it('of 10 MB is refused', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(10_000_000) });
    await expectOfEach(withJson(), ': 413 request.too_large', (route) =>
      every.ask(route, { body }),
    );
  }, 60_000);

  it('of another media type is refused', async () => {
    await expectOfEach(
      every.routes.filter(({ body }) => body !== undefined),
      ': 400 request.wrong_type',
      (route) => every.ask(route, { type: 'text/plain' }),
    );
  });
});

describe('what is wrong', () => {
  const cases: [string, object, string, string][] = [
    ['missing', { roles: ['learner'] }, 'name', 'is missing'],
    ['of another type', { name: 5, roles: ['learner'] }, 'name', 'must be text'],
    ['not one of a few', { name: 'A', roles: ['god'] }, 'roles.0', 'must be owner or admin or'],
    ['a word instead of a list', { name: 'A', roles: 'learner' }, 'roles', 'must be a list'],
    ['of unknown name', { name: 'A', roles: ['learner'], x: 1 }, 'x', 'is not known here'],
  ];
  it.each(cases)('is told in plain words: %s', async (_what, body, path, words) => {
    const answer = await request(cairn.app)
      .post('/api/v1/people')
      .auth(cairn.owner, { type: 'bearer' })
      .send(body);
    expect(answer.body).toMatchObject({
      errors: [{ path, message: expect.stringContaining(words) as unknown }],
    });
  });

  it.each([
    ['limit=500', 'must be at most 200'],
    ['limit=x', 'must be a number'],
    ['cursor=zzz', 'must be the `next` of the page before'],
  ])('in a query is told in plain words: %s', async (query, message) => {
    const answer = await request(cairn.app)
      .get(`/api/v1/people?${query}`)
      .auth(cairn.owner, { type: 'bearer' });
    expect(answer.body).toMatchObject({ errors: [{ message }] });
  });
});

describe('a query', () => {
  it.each(['?surprise=1', '?limit[$gt]=1', '?__proto__=1', '?organization=other'])(
    'that is not known is refused: %s',
    async (query) => {
      await expectOfEach(every.routes, ': 400 request.invalid_query', (route) =>
        every.ask(route, { query }),
      );
    },
  );

  it.each([
    '?limit=1&limit=2',
    '?cursor=1&cursor=2',
    '?cursor=zzz',
    '?limit=0',
    '?limit=-1',
    '?limit=1e9',
  ])('with a wrong page is refused: %s', async (query) => {
    const lists = every.routes.filter(
      (route) => route.method === 'get' && (!hasId(route) || route.path.endsWith('/standards')),
    );
    await expectOfEach(lists, ': 400 request.invalid_query', (route) =>
      every.ask(route, { query }),
    );
  });
});

describe('a key', () => {
  it('that is missing is asked for', async () => {
    await expectOfEach(every.routes, ': 401 auth.missing', (route) =>
      every.ask(route, { key: '' }),
    );
  });

  it('that nobody has is refused', async () => {
    await expectOfEach(every.routes, ': 401 auth.invalid_key', (route) =>
      every.ask(route, { key: 'x'.repeat(40) }),
    );
  });

  it('that has expired or was revoked is refused', async () => {
    const { organizations, apiKeys } = cairn.services;
    const operator = await organizations.operator();
    const input = { name: 'Old', roles: ['owner'] } as const;
    const expired = await apiKeys.create(operator, { ...input, expiresAt: new Date(1_000) });
    const revoked = await apiKeys.create(operator, input);
    await apiKeys.revoke(operator, revoked.id);
    await expectOfEach(every.routes, ': 401 auth.expired_key', (route) =>
      every.ask(route, { key: expired.secret }),
    );
    await expectOfEach(every.routes, ': 401 auth.invalid_key', (route) =>
      every.ask(route, { key: revoked.secret }),
    );
  });
});
