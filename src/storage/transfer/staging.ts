import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { blobPath, listBlobs, syncDirectory } from '../blobs.ts';
import { halfSwitchedFile, isHalfSwitched } from './marker.ts';
import { assertNotInUse } from './open-target.ts';
import { storeFile } from './place.ts';
import { notEmpty } from './target.ts';

const keyName = 'key-encryption-key';
const journalName = 'erasures.jsonl';

export const keyFileOf = (dataDir: string) => join(dataDir, keyName);
export const blobsOf = (dataDir: string) => join(dataDir, 'blobs');

/** @throws ServiceError `store.not_empty` */
export async function assertNoFiles(dataDir: string): Promise<void> {
  for await (const _id of listBlobs(blobsOf(dataDir))) throw notEmpty();
}

export type Staging = Awaited<ReturnType<typeof openStaging>>;

/**
 * A data folder inside the data folder, on the same disk, whose content takes its place when all of it is there and
 * right. Without `files` those in place stay.
 */
export async function openStaging(dataDir: string, { files }: { files: boolean }) {
  const directory = join(dataDir, 'restoring');
  await rm(directory, { recursive: true, force: true });
  await mkdir(files ? blobsOf(directory) : directory, { recursive: true, mode: 0o700 });
  const folders = new Set<string>();

  return { directory, addFile, setKey, switchIn, discard };

  async function addFile(id: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = blobPath(blobsOf(directory), id);
    const folder = dirname(path);
    if (!folders.has(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
    folders.add(folder);
    const file = await open(path, 'wx', 0o600);
    await pipeline(content, file.createWriteStream({ flush: true }));
  }

  /** Without a text: the one that is in place. */
  async function setKey(text?: string): Promise<void> {
    const path = keyFileOf(directory);
    if (text === undefined) {
      if (existsSync(keyFileOf(dataDir))) await copyFile(keyFileOf(dataDir), path);
      return;
    }
    const file = await open(path, 'w', 0o600);
    await file.writeFile(text);
    await file.sync();
    await file.close();
  }

  /** Puts everything in its place. Whoever interrupts it leaves a folder on which no Cairn starts. */
  async function switchIn(finish: () => Promise<void>): Promise<void> {
    for (const folder of [...folders, directory]) await syncDirectory(folder);
    await beginSwitch();
    await switchStore();
    if (files) {
      await syncDirectory(blobsOf(directory));
      await rm(blobsOf(dataDir), { recursive: true, force: true });
      await rename(blobsOf(directory), blobsOf(dataDir));
    }
    await switchKey();
    await switchJournal();
    await finish();
    await syncDirectory(dataDir);
    await rm(halfSwitchedFile(dataDir));
    await discard();
  }

  /** From the mark on no Cairn starts here; one that started while the staging area was filled is still in the way. */
  async function beginSwitch(): Promise<void> {
    const wasBegun = isHalfSwitched(dataDir);
    await (await open(halfSwitchedFile(dataDir), 'w', 0o600)).close();
    await syncDirectory(dataDir);
    try {
      if (existsSync(storeFile(directory))) await assertNotInUse(dataDir);
    } catch (error) {
      if (!wasBegun) await rm(halfSwitchedFile(dataDir));
      throw error;
    }
  }

  async function switchStore(): Promise<void> {
    if (!existsSync(storeFile(directory))) return;
    for (const end of ['', '-wal', '-shm']) {
      await rm(`${storeFile(dataDir)}${end}`, { force: true });
    }
    await rename(storeFile(directory), storeFile(dataDir));
  }

  /** A key that is in the way is kept: nobody knows what else it opens. */
  async function switchKey(): Promise<void> {
    const [from, to] = [keyFileOf(directory), keyFileOf(dataDir)];
    if (!existsSync(from)) return;
    if (existsSync(to)) {
      if ((await readFile(to, 'utf8')) === (await readFile(from, 'utf8'))) return;
      const before = (await readdir(dataDir)).filter((name) =>
        name.startsWith(`${keyName}.before-`),
      );
      await rename(to, `${to}.before-restore-${before.length + 1}`);
    }
    await rename(from, to);
  }

  /** Whoever was erased again is in the journal of whatever comes next, too. Lines may be there twice. */
  async function switchJournal(): Promise<void> {
    const lines = await readFile(join(directory, journalName), 'utf8').catch(() => '');
    if (lines === '') return;
    const file = await open(join(dataDir, journalName), 'a', 0o600);
    await file.writeFile(`\n${lines}`);
    await file.sync();
    await file.close();
  }

  async function discard(): Promise<void> {
    await rm(directory, { recursive: true, force: true });
  }
}
