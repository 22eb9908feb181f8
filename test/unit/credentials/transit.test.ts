import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createTransitDriver } from '../../../src/credentials/keys/transit-driver.ts';
import type { KeyKind } from '../../../src/domain/keys.ts';
import { createKeyStoreOn } from '../../support/keys.ts';
import { findFreePort } from '../../support/process.ts';
import { startTransit, type Transit, type Trouble } from '../../support/transit.ts';

const school = '3f0a3b9e-8c53-4a52-9d5f-7d7ad0b0f0a1';
const data = Buffer.from('what is signed');
const kinds: KeyKind[] = ['Ed25519', 'RS256'];

let transit: Transit;
beforeEach(async () => {
  transit = await startTransit({ mount: 'school/transit' });
});
afterEach(async () => {
  await transit.close();
});

/** A key store on the service, that waits for it as long as a busy machine takes to make a key. */
function connect(changes: Partial<Parameters<typeof createTransitDriver>[0]> = {}) {
  const { url, state } = transit;
  const settings = {
    url,
    mount: 'school/transit',
    token: { text: state.token },
    timeoutMs: 20_000,
  };
  return createKeyStoreOn(createTransitDriver({ ...settings, ...changes })).store;
}

describe('a key in a signing service', () => {
  it('is made there, one for each of ours, not to be exported, and nothing but its name is kept', async () => {
    const key = await connect({ namespace: 'schools/hill' }).create(school, 'Ed25519');
    const [name] = transit.keys.keys();
    expect(name).toMatch(/^cairn-[\da-f-]{36}$/);
    expect(key).toMatchObject({ driver: 'transit', remote: { name, version: 1 } });
    expect(key).not.toHaveProperty('wrapped');
    expect(transit.asked).toMatchObject([
      { method: 'POST', body: { type: 'ed25519', exportable: false }, namespace: 'schools/hill' },
      { method: 'GET', path: `/v1/school/transit/keys/${String(name)}` },
    ]);
  });

  it.each(kinds)('%s goes on signing when it is replaced over there', async (kind) => {
    const store = connect();
    const signer = await store.signer(await store.create(school, kind));
    const signature = await signer.sign(data);
    transit.replaceKeys();
    expect(await signer.sign(data)).toEqual(signature);
  });

  it('is asked for with a token from a file, read again when it was renewed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cairn-token-'));
    const path = join(folder, 'token');
    await writeFile(path, `${transit.state.token}\n`);
    const store = connect({ token: { path } });
    const signer = await store.signer(await store.create(school, 'Ed25519'));
    transit.state.token = 's.renewed';
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'key.signer_refused' });
    await writeFile(path, 's.renewed\n');
    expect(await signer.sign(data)).toHaveLength(64);
    await rm(folder, { recursive: true });
  });
});

describe('a signing service in trouble', () => {
  const troubles: [Trouble, string][] = [
    ['sealed', 'key.signer_unreachable'],
    ['broken', 'key.signer_unreachable'],
    ['forbidden', 'key.signer_refused'],
    ['redirects', 'key.signer_unreachable'],
    ['garbage', 'key.signer_unreachable'],
    ['nothing', 'key.signer_unreachable'],
    ['too much', 'key.signer_unreachable'],
    ['silent', 'key.signer_unreachable'],
    ['hangs up', 'key.signer_unreachable'],
    ['wrong signature', 'key.wrong_signature'],
    ['other key', 'key.wrong_signature'],
  ];

  it.each(troubles)(
    '%s: nothing is signed, the reason is told without the token',
    async (trouble, code) => {
      const store = connect();
      const key = await store.create(school, 'RS256');
      const signer = await store.signer(key);
      transit.state.trouble = trouble;
      const impatient = () => connect({ timeoutMs: 500 }).signer(key);
      const asked = trouble === 'silent' ? await impatient() : signer;
      const error: unknown = await asked.sign(data).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'ServiceError', kind: 'unavailable', code });
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(
        transit.state.token,
      );
      transit.state.trouble = undefined;
      expect(await signer.sign(data)).toHaveLength(256);
    },
  );

  it('follows no redirect, not even with the same path', async () => {
    const store = connect();
    const signer = await store.signer(await store.create(school, 'Ed25519'));
    transit.state.trouble = 'redirects';
    const before = transit.asked.length;
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'key.signer_unreachable' });
    expect(transit.asked).toHaveLength(before + 1);
  });

  it('makes no key that nobody could use', async () => {
    const store = connect();
    for (const trouble of ['forbidden', 'nothing', 'garbage'] as const) {
      transit.state.trouble = trouble;
      await expect(store.create(school, 'RS256')).rejects.toMatchObject({
        code: expect.stringMatching(/^key\.signer_(unreachable|refused)$/) as unknown,
      });
    }
    expect(await store.findCurrent(school, 'RS256')).toBeUndefined();
  });

  it('that is not there is told from one that does not know the key', async () => {
    const key = await connect().create(school, 'Ed25519');
    const elsewhere = connect({ url: `http://127.0.0.1:${await findFreePort()}` });
    await expect((await elsewhere.signer(key)).sign(data)).rejects.toMatchObject({
      code: 'key.signer_unreachable',
      message: 'The signing service does not answer.',
    });
    transit.keys.clear();
    await expect((await connect().signer(key)).sign(data)).rejects.toMatchObject({
      code: 'key.signer_refused',
      message: expect.stringContaining('does not know this key') as unknown,
    });
  });

  it('with a token that cannot be sent is told without it', async () => {
    const text = `two\nlines-${randomBytes(8).toString('hex')}`;
    const error: unknown = await connect({ token: { text } })
      .create(school, 'Ed25519')
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'key.signer_unreachable' });
    expect(inspect(error, { depth: Infinity })).not.toContain('lines-');
  });
});
