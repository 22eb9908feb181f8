import { randomBytes, type KeyObject } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import supertest from 'supertest';
import { unwrapPrivateKey } from '../../src/credentials/keys/envelope.ts';
import { parseKeyEncryptionKey } from '../../src/credentials/keys/key-encryption-key.ts';
import type { SigningKey } from '../../src/domain/keys.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import { openStorage } from '../../src/storage/open.ts';
import { createApi } from '../support/api.ts';
import { startCairn } from '../support/cairn.ts';
import { openEveryRoute } from '../support/every-route.ts';
import { waitForCredential } from '../support/first-badge.ts';
import { silentLog } from '../support/log.ts';
import { adminKey, makeDataDir, run, startBuilt } from '../support/process.ts';
import { openRemoteSchool } from '../support/remote-school.ts';
import { until } from '../support/store.ts';

// T06: somebody reads the memory of the thread that serves HTTP, copies the store, or asks every route and command.

const kek = randomBytes(32);
const kekText = kek.toString('base64');

interface Secret {
  readonly what: string;
  readonly bytes: Buffer;
}

/** Everything that signs or leads to what signs. Of a DER key the second half: it starts with what is no secret. */
function secretsOf(keys: readonly SigningKey[]): readonly Secret[] {
  const key = parseKeyEncryptionKey(kekText);
  return [
    { what: 'key encryption key', bytes: kek },
    ...keys.flatMap((one) => {
      if (one.wrapped === undefined) throw new Error('not wrapped');
      return partsOf(one.kind, unwrapPrivateKey(key, one.wrapped, one));
    }),
  ];
}

function partsOf(kind: string, privateKey: KeyObject): readonly Secret[] {
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  const { d, p, q } = privateKey.export({ format: 'jwk' });
  const numbers = Object.entries({ d, p, q }).filter(([, text]) => text !== undefined);
  return [
    { what: `${kind} pkcs8`, bytes: der.subarray(Math.floor(der.length / 6) * 3) },
    ...numbers.map(([name, text]) => ({
      what: `${kind} ${name}`,
      bytes: Buffer.from(String(text), 'base64url'),
    })),
  ];
}

/** The secrets that are found in there: as text in any usual form, or as the bytes themselves. */
function findSecrets(haystack: Buffer, secrets: readonly Secret[]): readonly string[] {
  return secrets.flatMap(({ what, bytes }) => {
    // A line of a PEM file is 64 characters long; a part of it is as telling as the whole.
    const forms = (['hex', 'base64', 'base64url'] as const).map((encoding) =>
      bytes.toString(encoding).slice(0, 40),
    );
    const needles = [...forms, ...forms.map((form) => form.toUpperCase()), bytes.subarray(0, 20)];
    return needles.some((needle) => haystack.includes(needle)) ? [what] : [];
  });
}

const isWhole = async (path: string) => (await readFile(path)).subarray(-8).includes('}');

describe('on a running server', () => {
  let data: Awaited<ReturnType<typeof makeDataDir>>;
  let heap: Buffer;
  let output: string;
  let keys: readonly SigningKey[];

  beforeAll(async () => {
    data = await makeDataDir();
    const heapDir = await makeDataDir();
    const cairn = await startBuilt(data.path, {
      CAIRN_BOOTSTRAP_ADMIN_KEY: adminKey,
      CAIRN_KEY_ENCRYPTION_KEY: kekText,
      CAIRN_LOG_LEVEL: 'debug',
      NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${heapDir.path}`,
    });
    const school = await openRemoteSchool(cairn.base);
    const decided = await school.teacher.call<{ decisions: { issuance: string }[] }>(
      'POST',
      `/submissions/${await school.handIn('Ada')}/reviews`,
      school.approval,
    );
    await waitForCredential(school.owner, decided.decisions[0]?.issuance ?? '', 60_000);

    // So that the name of a key is remembered, and is found below.
    await (await fetch(`${cairn.base}/log/checkpoint`)).text();
    process.kill(cairn.pid, 'SIGUSR2');
    let snapshot: string | undefined;
    await until(async () => {
      [snapshot] = await readdir(heapDir.path);
      return snapshot !== undefined && isWhole(join(heapDir.path, snapshot));
    }, 60_000);
    heap = await readFile(join(heapDir.path, snapshot ?? ''));
    await createApi(cairn.base, adminKey).call('GET', '/organization');
    output = JSON.stringify(await cairn.stop());
    await heapDir.remove();

    const storage = await openStorage({ dataDir: data.path, strict: true, log: silentLog });
    keys = await storage.stores.signingKeys.listAll();
    await storage.close();
  }, 180_000);
  afterAll(async () => {
    await data.remove();
  });

  it('the memory of the thread that serves HTTP knows keys by their names, and holds none', () => {
    expect(keys.map(({ kind }) => kind).sort()).toEqual(['Ed25519', 'RS256']);
    expect(heap.includes(keys.find(({ kind }) => kind === 'RS256')?.id ?? '-')).toBe(true);
    expect(findSecrets(heap, secretsOf(keys))).toEqual([]);
  });

  it('the store and everything beside it hold wrapped keys, and what opens them lies elsewhere', async () => {
    const entries = await readdir(data.path, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const contents = await Promise.all(
      files.map((file) => readFile(join(file.parentPath, file.name))),
    );
    const dump = Buffer.concat(contents);
    for (const { wrapped } of keys) expect(dump.includes(wrapped?.privateKey ?? '')).toBe(true);
    expect(findSecrets(dump, secretsOf(keys))).toEqual([]);
    // The search itself finds what is there.
    const plain = secretsOf(keys).map(({ bytes }) => bytes.toString('base64url'));
    expect(findSecrets(Buffer.from(plain.join()), secretsOf(keys))).toHaveLength(plain.length);
  });

  it('neither the log nor a command shows a private key, wrapped or not', async () => {
    const env = { CAIRN_DATA_DIR: data.path, CAIRN_KEY_ENCRYPTION_KEY: kekText };
    const commands = [['keys', 'list'], ['config'], ['doctor'], ['audit', 'verify']];
    const shown = [output];
    for (const command of commands) {
      const ended = await run('dist/cli.js', ['--json', ...command], env);
      expect([command, ended.code]).toEqual([command, 0]);
      shown.push(ended.stdout, ended.stderr);
    }
    const text = shown.join('\n');
    expect(text).toContain(keys[0]?.id);
    expect(findSecrets(Buffer.from(text), secretsOf(keys))).toEqual([]);
    for (const { wrapped } of keys) expect(text).not.toContain(wrapped?.privateKey);
  }, 120_000);
});

it('no route shows a private key, wrapped or not', async () => {
  const cairn = await startCairn({ env: { CAIRN_KEY_ENCRYPTION_KEY: kekText } });
  const { routes, ask } = await openEveryRoute(cairn);
  const keys = await cairn.services.signingKeys.listAll();
  const shown: string[] = [];
  const look = ({ text, headers }: supertest.Response) => {
    shown.push(text, JSON.stringify(headers));
  };
  for (const route of routes) look(await ask(route));
  const { organization } = await cairn.services.organizations.operator();
  const { credentials } = cairn.cairn.storage.stores;
  const [credential] = (await credentials.list(scopeOf({ organization }), {}, { limit: 1 })).items;
  const addresses = [
    `/issuers/${organization}`,
    `/issuers/${organization}/did.json`,
    '/.well-known/jwks.json',
    ...keys.map(({ id }) => `/keys/${id}`),
    `/credentials/${credential?.id ?? ''}.json`,
    '/log/checkpoint',
    '/readyz',
  ];
  for (const address of addresses) look(await supertest(cairn.app).get(address));
  const text = shown.join('\n');
  for (const { id } of keys) expect(text).toContain(id);
  expect(findSecrets(Buffer.from(text), secretsOf(keys))).toEqual([]);
  for (const { wrapped } of keys) expect(text).not.toContain(wrapped?.privateKey);
  await cairn.close();
});
