import { copyFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkBackup } from '../../src/compose/backup.ts';
import { createArchive } from '../../src/storage/archive/archive-writer.ts';
import { awardInEachState } from '../support/badge.ts';
import {
  backUp,
  contentOf,
  makeFolders,
  passphrase,
  restore,
  settingsFor,
} from '../support/backups.ts';
import { startCairn, type TestCairn } from '../support/cairn.ts';

const folders = makeFolders();
let cairn: TestCairn;
let file: string;

beforeAll(async () => {
  cairn = await startCairn();
  await awardInEachState(cairn);
  file = join(await folders.make(), 'school.age');
  await backUp(cairn.cairn.settings, file);
}, 120_000);
afterAll(async () => {
  await cairn.close();
  await folders.removeAll();
});

describe('what is no whole backup', () => {
  const expectNothing = async (path: string, code: unknown, words = passphrase) => {
    const folder = await folders.make();
    await expect(restore(settingsFor(folder), path, { passphrase: words })).rejects.toMatchObject({
      code,
    });
    expect(await contentOf(folder)).toEqual({});
  };

  it('is not restored with another passphrase', async () => {
    await expectNothing(file, 'backup.wrong_passphrase', 'correct horse batterY');
    await expectNothing(join(file, 'none'), 'backup.no_file');
  });

  it('is recognised by one flipped bit anywhere', async () => {
    const bytes = await readFile(file);
    const path = join(await folders.make(), 'flipped.age');
    const header = [3, 30, 60, 90, 120, 150];
    const step = (bytes.length - 201) / 17;
    const body = Array.from({ length: 18 }, (_, index) => 200 + Math.floor(index * step));
    for (const at of [...header, ...body]) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      await writeFile(path, flipped);
      const codes = at < 200 ? /damaged|wrong_passphrase|not_a_backup/ : /damaged/;
      await expect(checkBackup(path, passphrase, () => undefined)).rejects.toMatchObject({
        code: expect.stringMatching(codes) as unknown,
      });
    }
    await expectNothing(path, 'backup.damaged');
  }, 120_000);

  it('is not restored when its end is missing', async () => {
    const { size } = await stat(file);
    const path = join(await folders.make(), 'cut.age');
    for (const length of [size - 1, Math.floor(size / 2), 100, 0]) {
      await copyFile(file, path);
      await truncate(path, length);
      await expectNothing(path, expect.stringMatching(/damaged|not_a_backup/));
    }
  }, 60_000);

  it('is not restored when a newer version made it, or somebody who leaves things out', async () => {
    const folder = await folders.make();
    const newer = await createArchive(join(folder, 'newer'), { passphrase, force: false });
    const madeAt = new Date().toISOString();
    await newer.add('backup.json', JSON.stringify({ format: 2, cairn: '9.0.0', madeAt }));
    await newer.finish();
    await expectNothing(join(folder, 'newer'), 'backup.newer_format');
    const partial = await createArchive(join(folder, 'partial'), { passphrase, force: false });
    await partial.add('backup.json', JSON.stringify({ format: 1, cairn: '0.1.0', madeAt }));
    await partial.finish();
    await expectNothing(join(folder, 'partial'), 'backup.damaged');
  });
});
