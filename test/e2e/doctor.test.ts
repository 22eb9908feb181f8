import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createWebServer } from 'node:http';
import { join } from 'node:path';
import { adminKey, findFreePort, makeDataDir, run, startBuilt } from '../support/process.ts';

interface Finding {
  readonly what: string;
  readonly ok: boolean;
  readonly note?: true;
  readonly detail: string;
}

const key = () => randomBytes(32).toString('base64');

let data: Awaited<ReturnType<typeof makeDataDir>>;
beforeEach(async () => {
  data = await makeDataDir();
});
const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) server.close();
  await data.remove();
});

async function doctor(env: Readonly<Record<string, string>>) {
  const settings = { CAIRN_DATA_DIR: data.path, ...env };
  const { code, stdout, stderr } = await run('dist/cli.js', ['doctor', '--json'], settings);
  const findings = JSON.parse(stdout) as readonly Finding[];
  const wrong = findings.filter(({ ok }) => !ok);
  return { code, stderr, findings, wrong };
}

/** A school that was founded, and its server stopped. */
async function found(env: Readonly<Record<string, string>>) {
  const cairn = await startBuilt(data.path, { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey, ...env });
  expect(await cairn.stop()).toMatchObject({ code: 0 });
}

describe('cairn doctor', () => {
  it('says what is wrong with settings, all of it, and no secret', async () => {
    const { code, stderr, wrong } = await doctor({ PORT: 'eighty', CAIRN_ROLES: 'cook' });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(wrong).toMatchObject([{ what: 'settings' }]);
    expect(wrong[0]?.detail).toMatch(/PORT must be a port number; CAIRN_ROLES must be web/);
  }, 60_000);

  it.each<[string, string, RegExp, () => Promise<Record<string, string>>]>([
    [
      'a data folder that is a file',
      'data folder',
      /nothing can be written.*CAIRN_DATA_DIR/,
      async () => {
        const file = join(data.path, 'file');
        await writeFile(file, '');
        return { CAIRN_DATA_DIR: file };
      },
    ],
    [
      'a store that is no store',
      'schema',
      /store\.db cannot be opened/,
      async () => {
        await writeFile(join(data.path, 'store.db'), 'something else');
        return {};
      },
    ],
    [
      'a database that does not answer',
      'schema',
      /MONGODB_URI/,
      async () => ({ MONGODB_URI: `mongodb://127.0.0.1:${await findFreePort()}/` }),
    ],
  ])(
    'says what %s means, in one sentence',
    async (_what, where, sentence, prepare) => {
      const { code, stderr, wrong } = await doctor(await prepare());
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(wrong).toMatchObject([{ what: where }]);
      expect(wrong[0]?.detail).toMatch(sentence);
      expect(wrong[0]?.detail).not.toMatch(/\n|\bat .*:\d/);
    },
    60_000,
  );

  it('only looks: a store that is still to be brought up to date stays as it is', async () => {
    const { code, findings } = await doctor({});
    expect(code).toBe(0);
    expect(findings.at(-1)).toMatchObject({ what: 'schema', note: true });
    const migrated = await run('dist/cli.js', ['migrate', '--status', '--json'], {
      CAIRN_DATA_DIR: data.path,
    });
    expect(migrated.stdout).toContain('"pending"');
  }, 60_000);

  it('finds the wrong key encryption key, and looks at the rest all the same', async () => {
    await found({ CAIRN_KEY_ENCRYPTION_KEY: key() });
    const { code, findings, wrong } = await doctor({ CAIRN_KEY_ENCRYPTION_KEY: key() });
    expect(code).toBe(1);
    expect(wrong).toMatchObject([
      {
        what: 'signing keys',
        detail: expect.stringContaining('another key encryption key') as unknown,
      },
    ]);
    expect(findings).toContainEqual(expect.objectContaining({ what: 'audit chain', ok: true }));
  }, 60_000);

  it('finds somebody else at the public address', async () => {
    const stranger = createWebServer((_request, response) => response.end('{"id":"did:web:x"}'));
    open.push(stranger);
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as AddressInfo;
    const settings = {
      CAIRN_URL: `http://localhost:${port}`,
      CAIRN_FETCH_ALLOW: `localhost:${port}`,
    };
    await found(settings);
    const { code, wrong } = await doctor(settings);
    expect(code).toBe(1);
    expect(wrong).toMatchObject([
      { what: 'public address', detail: expect.stringContaining('CAIRN_URL') as unknown },
    ]);
  }, 60_000);

  it('finds itself there', async () => {
    const cairn = await startBuilt(data.path, { CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey });
    try {
      const settings = { CAIRN_URL: cairn.base, CAIRN_FETCH_ALLOW: cairn.host };
      const { code, findings } = await doctor(settings);
      expect(code).toBe(0);
      expect(findings).toContainEqual({
        what: 'public address',
        ok: true,
        detail: `${cairn.base} leads here`,
      });
    } finally {
      await cairn.stop();
    }
  }, 60_000);
});

it('a port that only takes connections is no database', async () => {
  const silent = createServer();
  open.push(silent);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const { code, wrong } = await doctor({ MONGODB_URI: `mongodb://127.0.0.1:${port}/` });
  expect(code).toBe(1);
  expect(wrong).toMatchObject([{ what: 'schema' }]);
}, 60_000);
