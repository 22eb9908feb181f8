import { createApi } from '../support/api.ts';
import { expectOneOfEach, listAll } from '../support/issued.ts';
import {
  adminKey,
  findFreePort,
  makeDataDir,
  run,
  startBuilt,
  type BuiltCairn,
} from '../support/process.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis.ts';
import { openRemoteSchool } from '../support/remote-school.ts';
import { until } from '../support/store.ts';

type School = Awaited<ReturnType<typeof openRemoteSchool>>;

let data: Awaited<ReturnType<typeof makeDataDir>>;
const running: BuiltCairn[] = [];

beforeEach(async () => {
  data = await makeDataDir();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((cairn) => cairn.stop()));
  await data.remove();
});

/** One more process on the same data folder. A worker answers for its health on a port of its own. */
async function startRole(role: 'web' | 'worker', env: Record<string, string> = {}) {
  const port = await findFreePort();
  const cairn = await startBuilt(data.path, {
    port,
    CAIRN_ROLES: role,
    CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
    CAIRN_URL: 'http://localhost:3000',
    ...(role === 'worker' && { CAIRN_METRICS_PORT: port }),
    ...env,
  });
  running.push(cairn);
  return cairn;
}

const handInMany = ({ handIn }: School, count: number) =>
  Promise.all(Array.from({ length: count }, (_, index) => handIn(`Learner ${index}`)));

describeWithRedis('several processes with a Redis', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await redis[Symbol.asyncDispose]();
  });

  it('two webs and two workers issue each approval once, while one of each is stopped', async () => {
    const env = { REDIS_URL: redis.url };
    const first = await startRole('web', env);
    const [second, , leaving] = await Promise.all([
      startRole('web', env),
      startRole('worker', env),
      startRole('worker', env),
    ]);
    const school = await openRemoteSchool(first.base);
    const submissions = await handInMany(school, 40);
    const webs = [second, first].map(({ base }) => createApi(base, school.teacherKey));
    const answers: (number | undefined)[] = [];

    /** A web that is gone is no answer; then the other one is asked. */
    const approve = async (submission: string, index: number) => {
      const order = index % 2 === 0 ? webs : [...webs].reverse();
      for (const web of order) {
        const sent = web.send('POST', `/submissions/${submission}/reviews`, school.approval);
        const answer = await sent.catch(() => undefined);
        answers.push(answer?.status);
        if (answer !== undefined) return;
      }
    };
    const waiting = submissions.map((submission, index) => () => approve(submission, index));
    const approveAll = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
    };
    const approving = Promise.all(Array.from({ length: 6 }, approveAll));
    await until(() => Promise.resolve(waiting.length < 28), 60_000);
    const begin = performance.now();
    const ends = await Promise.all([second.stop(), leaving.stop()]);
    const took = performance.now() - begin;
    await approving;

    expect(ends).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(took).toBeLessThan(15_000);
    const answered = answers.filter((status) => status !== undefined);
    // 409: approved by a web that was gone before it could say so.
    expect(answered.filter((status) => status !== 201 && status !== 409)).toEqual([]);
    expect(answered).toHaveLength(40);
    await expectOneOfEach(school.owner, 40);
  }, 300_000);

  it('approves while Redis is away from the start, says so, and issues once it is there', async () => {
    await redis.stop();
    const env = { REDIS_URL: redis.url };
    const web = await startRole('web', { ...env, probe: '/livez' });
    await startRole('worker', { ...env, probe: '/livez' });
    const school = await openRemoteSchool(web.base);
    const submissions = await handInMany(school, 5);
    for (const submission of submissions) {
      await school.teacher.call('POST', `/submissions/${submission}/reviews`, school.approval);
    }
    const ready = await fetch(`${web.base}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { queue: 'failed', store: 'ok' } });
    expect(web.output.stdout).toMatch(/does not answer.*Awards are kept/);

    await redis.start();
    await expectOneOfEach(school.owner, 5);
    await until(async () => (await fetch(`${web.base}/readyz`)).ok);
  }, 120_000);

  it.each([
    ['a wrong password', { password: 'right' }, /refuses the user or password/],
    ['eviction', { policy: 'allkeys-lru' }, /set maxmemory-policy to noeviction/],
  ])(
    'does not start with %s, and says why in a sentence',
    async (_, options, sentence) => {
      await redis.stop();
      await redis.start(options);
      const ended = await run('dist/main.js', [], {
        CAIRN_DATA_DIR: data.path,
        PORT: await findFreePort(),
        REDIS_URL: redis.url,
      });

      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(sentence);
      expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    },
    60_000,
  );
});

describe('web and worker as two processes, without servers', () => {
  it('the worker finds by itself what was approved', async () => {
    const web = await startRole('web');
    const worker = await startRole('worker');
    const school = await openRemoteSchool(web.base);
    const submissions = await handInMany(school, 10);
    const waits: number[] = [];
    for (const submission of submissions) {
      const begin = performance.now();
      await school.teacher.call('POST', `/submissions/${submission}/reviews`, school.approval);
      const known = waits.length + 1;
      await until(async () => (await listAll(school.owner, '/credentials')).length === known);
      waits.push(Math.round(performance.now() - begin));
    }
    console.info(`from approval to credential: ${waits.join(', ')} ms`);
    await expectOneOfEach(school.owner, 10);
    expect(await worker.stop()).toMatchObject({ code: 0 });
  }, 120_000);
});
