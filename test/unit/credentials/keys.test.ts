import { createSecretKey, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { calculateJwkThumbprint } from 'jose';
import { unwrapPrivateKey } from '../../../src/credentials/keys/envelope.ts';
import {
  loadOrCreateKeyFile,
  parseKeyEncryptionKey,
} from '../../../src/credentials/keys/key-encryption-key.ts';
import { createFileDriver } from '../../../src/credentials/keys/file-driver.ts';
import { decodeMultikey } from '../../../src/credentials/multibase.ts';
import type { KeyKind, SigningKey, WrappedKey } from '../../../src/domain/keys.ts';
import { createKeyStoreInMemory, createKeyStoreOn } from '../../support/keys.ts';

const school = '3f0a3b9e-8c53-4a52-9d5f-7d7ad0b0f0a1';
const kinds: KeyKind[] = ['Ed25519', 'RS256'];

/** Driver `file` has it. */
function wrappedOf({ wrapped }: SigningKey): WrappedKey {
  if (wrapped === undefined) throw new Error('not wrapped');
  return wrapped;
}

const data = Buffer.from('what is signed');

describe('signing keys', () => {
  it('are named by their JWK thumbprint', async () => {
    const { store } = createKeyStoreInMemory();
    for (const kind of kinds) {
      const key = await store.create(school, kind);
      expect(key.id).toBe(await calculateJwkThumbprint({ ...key.publicJwk }));
    }
  });

  it('carry a multikey only when they are Ed25519', async () => {
    const { store } = createKeyStoreInMemory();
    const { publicJwk, publicKeyMultibase } = await store.create(school, 'Ed25519');
    const raw = Buffer.from(decodeMultikey(publicKeyMultibase ?? '')?.publicKey ?? []);
    expect(publicJwk).toEqual({ kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') });
    expect(await store.create(school, 'RS256')).not.toHaveProperty('publicKeyMultibase');
  });

  it('have 2048 bits when they are RSA', async () => {
    const { store } = createKeyStoreInMemory();
    const { publicJwk } = await store.create(school, 'RS256');
    expect(publicJwk.kty === 'RSA' && Buffer.from(publicJwk.n, 'base64url').length).toBe(256);
  });

  it.each(kinds)(
    'show nothing private of %s in whatever is stored, printed or logged',
    async (kind) => {
      const { kek, keys, store } = createKeyStoreInMemory();
      const key = await store.create(school, kind);
      const signer = await store.signer(key);
      const moved = await store.signer({ ...key, organization: 'x' });
      const broken = await moved.sign(data).catch((error: unknown) => error);
      const seen = [key, keys, store, signer, broken, await keys.list(school)]
        .flatMap((value) => [
          JSON.stringify(value),
          inspect(value, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
          String(value),
        ])
        .join('\n');

      const privateKey = unwrapPrivateKey(kek, wrappedOf(key), key);
      const der = privateKey.export({ format: 'der', type: 'pkcs8' });
      const { d = '' } = privateKey.export({ format: 'jwk' });
      const secrets = [der, Buffer.from(d, 'base64url'), kek.export()];
      expect(d).not.toBe('');
      expect(seen).toContain(key.id);
      for (const secret of secrets) {
        for (const encoding of ['hex', 'base64', 'base64url', 'latin1'] as const) {
          // The second half: a DER key starts with a header that is no secret.
          const text = secret.toString(encoding).replace(/=+$/, '');
          expect(seen).not.toContain(text.slice(-Math.floor(text.length / 2)));
        }
      }
    },
  );
});

describe('a wrapped key', () => {
  const moved: [string, (key: SigningKey, other: SigningKey) => SigningKey][] = [
    ['in another organization', (key) => ({ ...key, organization: 'another' })],
    ['under another id', (key, other) => ({ ...key, id: other.id, publicJwk: other.publicJwk })],
    ['as another kind', (key) => ({ ...key, kind: 'RS256' })],
    [
      'with the data key of another',
      (key, other) => ({
        ...key,
        wrapped: { ...wrappedOf(key), dataKey: wrappedOf(other).dataKey },
      }),
    ],
    [
      'with the private key of another',
      (key, other) => ({
        ...key,
        wrapped: { ...wrappedOf(key), privateKey: wrappedOf(other).privateKey },
      }),
    ],
    ['cut off', (key) => ({ ...key, wrapped: { ...wrappedOf(key), privateKey: 'AAAA' } })],
  ];

  it.each(moved)('does not open %s', async (_, move) => {
    const { store } = createKeyStoreInMemory();
    const [key, other] = [
      await store.create(school, 'Ed25519'),
      await store.create(school, 'Ed25519'),
    ];
    await (await store.signer(key)).sign(data);
    const signer = await store.signer(move(key, other));
    await expect(signer.sign(data)).rejects.toMatchObject({ code: 'key.unreadable' });
  });

  it('does not sign for a public key that is not its own', async () => {
    const { store } = createKeyStoreInMemory();
    const [key, other] = [
      await store.create(school, 'Ed25519'),
      await store.create(school, 'Ed25519'),
    ];
    await expect(store.signer({ ...key, publicJwk: other.publicJwk })).rejects.toMatchObject({
      code: 'key.mismatch',
    });
  });

  it('says when the key encryption key is another one', async () => {
    const { store } = createKeyStoreInMemory();
    const key = await store.create(school, 'Ed25519');
    const elsewhere = await createKeyStoreInMemory().store.signer(key);
    await expect(elsewhere.sign(data)).rejects.toThrow('another key encryption key');
  });

  it('is opened again after others took its place in memory', async () => {
    const kek = createSecretKey(randomBytes(32));
    const { store } = createKeyStoreOn(createFileDriver({ kek, cacheSize: 1 }));
    const first = await store.create(school, 'Ed25519');
    const second = await store.create(school, 'Ed25519');
    const signature = await (await store.signer(first)).sign(data);
    for (const key of [second, first, second, first]) {
      const again = await (await store.signer(key)).sign(data);
      expect(Buffer.from(again).equals(signature)).toBe(key === first);
    }
  });
});

describe('the key encryption key', () => {
  const bytes = randomBytes(32);

  it.each<BufferEncoding>(['hex', 'base64', 'base64url'])('is read from %s', (encoding) => {
    const key = parseKeyEncryptionKey(` ${bytes.toString(encoding)}\n`);
    expect(key.export().equals(bytes)).toBe(true);
  });

  it.each(['', 'secret', 'ab'.repeat(31), 'Q'.repeat(48)])(
    'is not %j, and the message does not repeat it',
    (text) => {
      expect(() => parseKeyEncryptionKey(text)).toThrow(
        /^The key encryption key is not 32 bytes .* openssl rand -base64 32$/,
      );
    },
  );

  it('is not a row of zeros', () => {
    expect(() => parseKeyEncryptionKey('0'.repeat(64))).toThrow('not random');
  });
});

describe('the key file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cairn-keys-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('is made once, for its owner only', async () => {
    const path = join(folder, 'key');
    const made = await loadOrCreateKeyFile(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await loadOrCreateKeyFile(path)).equals(made)).toBe(true);
  });

  it('is the same for processes that start together', async () => {
    const path = join(folder, 'key');
    const made = await Promise.all(Array.from({ length: 8 }, () => loadOrCreateKeyFile(path)));
    const [first] = made;
    expect(first && made.every((key) => key.equals(first))).toBe(true);
    expect(await readFile(path, 'utf8')).toMatch(/^[\w+/]{43}=\n$/);
  });

  it('is that of another process when that one was first', async () => {
    const path = join(folder, 'key');
    const theirs = randomBytes(32);
    const loading = loadOrCreateKeyFile(path);
    // Our draft is there, not yet in its place.
    while (readdirSync(folder).length === 0) await setImmediate();
    writeFileSync(path, theirs.toString('base64'), { mode: 0o600 });
    expect((await loading).export().equals(theirs)).toBe(true);
    expect(readdirSync(folder)).toEqual(['key']);
  });

  it.each(['640', '604', '660'])('is refused with mode %s', async (mode) => {
    const path = join(folder, 'key');
    await writeFile(path, randomBytes(32).toString('base64'));
    await chmod(path, Number.parseInt(mode, 8));
    await expect(loadOrCreateKeyFile(path)).rejects.toThrow(`chmod 600 ${path}`);
  });
});
