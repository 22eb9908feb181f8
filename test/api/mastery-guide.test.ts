import { readFile } from 'node:fs/promises';
import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';

/** What docs/mastery.md says is there is there. */
const guide = await readFile(new URL('../../docs/mastery.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/```json\n(.*?)```/gs)].map(
  ([, json = '']) => JSON.parse(json) as Record<string, unknown>,
);
const settings = examples.filter((one) => !('pool' in one));

let cairn: TestCairn;
let known: ReadonlySet<string>;
beforeAll(async () => {
  cairn = await startCairn();
  const answer = await request(cairn.app).get('/api/openapi.json');
  const { paths } = answer.body as { paths: Record<string, object> };
  known = new Set(
    Object.entries(paths).flatMap(([path, calls]) =>
      Object.keys(calls).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  );
});
afterAll(async () => {
  await cairn.close();
});

it('names calls that there are', () => {
  const named = [...guide.matchAll(/`((?:GET|POST|PUT|PATCH|DELETE) \/[^`?]*)`/g)].map(
    ([, call = '']) => call,
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((call) => !known.has(call))).toEqual([]);
});

it.each(settings)('shows settings that are taken: %j', async (setting) => {
  const answer = await request(cairn.app)
    .patch('/api/v1/organization')
    .auth(cairn.owner, { type: 'bearer' })
    .send(setting);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject(setting);
});

it('shows a rule whose parts are all known', async () => {
  const [rule] = examples.filter((one) => 'pool' in one);
  const answer = await request(cairn.app)
    .put(`/api/v1/frameworks/${crypto.randomUUID()}/level-rules/1`)
    .auth(cairn.owner, { type: 'bearer' })
    .send(JSON.parse(JSON.stringify(rule).replaceAll('…', crypto.randomUUID())) as object);
  // Right in form: only the framework is not there.
  expect([answer.status, (answer.body as { code: string }).code]).toEqual([
    404,
    'framework.not_found',
  ]);
});
