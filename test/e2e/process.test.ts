import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createApi } from '../support/api.ts';
import { adminKey, findFreePort, makeDataDir, run, startBuilt } from '../support/process.ts';
import { until } from '../support/store.ts';

let data: Awaited<ReturnType<typeof makeDataDir>>;
beforeEach(async () => {
  data = await makeDataDir();
});
/** Servers that stand in the way. */
const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) server.close();
  await data.remove();
});

describe('the server as a process', () => {
  it('stops within 15 seconds of SIGTERM with exit code 0, although a client holds on', async () => {
    const cairn = await startBuilt(data.path, { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey });
    // `fetch` keeps its connection open.
    await createApi(cairn.base, adminKey).call('GET', '/organization');
    const start = performance.now();
    expect(await cairn.stop()).toMatchObject({ code: 0, stderr: '' });
    expect(performance.now() - start).toBeLessThan(15_000);
  }, 60_000);

  it('stops once, however often it is told to', async () => {
    const cairn = await startBuilt(data.path, {
      CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
      CAIRN_STOP_NOTICE: '3',
    });
    const stopped = cairn.stop();
    await until(() => Promise.resolve(cairn.output.stdout.includes('process.stopping')));
    process.kill(cairn.pid, 'SIGINT');
    const { code, stdout, stderr } = await stopped;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout.match(/process\.stop\w+/g);
    expect(events).toEqual(['process.stopping', 'process.stopped']);
  }, 60_000);

  it('says that it stops, and still answers as long as a load balancer needs to notice', async () => {
    const cairn = await startBuilt(data.path, {
      CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
      CAIRN_STOP_NOTICE: '10',
    });
    const stopped = cairn.stop();
    await until(async () => (await fetch(`${cairn.base}/readyz`)).status === 503);
    const answer = await createApi(cairn.base, adminKey).send('GET', '/organization');
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    expect(await stopped).toMatchObject({ code: 0, stderr: '' });
  }, 60_000);

  it('keeps what it has over a restart, and makes no second school', async () => {
    const settings = { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey, CAIRN_BOOTSTRAP_ORG: 'Hill School' };
    const first = await startBuilt(data.path, settings);
    const school = await createApi(first.base, adminKey).call('GET', '/organization');
    await first.stop();
    const second = await startBuilt(data.path, settings);
    expect(await createApi(second.base, adminKey).call('GET', '/organization')).toEqual(school);
    expect(school).toMatchObject({ name: 'Hill School' });
    await second.stop();
  }, 60_000);

  it('does not start with wrong settings, and names every one of them', async () => {
    const ended = await run('dist/main.js', [], {
      CAIRN_DATA_DIR: data.path,
      PORT: 'eighty',
      CAIRN_URL: 'badges.school.example',
      CAIRN_ROLES: 'cook',
      CAIRN_BOOTSTRAP_ADMIN_KEY: 'short-secret',
    });
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    for (const name of ['PORT', 'CAIRN_URL', 'CAIRN_ROLES', 'CAIRN_BOOTSTRAP_ADMIN_KEY']) {
      expect(ended.stderr).toContain(name);
    }
    expect(ended.stderr).not.toContain('short-secret');
    expect(ended.stderr).not.toContain('    at ');
  }, 60_000);

  it.each<[string, string, (path: string) => Promise<Record<string, string>>]>([
    [
      'a port that is in use',
      'EADDRINUSE',
      async () => {
        const other = createServer();
        await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
        open.push(other);
        return { PORT: String((other.address() as AddressInfo).port) };
      },
    ],
    [
      'a port for metrics that is in use',
      'CAIRN_METRICS_PORT',
      async () => {
        const other = createServer();
        await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
        open.push(other);
        return {
          PORT: await findFreePort(),
          CAIRN_METRICS_PORT: String((other.address() as AddressInfo).port),
          CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
          CAIRN_LOG_LEVEL: 'silent',
        };
      },
    ],
    [
      'a database that does not answer',
      'MONGODB_URI',
      async () => ({ MONGODB_URI: `mongodb://127.0.0.1:${await findFreePort()}/` }),
    ],
    [
      'a data folder that is a file',
      'CAIRN_DATA_DIR',
      async (path) => {
        await writeFile(join(path, 'file'), '');
        return { CAIRN_DATA_DIR: join(path, 'file') };
      },
    ],
    [
      'a store that is no store',
      'store.db',
      async (path) => {
        await writeFile(join(path, 'store.db'), 'something else');
        return {};
      },
    ],
  ])(
    'ends with one sentence for %s',
    async (_what, word, prepare) => {
      const environment = { CAIRN_DATA_DIR: data.path, ...(await prepare(data.path)) };
      const ended = await run('dist/main.js', [], environment, { killAfterMs: 40_000 });
      const { code, stdout, stderr } = ended;
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(word);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    },
    60_000,
  );

  it('prints a set-up link on the first start, which works once', async () => {
    const cairn = await startBuilt(data.path);
    try {
      const [, link = ''] = /(http:\S+\/setup\/\S+)/.exec(cairn.output.stdout) ?? [];
      expect(link).toContain(`${cairn.base}/setup/`);
      const asPage = { headers: { accept: 'text/html' } };
      expect(await (await fetch(link, asPage)).text()).toContain('<form');

      const form = {
        method: 'POST',
        headers: { accept: 'text/html', origin: cairn.base },
        body: new URLSearchParams({ name: 'Hill School' }),
      };
      const done = await fetch(link, form);
      expect(done.status).toBe(200);
      const [secret = ''] = /cairn_[\w-]{20,}/.exec(await done.text()) ?? [];
      expect(await createApi(cairn.base, secret).call('GET', '/organization')).toMatchObject({
        name: 'Hill School',
      });

      expect((await fetch(link, form)).status).toBe(404);
      expect((await fetch(link, asPage)).status).toBe(404);
    } finally {
      await cairn.stop();
    }

    const again = await startBuilt(data.path);
    await again.stop();
    expect(again.output.stdout).not.toContain('/setup/');
  }, 60_000);
});
