import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';

const path = '/admin/queues';

it('there is no queue board where the queue is inside the process', async () => {
  const cairn = await startCairn();
  const answer = await request(cairn.app).get(path).auth(cairn.owner, { type: 'bearer' });
  expect(answer.status).toBe(404);
  await cairn.close();
});

describeWithRedis('the queue board', () => {
  let redis: RedisServer;
  let cairn: TestCairn;
  beforeAll(async () => {
    redis = await startRedis();
    cairn = await startCairn({ env: { REDIS_URL: redis.url } });
  });
  afterAll(async () => {
    await cairn.close();
    await redis[Symbol.asyncDispose]();
  });

  const ask = (url = path) => request(cairn.app).get(url);

  it('asks a browser for a password, which is an API key', async () => {
    const asked = await ask();
    expect(asked.status).toBe(401);
    expect(asked.get('WWW-Authenticate')).toMatch(/^Basic /);

    const page = await ask().auth('anybody', cairn.owner);
    expect(page.status).toBe(200);
    expect(page.text).toContain('<title>Cairn</title>');
    expect((await ask().auth('anybody', 'x'.repeat(40))).status).toBe(401);
    expect((await ask().auth(cairn.owner, { type: 'bearer' })).status).toBe(200);
  });

  it.each(['lead', 'teacher', 'learner', 'guardian'] as const)('is not for a %s', async (role) => {
    const { key } = await cairn.as(role);
    expect((await ask().auth('me', key)).status).toBe(403);
    expect((await ask(`${path}/api/queues`).auth('me', key)).status).toBe(403);
    expect((await ask(`${path}/static/favicon.ico`).auth('me', key)).status).toBe(403);
  });

  it('is for an admin, and shows what waits by its id only', async () => {
    await cairn.cairn.queue.add('0190-award');
    const { key } = await cairn.as('admin');
    const url = `${path}/api/queues?activeQueue=issuances&status=waiting`;
    const answer = await ask(url).auth('me', key);
    expect(answer.status).toBe(200);
    const { queues } = answer.body as { queues: { name: string; jobs: { data: unknown }[] }[] };
    expect(queues.map(({ name }) => name)).toEqual(['issuances', 'periodic']);
    expect(queues[0]?.jobs.map(({ data }) => data)).toEqual([{ award: '0190-award' }]);
  });

  it('changes nothing, whoever asks', async () => {
    for (const [method, url] of [
      ['put', `${path}/api/queues/issuances/pause`],
      ['put', `${path}/api/queues/issuances/empty`],
      ['put', `${path}/api/queues/pause`],
      ['post', `${path}/api/queues/issuances/add`],
    ] as const) {
      const answer = await request(cairn.app)[method](url).auth('me', cairn.owner).send({});
      expect(answer.status).toBe(403);
    }
    expect(await cairn.cairn.queue.depth()).toBe(1);
  });

  it('says so when Redis is away', async () => {
    const other = await startRedis();
    const alone = await startCairn({ env: { REDIS_URL: other.url } });
    await other[Symbol.asyncDispose]();
    const answer = await request(alone.app)
      .get(path)
      .set('Accept', 'application/json')
      .auth('me', alone.owner);
    await alone.close();
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('queue.unreachable');
  });

  it('runs only scripts of its own', async () => {
    const policy = (await ask().auth('me', cairn.owner)).get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/default-src 'none'/);
  });
});
