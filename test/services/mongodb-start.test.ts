import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../src/observability/logger.ts';
import { formatRefusal, ServiceError } from '../../src/shared/errors.ts';
import { connectStore } from '../../src/storage/connect.ts';
import { openStorage } from '../../src/storage/open.ts';
import { startFakeMongod, type FakeMongod } from '../support/fake-mongod.ts';
import { silentLog } from '../support/log.ts';
import { findFreePort } from '../support/process.ts';
import { startTemporaryStore } from '../support/store.ts';

const password = 'geheim-4711';
const refusesSignIn = { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'no' };

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cairn-mongodb-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

/** Opens the storage of this address, which must be refused; how long that took goes along. */
async function refusalOf(mongodbUri: string): Promise<{ error: ServiceError; ms: number }> {
  const start = performance.now();
  const error: unknown = await openStorage({
    mongodbUri,
    dataDir,
    strict: true,
    log: silentLog,
  }).then(
    () => 'it was opened',
    (refusal: unknown) => refusal,
  );
  if (!(error instanceof ServiceError)) throw new Error(String(error));
  return { error, ms: performance.now() - start };
}

/** What reaches a terminal and a log file. */
function everythingTold(error: ServiceError): string {
  const lines: string[] = [];
  createLogger('info', { write: (line) => lines.push(line) }).error({ error }, 'x');
  return [formatRefusal(error), ...lines].join('\n');
}

type Place = () => Promise<{ readonly uri: string; readonly server?: FakeMongod }>;

const at =
  (answers: Parameters<typeof startFakeMongod>[0], credentials = '', options = ''): Place =>
  async () => {
    const server = await startFakeMongod(answers);
    return { uri: `mongodb://${credentials}${server.host}/${options}`, server };
  };
const signedIn = `teacher:${password}@`;

describe('a MongoDB that cannot be used is refused with one sentence', () => {
  it.each<readonly [what: string, code: string, place: Place]>([
    [
      'nobody listens there',
      'store.unreachable',
      async () => ({ uri: `mongodb://${signedIn}127.0.0.1:${await findFreePort()}/` }),
    ],
    [
      'no host of that name',
      'store.unreachable',
      () => Promise.resolve({ uri: `mongodb://${signedIn}nowhere.invalid/cairn` }),
    ],
    [
      'no service record of that name',
      'store.unreachable',
      () => Promise.resolve({ uri: `mongodb+srv://${signedIn}nowhere.invalid/cairn` }),
    ],
    ['who listens says nothing', 'store.unreachable', at('silent')],
    [
      'a wrong password',
      'store.sign_in_refused',
      at({ saslStart: refusesSignIn }, signedIn, '?authMechanism=SCRAM-SHA-256'),
    ],
    ['a server of long ago', 'store.too_old', at({ hello: { maxWireVersion: 6 } })],
    ['a server of some years ago', 'store.too_old', at({ hello: { maxWireVersion: 17 } })],
    [
      'a member that only follows',
      'store.read_only',
      at(
        { hello: { setName: 'rs0', isWritablePrimary: false, ismaster: false, secondary: true } },
        '',
        '?directConnection=true',
      ),
    ],
    [
      'a user without rights',
      'store.not_allowed',
      at({
        createIndexes: { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: `not ${password}` },
        find: { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: `not ${password}` },
      }),
    ],
    [
      'a password that is not encoded',
      'store.bad_address',
      () => Promise.resolve({ uri: `mongodb://teacher:p@${password}@127.0.0.1:1/` }),
    ],
    [
      'an option that nobody knows',
      'store.bad_address',
      () => Promise.resolve({ uri: `mongodb://${signedIn}127.0.0.1:1/?${password}=1` }),
    ],
    ...['w=1', 'w=0', 'journal=false', 'j=false', 'readConcernLevel=local'].map(
      (option) =>
        [
          `the address asks for ${option}`,
          'store.weak_address',
          () => Promise.resolve({ uri: `mongodb://${signedIn}127.0.0.1:1/?${option}` }),
        ] as const,
    ),
    [
      'the address sends reads to servers that lag',
      'store.weak_address',
      () => Promise.resolve({ uri: 'mongodb://127.0.0.1:1/?readpreference=nearest' }),
    ],
  ])(
    '%s: %s',
    async (_what, code, place) => {
      const { uri, server } = await place();
      try {
        const { error, ms } = await refusalOf(uri);
        expect(error.code).toBe(code);
        expect(error.message).toMatch(/^[^\n]+\.$/);
        expect(everythingTold(error)).not.toContain(password);
        // Six seconds by our own timers; the rest is for a machine that has other things to do.
        expect(ms).toBeLessThan(30_000);
      } finally {
        await server?.close();
      }
    },
    60_000,
  );
});

describe('the database', () => {
  it.each([
    ['?directConnection=true', 'cairn'],
    ['/?directConnection=true', 'cairn'],
    ['/hill%20school?directConnection=true', 'hill school'],
    ['/hill?w=majority&journal=true&directConnection=true', 'hill'],
  ])('of the address …%s is %s', async (rest, expected) => {
    const engine = await startTemporaryStore();
    const connection = await connectStore(engine.uri.replace(/\/main\?.*$/, rest));
    expect(connection.name).toBe(expected);
    await connection.close();
    await engine.close();
  });
});
