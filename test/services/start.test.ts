import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../../src/compose/compose.ts';
import { parseSettings } from '../../src/config/settings.ts';
import { start } from '../../src/start.ts';
import { silentLog } from '../support/log.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cairn-start-'));
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

/** Starts a worker with this key encryption key, stops it, and answers what it logged as an error. */
async function errorsOfStart(key: string): Promise<readonly string[]> {
  const errors: string[] = [];
  const settings = parseSettings({
    NODE_ENV: 'test',
    CAIRN_DATA_DIR: dataDir,
    CAIRN_ROLES: 'worker',
    CAIRN_KEY_ENCRYPTION_KEY: key,
    CAIRN_BOOTSTRAP_ADMIN_KEY: 'an-owner-key-of-at-least-32-characters',
  });
  const error = (_fields: object, message: string) => errors.push(message);
  const cairn = await compose(settings, { log: { ...silentLog, error } });
  const stop = await start(cairn);
  await stop();
  await cairn[Symbol.asyncDispose]();
  return errors;
}

describe('stopping', () => {
  it('closes the store also when something else does not close', async () => {
    const settings = parseSettings({ NODE_ENV: 'test', CAIRN_DATA_DIR: dataDir });
    const cairn = await compose(settings, { log: silentLog });
    Object.assign(cairn.queue, {
      [Symbol.asyncDispose]: () => Promise.reject(new Error('stays open')),
    });
    await expect(cairn[Symbol.asyncDispose]()).rejects.toThrow('stays open');
    await expect(cairn.storage.ping()).rejects.toThrow();
  });
});

describe('starting', () => {
  it('with another key encryption key than the data was made with says so', async () => {
    const key = randomBytes(32).toString('base64');
    expect(await errorsOfStart(key)).toEqual([]);
    expect(await errorsOfStart(key)).toEqual([]);
    expect(await errorsOfStart(randomBytes(32).toString('base64'))).toEqual([
      expect.stringMatching(/^Nothing can be signed: .* another key encryption key/),
    ]);
  });
});
