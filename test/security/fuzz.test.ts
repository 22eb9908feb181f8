import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { z } from 'zod';
import { managementRoutes } from '../../src/api/management/routes.ts';
import type { Route } from '../../src/api/route.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { almost, hostileText, hostileValue } from '../support/hostile.ts';
import { openSchool } from '../support/school.ts';

const seed = 20_261_122;
const runsPerRoute = 25;

let cairn: TestCairn;
let server: Server;
let base: string;
let routes: readonly Route[];
let ids: readonly string[];
let keys: readonly string[];

beforeAll(async () => {
  cairn = await startCairn();
  const school = await openSchool(cairn);
  const { id: achievement } = await school.publish();
  const draft = await school.draft({ name: 'Draft' });
  const [teacher, learner] = [await cairn.as('teacher'), await cairn.as('learner')];
  const submission = await school.call('post', '/submissions', learner.key).send({
    achievements: [achievement],
    evidence: [{ name: 'Report', narrative: 'What I did.' }],
    submit: true,
  });
  const things = [submission.body as { id: string }, draft, teacher, learner];
  const listed = [await school.call('get', '/frameworks'), await school.call('get', '/issuances')];
  const found = listed.flatMap(({ body }) => (body as { items: { id: string }[] }).items);
  ids = [achievement, ...[...things, ...found].map(({ id }) => id), ...school.standards];
  keys = [cairn.owner, teacher.key, learner.key];
  routes = managementRoutes(cairn.services, cairn.cairn.urls);
  server = createServer(cairn.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await cairn.close();
});

interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Nothing that a stranger or a member sends is ever our error. */
async function send({ method, path, key, headers, body }: Attempt): Promise<void> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (response.status >= 500 || /node_modules|at \w+.*\.ts:\d+/.test(text)) {
    throw new Error(`${method} ${path.slice(0, 200)}: ${response.status} ${text.slice(0, 500)}`);
  }
}

async function attack(attempts: fc.Arbitrary<Attempt>, numRuns = runsPerRoute): Promise<void> {
  await fc.assert(fc.asyncProperty(attempts, send), { seed, numRuns, endOnFailure: true });
}

/** Halves of characters cannot travel but inside JSON. */
const wellFormed = (text: string) => Buffer.from(text, 'utf8').toString('utf8');

/** An address: percent-encoded as a browser would, with whole characters only. */
const segment = (text: string) => encodeURIComponent(wellFormed(text));

function pathsOf({ path }: Route): fc.Arbitrary<string> {
  const parts = path
    .split('/')
    .map((part) =>
      part.startsWith(':')
        ? fc.oneof(
            { weight: 6, arbitrary: fc.constantFrom(...ids) },
            { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map(String) },
            { weight: 1, arbitrary: hostileText.map((text) => segment(text.slice(0, 500))) },
          )
        : fc.constant(part),
    );
  return fc.tuple(...parts).map((all) => `/api/v1${all.join('/')}`);
}

function queriesOf({ query, method }: Route): fc.Arbitrary<string> {
  const known = query instanceof z.ZodObject ? Object.keys(query.shape) : [];
  const name = known.length === 0 ? hostileText : fc.constantFrom(...known, `${known[0] ?? ''}[]`);
  const value = fc.oneof(fc.constantFrom('1', '2', ...ids), hostileText);
  const pair = fc
    .tuple(name, value)
    .map(([key, text]) => `${segment(key)}=${segment(text.slice(0, 500))}`);
  const often = method === 'get' ? 1 : 8;
  return fc.oneof(
    { weight: often, arbitrary: fc.constant('') },
    { weight: 2, arbitrary: fc.array(pair, { maxLength: 3 }).map((pairs) => pairs.join('&')) },
  );
}

function bodiesOf({ body, method }: Route): fc.Arbitrary<string | undefined> {
  if (method === 'get' || method === 'delete') return fc.constant(undefined);
  if (body === undefined) return hostileValue.map((value) => JSON.stringify(value));
  if (!(body instanceof z.ZodType)) {
    return fc.oneof(hostileText, documents).map(wellFormed);
  }
  // Without the names of schemas, everything stands where it is used.
  const options = {
    io: 'input',
    unrepresentable: 'any',
    metadata: z.registry<{ id?: string }>(),
  } as const;
  const schema = z.toJSONSchema(body, options);
  return almost(schema as object, ids).map((value) => JSON.stringify(value));
}

/** Standards as a CASE package or a sheet, spoilt here and there. */
const documents: fc.Arbitrary<string> = fc.oneof(
  fc
    .record({
      CFDocument: fc.record({ identifier: hostileValue, title: hostileValue, uri: hostileValue }),
      CFItems: fc.array(fc.record({ identifier: fc.uuid(), fullStatement: hostileValue }), {
        maxLength: 4,
      }),
      CFAssociations: hostileValue,
    })
    .map((value) => JSON.stringify(value)),
  fc.array(hostileText, { maxLength: 6 }).map((cells) => `code,statement\n${cells.join(',')}\n`),
);

const contentTypes = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ 'content-type': 'application/json' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('text/csv', 'x').map((type) => ({ 'content-type': type })),
  },
);

function attemptsAt(route: Route): fc.Arbitrary<Attempt> {
  return fc.record({
    method: fc.constant(route.method.toUpperCase()),
    path: fc
      .tuple(pathsOf(route), queriesOf(route), fc.boolean())
      .map(([path, query, asked]) => (asked && query !== '' ? `${path}?${query}` : path)),
    key: fc.constantFrom(...keys),
    headers: contentTypes,
    body: bodiesOf(route),
  });
}

describe('hostile requests', () => {
  it('are answered with a 4xx at worst by every management call', async () => {
    for (const route of routes) await attack(attemptsAt(route));
  }, 60_000);

  it('are answered with a 4xx at worst at every public address', async () => {
    const start = fc.constantFrom(
      ...['/issuers/', '/keys/', '/achievements/', '/credentials/', '/status/', '/evidence/'],
      ...['/setup/', '/verify?url=', '/assets/', '/', '/api/', '/.well-known/', '/readyz/'],
    );
    const end = fc.constantFrom('', '.png', '.json', '.jwt', '.svg', '/did.json', '/versions/1');
    const attempts = fc.record({
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
      path: fc
        .tuple(start, hostileText, end)
        .map(([a, text, z]) => `${a}${segment(text.slice(0, 500))}${z}`),
      key: fc.constantFrom('x', ...keys),
      headers: fc.record({
        accept: fc.constantFrom('text/html', '*/*', 'application/json', 'x', 'a/b;q=z'),
        'x-forwarded-host': fc.constantFrom('evil.example', ''),
        range: fc.constantFrom('bytes=0-1', 'bytes=9-1', 'x'),
      }),
      body: fc.constant(undefined),
    });
    await attack(attempts, 600);
  });

  it('are answered with a 4xx at worst by the verifier, whatever its content claims to be', async () => {
    const types = ['application/json', 'text/plain', 'image/png', 'multipart/form-data', 'x/y'];
    const attempts = fc.record({
      method: fc.constant('POST'),
      path: fc.constantFrom('/verify', '/verify?x[]=1'),
      key: fc.constant('x'),
      headers: fc.record({
        'content-type': fc.constantFrom(...types, 'multipart/form-data; boundary=x'),
        'content-encoding': fc.constantFrom('identity', 'gzip', 'x'),
        accept: fc.constantFrom('text/html', 'application/json'),
      }),
      body: fc.oneof(
        fc.constant('--x\r\ncontent-disposition: form-data; name="text"\r\n\r\n'),
        hostileValue.map((value) => JSON.stringify(value)),
        hostileText,
      ),
    });
    await attack(attempts, 50);
  });
});
