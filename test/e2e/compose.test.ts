import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createApi } from '../support/api.ts';
import { environmentOf, readCompose } from '../support/compose-file.ts';
import { openRemoteSchool } from '../support/remote-school.ts';
import { readMetrics } from '../support/metrics.ts';
import { findFreePort, makeDataDir } from '../support/process.ts';
import { describeWithRedis } from '../support/redis.ts';
import { root } from '../support/root.ts';
import { until } from '../support/store.ts';

// The processes of compose.yaml by hand: its environment, its secrets, its Redis. There is no MongoDB here; the embedded
// store of one host takes its place, in the data folder that they share anyhow.

interface Started {
  readonly child: ChildProcess;
  readonly base: string;
  readonly health: string;
}

describeWithRedis('two web processes and two workers with the environment of compose.yaml', () => {
  let data: Awaited<ReturnType<typeof makeDataDir>>;
  let secrets: string;
  let redisPort: string;
  const children: ChildProcess[] = [];
  const { services } = readCompose();

  beforeAll(async () => {
    data = await makeDataDir();
    // Each by name: a checkout that is in use has secrets of its own in this folder.
    for (const name of ['make-secrets.sh', 'Caddyfile', 'mongo-health.js', 'redis.conf']) {
      await cp(join(root, 'deploy', name), join(data.path, name));
    }
    expect(spawnSync('sh', [join(data.path, 'make-secrets.sh')]).status).toBe(0);
    secrets = join(data.path, 'secrets');
    redisPort = await findFreePort();
    await startRedisAsConfigured();
  }, 60_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await data.remove();
  });

  const read = async (name: string) => (await readFile(join(secrets, name), 'utf8')).trim();

  async function startRedisAsConfigured(): Promise<void> {
    const config = await readFile(join(root, 'deploy/redis.conf'), 'utf8');
    const path = join(data.path, 'redis.conf');
    await writeFile(path, config.replace('/run/secrets', secrets));
    const place = ['--port', redisPort, '--bind', '127.0.0.1', '--dir', data.path];
    children.push(spawn('redis-server', [path, ...place], { stdio: 'ignore' }));
  }

  async function startService(name: string): Promise<Started> {
    const service = services[name];
    if (service === undefined) throw new Error(`there is no service ${name}`);
    const {
      MONGODB_URI_FILE: _mongo,
      REDIS_URL_FILE: _redis,
      ...env
    } = environmentOf(service, secrets);
    const [port, metricsPort] = [await findFreePort(), await findFreePort()];
    const child = spawn(process.execPath, [join(root, 'dist/main.js')], {
      stdio: 'ignore',
      env: {
        ...env,
        PATH: process.env.PATH,
        PORT: port,
        CAIRN_METRICS_HOST: '127.0.0.1',
        CAIRN_METRICS_PORT: metricsPort,
        CAIRN_DATA_DIR: data.path,
        REDIS_URL: (await read('redis_url')).replace('redis:6379', `127.0.0.1:${redisPort}`),
      },
    });
    children.push(child);
    const health = `http://127.0.0.1:${metricsPort}`;
    await until(
      () =>
        fetch(`${health}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      60_000,
    );
    return { child, base: `http://127.0.0.1:${port}`, health };
  }

  it('issue together what was approved on either side', async () => {
    const client = new Redis(Number(redisPort), '127.0.0.1', {
      password: (await read('redis_auth')).replace('requirepass ', ''),
    });
    for (const [name, value] of [
      ['maxmemory-policy', 'noeviction'],
      ['appendonly', 'yes'],
    ] as const) {
      expect(await client.config('GET', name)).toEqual([name, value]);
    }
    client.disconnect();

    const names = Object.entries(services).flatMap(([name, { deploy }]) =>
      Array.from({ length: deploy?.replicas ?? 0 }, () => name),
    );
    expect(names).toEqual(['web', 'web', 'worker', 'worker']);
    const [first, second, ...workers] = await Promise.all(names.map(startService));
    if (first === undefined || second === undefined) throw new Error('not started');

    const key = await read('bootstrap_admin_key');
    const school = await openRemoteSchool(first.base, key);
    const approve = async (base: string, learner: string) => {
      const reviews = `/submissions/${await school.handIn(learner)}/reviews`;
      const answer = await createApi(base, key).call<{ decisions: { issuance: string }[] }>(
        'POST',
        reviews,
        school.approval,
      );
      return answer.decisions[0]?.issuance ?? '';
    };
    const approved = [
      await approve(first.base, 'Ada'),
      await approve(second.base, 'Ben'),
      await approve(first.base, 'Cem'),
      await approve(second.base, 'Dee'),
    ];
    const other = createApi(second.base, key);
    for (const issuance of approved) {
      await until(async () => {
        const found = await other.call<{ state: string }>('GET', `/issuances/${issuance}`);
        return found.state === 'issued';
      });
    }
    expect(await countIssued(workers)).toBe(4);
    expect(await countIssued([first, second])).toBe(0);
    for (const { child } of [first, second, ...workers]) child.kill('SIGTERM');
    await until(
      () => Promise.resolve([first, second, ...workers].every(({ child }) => child.exitCode === 0)),
      60_000,
    );
  }, 180_000);
});

async function countIssued(processes: readonly Started[]): Promise<number> {
  const texts = await Promise.all(
    processes.map(async ({ health }) => (await fetch(`${health}/metrics`)).text()),
  );
  return texts
    .flatMap(readMetrics)
    .filter(({ name }) => name === 'cairn_issuance_duration_seconds_count')
    .reduce((sum, { value }) => sum + value, 0);
}
