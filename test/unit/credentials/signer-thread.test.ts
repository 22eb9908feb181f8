import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createSignerThread,
  startSigner,
  type SignerThread,
} from '../../../src/credentials/keys/signer-thread.ts';
import { createKeyStoreOn } from '../../support/keys.ts';
import { until } from '../../support/store.ts';
import { startTransit } from '../../support/transit.ts';

const school = '3f0a3b9e-8c53-4a52-9d5f-7d7ad0b0f0a1';
const data = Buffer.from('what is signed');
const newKek = () => randomBytes(32).toString('base64');

let folder: string;
let lost: boolean[];
/** The newest thread. */
let worker: ReturnType<typeof startSigner>;
const threads: SignerThread[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-signer-'));
  lost = [];
});
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

type Settings = Parameters<typeof createSignerThread>[0];

function open(settings: Settings, timeoutMs?: number): SignerThread {
  const thread = createSignerThread(settings, {
    onLost: (willRestart) => lost.push(willRestart),
    start: (given) => (worker = startSigner(given)),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  threads.push(thread);
  return thread;
}

describe('the thread that signs', () => {
  it('is started again when it crashed, because its secret is in a file', async () => {
    const path = join(folder, 'kek');
    await writeFile(path, newKek());
    const thread = open({ driver: 'file', kek: { path } });
    const { store } = createKeyStoreOn(thread);
    const key = await store.create(school, 'Ed25519');
    const signer = await store.signer(key);
    const signature = await signer.sign(data);
    const waiting = signer.sign(data).catch((error: unknown) => error);
    await worker.terminate();
    // Answered or refused, but not left waiting.
    expect([signature, expect.objectContaining({ code: 'key.signer_stopped' })]).toContainEqual(
      await waiting,
    );
    expect(lost).toEqual([true]);
    expect(await signer.sign(data)).toEqual(signature);
  });

  it('is not when its secret was handed over: this thread has forgotten it, and says so', async () => {
    const thread = open({ driver: 'file', kek: { text: newKek() } });
    const { store } = createKeyStoreOn(thread);
    const key = await store.create(school, 'Ed25519');
    await worker.terminate();
    expect(lost).toEqual([false]);
    await expect((await store.signer(key)).sign(data)).rejects.toMatchObject({
      code: 'key.signer_stopped',
      message: expect.stringContaining('Start Cairn again') as unknown,
    });
  });

  it.each([
    ['text', () => Promise.resolve({ text: 'my-short-secret' }), 'key_encryption_key.malformed'],
    [
      'a file',
      async () => {
        const path = join(folder, 'kek');
        await writeFile(path, 'my-short-secret');
        return { path };
      },
      'key_encryption_key.malformed',
    ],
    [
      'a file that is gone',
      () => Promise.resolve({ path: join(folder, 'none') }),
      'key.signing_failed',
    ],
  ])('tells what is wrong with %s, and nothing of what it holds', async (_what, make, code) => {
    const thread = open({ driver: 'file', kek: await make() });
    const error: unknown = await thread.opened().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ServiceError', code });
    expect(String(error)).not.toContain('my-short-secret');
  });

  it('without a key encryption key signs with keys of the signing service only', async () => {
    const transit = await startTransit();
    const token = { text: transit.state.token };
    const own = createKeyStoreOn(open({ driver: 'file', kek: { text: newKek() } })).store;
    const old = await own.create(school, 'Ed25519');
    const kek = { ownFile: join(folder, 'none'), create: false };
    const thread = open({
      driver: 'transit',
      kek,
      transit: { url: transit.url, mount: 'transit', token },
    });
    const { store } = createKeyStoreOn(thread);
    const key = await store.create(school, 'Ed25519');
    expect(await (await store.signer(key)).sign(data)).toHaveLength(64);
    await expect((await store.signer(old)).sign(data)).rejects.toMatchObject({
      code: 'key.driver_missing',
    });
    await transit.close();
  });

  it('keeps nobody waiting for ever', async () => {
    const transit = await startTransit();
    const settings: Settings = {
      driver: 'transit',
      kek: { ownFile: join(folder, 'none'), create: false },
      transit: { url: transit.url, mount: 'transit', token: { text: transit.state.token } },
    };
    transit.state.trouble = 'silent';
    await expect(open(settings, 500).create(school, 'Ed25519')).rejects.toMatchObject({
      code: 'key.signer_slow',
    });
    const thread = open(settings, 60_000);
    const before = transit.asked.length;
    const waiting = thread.create(school, 'Ed25519').catch((error: unknown) => error);
    await until(() => Promise.resolve(transit.asked.length > before));
    await thread[Symbol.asyncDispose]();
    expect(await waiting).toMatchObject({ code: 'key.signer_stopped' });
    await expect(thread.create(school, 'Ed25519')).rejects.toMatchObject({
      code: 'key.signer_stopped',
    });
    expect(lost).toEqual([]);
    await transit.close();
  });
});
