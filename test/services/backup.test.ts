import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Decrypter } from 'age-encryption';
import { extract } from 'tar-stream';
import { checkBackup } from '../../src/compose/backup.ts';
import { scopeOf, type Actor } from '../../src/domain/roles.ts';
import { awardInEachState } from '../support/badge.ts';
import {
  backUp,
  contentOf,
  makeFolders,
  passphrase,
  restore,
  settingsFor,
  withCairnOn,
} from '../support/backups.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { startTemporaryStore } from '../support/store.ts';

const otherKey = Buffer.from('0123456789abcdef'.repeat(4), 'hex').toString('base64');
const folders = makeFolders();
let cairn: TestCairn;
let operator: Actor;
let valid: string;
let revoked: string;
let suspended: string;
let picture: string;
/** A backup of all that, and one without the key encryption key. */
let file: string;
let keyless: string;
/** The same on a server of its own. */
let server: Awaited<ReturnType<typeof startTemporaryStore>>;
let onServer: string;

beforeAll(async () => {
  cairn = await startCairn();
  ({ operator, valid, revoked, suspended } = await awardInEachState(cairn));
  const { blobs } = cairn.cairn.storage;
  const staged = await blobs.stage(Readable.from([Buffer.alloc(300_000, 'picture')]), 1_000_000);
  await blobs.keep(staged);
  picture = staged.id;
  const place = await folders.make();
  [file, keyless] = [join(place, 'school.age'), join(place, 'keyless.age')];
  await backUp(cairn.cairn.settings, file);
  await backUp(cairn.cairn.settings, keyless, { withKey: false });
  server = await startTemporaryStore({ strict: true });
  onServer = await folders.make();
}, 120_000);
afterAll(async () => {
  await cairn.close();
  await server.close();
  await folders.removeAll();
});

/** The signed document and what verification says of it. */
async function stateOf(from: TestCairn['cairn'], id: string) {
  const found = await from.storage.stores.credentials.find(scopeOf(operator), id);
  const { outcome } = await from.services.verification.verify(found?.document ?? '');
  return { document: found?.document, outcome };
}

/** The list on which a credential would be revoked. */
async function listOf(from: TestCairn['cairn'], id: string) {
  const { statusLists } = from.storage.stores;
  const entry = await statusLists.findEntry(id, 'revocation');
  const list = await statusLists.read(entry?.list ?? '');
  if (list === undefined) throw new Error('it has no place on a list');
  return list;
}

async function expectSame(restored: TestCairn['cairn']): Promise<void> {
  for (const [id, outcome] of [
    [valid, 'valid'],
    [revoked, 'revoked'],
    [suspended, 'suspended'],
  ] as const) {
    const before = await stateOf(cairn.cairn, id);
    expect(await stateOf(restored, id)).toEqual({ document: before.document, outcome });
  }
  const content = await restored.storage.blobs.digest(picture);
  expect(content).toBe(await cairn.cairn.storage.blobs.digest(picture));
  const invariants = await restored.services.invariants.examine();
  expect(invariants.filter(({ ok }) => !ok)).toEqual([]);
}

describe('a backup', () => {
  it('is a file for its owner only, and a tar archive in gzip for the tool age', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const decrypter = new Decrypter();
    decrypter.addPassphrase(passphrase);
    const plain = await decrypter.decrypt(await readFile(file));
    const entries = Readable.from([plain]).pipe(createGunzip()).pipe(extract());
    const names: string[] = [];
    for await (const entry of entries) {
      names.push(entry.header.name);
      entry.resume();
    }
    expect([names[0], names.at(-1)]).toEqual(['backup.json', 'manifest.json']);
    expect(names).toEqual(
      expect.arrayContaining([
        'collections/credentials/000001.bson',
        `files/${picture}`,
        'key-encryption-key',
      ]),
    );
  });

  it('says what it holds, and where the issuance log was', async () => {
    const manifest = await checkBackup(file, passphrase, () => undefined);
    const [checkpoint] = await cairn.services.issuanceLog.listCheckpoints();
    expect(manifest).toMatchObject({
      format: 1,
      organizations: [operator.organization],
      collections: { credentials: { documents: 3 } },
      files: { count: 1, bytes: 300_000, damaged: [] },
      checkpoints: [{ organization: operator.organization, size: 3, root: checkpoint?.root }],
      keyEncryptionKey: true,
    });
    expect(await checkBackup(keyless, passphrase, () => undefined)).toMatchObject({
      keyEncryptionKey: false,
    });
  });

  it('replaces no file unless told to, and leaves no draft', async () => {
    const place = await folders.make();
    const path = join(place, 'notes');
    await writeFile(path, 'precious');
    await expect(backUp(cairn.cairn.settings, path)).rejects.toMatchObject({
      code: 'backup.exists',
    });
    expect(await contentOf(place)).toEqual({ '/notes': 'precious' });
  });

  it('needs something to back up', async () => {
    const empty = await folders.make();
    await expect(backUp(settingsFor(empty), join(empty, 'x.age'))).rejects.toMatchObject({
      code: 'backup.nothing',
    });
    expect(await contentOf(empty)).toEqual({});
  });
});

describe('a restore', () => {
  it('brings everything back, on lists that the world has not seen', async () => {
    const settings = settingsFor(await folders.make());
    const before = await listOf(cairn.cairn, revoked);
    const restored = await restore(settings, file);
    expect(restored).toMatchObject({ keysOpen: true, problems: [], statusLists: 2 });
    await withCairnOn(settings, async (again) => {
      await expectSame(again);
      const after = await listOf(again, revoked);
      expect(after.bits).toEqual(before.bits);
      expect(after.version).toBeGreaterThan(before.version + 1_000_000);
      expect(after.updatedAt.getTime()).toBeGreaterThan(before.updatedAt.getTime());
      const { statusLists } = again.storage.stores;
      const next = await statusLists.openList(scopeOf(operator), 'revocation', 131_072, new Date());
      expect(next.id).not.toBe(after.id);
      await again.services.credentialStatus.revoke(operator, valid, 'After the restore.');
      expect((await stateOf(again, valid)).outcome).toBe('revoked');
    });
  });

  it('goes from one store to another', async () => {
    const settings = settingsFor(onServer, { MONGODB_URI: server.uri });
    await restore(settings, file);
    await withCairnOn(settings, expectSame);
    const back = join(await folders.make(), 'back.age');
    await backUp(settings, back);
    const embedded = settingsFor(await folders.make());
    await restore(embedded, back);
    await withCairnOn(embedded, expectSame);
    await expect(restore(settings, file)).rejects.toMatchObject({ code: 'store.not_empty' });
    await restore(settings, file, { force: true });
    await withCairnOn(settings, expectSame);
  });

  it('tries the keys before it empties a database', async () => {
    const settings = (env = {}) => settingsFor(onServer, { MONGODB_URI: server.uri, ...env });
    await restore(settings(), file, { force: true });
    for (const [from, env] of [
      [file, { CAIRN_KEY_ENCRYPTION_KEY: otherKey }],
      [keyless, { CAIRN_KEY_ENCRYPTION_KEY: otherKey }],
    ] as const) {
      await expect(restore(settings(env), from, { force: true })).rejects.toMatchObject({
        code: 'backup.wrong_key',
      });
    }
    await withCairnOn(settings(), expectSame);
    await expect(
      restore(settings({ CAIRN_KEY_ENCRYPTION_KEY_FILE: file }), file, {
        force: true,
        withoutKeys: true,
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^key_encryption_key\./) as unknown });
    await withCairnOn(settings(), expectSame);
  }, 60_000);

  it('replaces nothing unless told to, and nothing that is in use', async () => {
    const [folder, running, other] = [
      await folders.make(),
      await folders.make(),
      await folders.make(),
    ];
    await restore(settingsFor(folder), file);
    for (const copy of [running, other]) await cp(folder, copy, { recursive: true });
    const before = Object.keys(await contentOf(folder));
    await expect(restore(settingsFor(folder), file)).rejects.toMatchObject({
      code: 'store.not_empty',
    });
    expect(Object.keys(await contentOf(folder))).toEqual(before);
    await withCairnOn(settingsFor(running), async (again) => {
      await expect(restore(settingsFor(running), file, { force: true })).rejects.toMatchObject({
        code: 'store.in_use',
      });
      await expectSame(again);
    });
    await restore(settingsFor(other), file, { force: true });
    await withCairnOn(settingsFor(other), expectSame);
  });

  it('needs the key encryption key that the keys were locked with', async () => {
    const folder = await folders.make();
    const other = { CAIRN_KEY_ENCRYPTION_KEY: otherKey };
    await expect(restore(settingsFor(folder, other), file)).rejects.toMatchObject({
      code: 'backup.wrong_key',
    });
    await expect(restore(settingsFor(folder), keyless)).rejects.toMatchObject({
      code: 'backup.wrong_key',
    });
    expect(await contentOf(folder)).toEqual({});
    await restore(settingsFor(folder), keyless, { withoutKeys: true });
    await withCairnOn(settingsFor(folder), async (again) => {
      await again.services.signingKeys.rotate(operator);
      await again.services.signingKeys.selfTest();
      expect((await stateOf(again, valid)).outcome).toBe('valid');
    });
  });

  it('leaves a folder on which nothing starts when it is cut off while it switches', async () => {
    const folder = await folders.make();
    const settings = settingsFor(folder);
    await restore(settings, file);
    await writeFile(join(folder, 'restore-unfinished'), '');
    const refused = { code: 'store.restore_unfinished' };
    await expect(withCairnOn(settings, () => Promise.resolve())).rejects.toMatchObject(refused);
    const place = await folders.make();
    await expect(backUp(settings, join(place, 'half.age'))).rejects.toMatchObject(refused);
    await rm(join(folder, 'store.db'));
    await expect(backUp(settings, join(place, 'half.age'))).rejects.toMatchObject(refused);
    expect(await contentOf(place)).toEqual({});
    await restore(settings, file);
    await withCairnOn(settings, expectSame);
  });
});
