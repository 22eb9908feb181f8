import { createHash } from 'node:crypto';
import type { ReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isDiskFull, storeFull } from '../shared/disk.ts';
import { ServiceError } from '../shared/errors.ts';
import { newRandomId } from '../shared/ids.ts';

/** Bytes that are safely on disk, and not yet part of the store. */
export interface StagedBlob {
  /** Random: it tells nothing of the content or its owner. */
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What lies in the store. */
export interface KeptBlob {
  readonly id: string;
  readonly size: number;
  readonly writtenAt: Date;
}

export type BlobStore = Awaited<ReturnType<typeof openBlobStore>>;

/** How many digests are remembered. */
const maxDigests = 10_000;
const oneDayMs = 86_400_000;

/** Files of any size in `directory`, readable by this user only. What crashed half-way is swept when it opens. */
export async function openBlobStore(directory: string) {
  const staging = join(directory, 'staging');
  await mkdir(staging, { recursive: true, mode: 0o700 });
  await sweep(staging);

  const digests = new Map<string, { readonly stamp: string; readonly sha256: Promise<string> }>();

  return { stage, keep, discard, read, digest, remove, listOlder };

  /**
   * Writes to disk and waits until it is really there. Leaves nothing behind when it fails.
   * @throws ServiceError `file.too_large`, or `store.full` when the disk is
   */
  async function stage(content: Readable, maxBytes: number): Promise<StagedBlob> {
    const id = newRandomId();
    const path = join(staging, id);
    try {
      const file = await open(path, 'wx', 0o600);
      return { id, path, ...(await write(content, file, maxBytes)) };
    } catch (error) {
      content.destroy();
      await rm(path, { force: true });
      throw isDiskFull(error) ? storeFull(error) : error;
    }
  }

  /** Makes it part of the store, under its id. */
  async function keep({ id, path }: StagedBlob): Promise<void> {
    const target = pathOf(id);
    try {
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      await rename(path, target);
      await syncDirectory(dirname(target));
    } catch (error) {
      throw isDiskFull(error) ? storeFull(error) : error;
    }
  }

  async function discard({ path }: StagedBlob): Promise<void> {
    await rm(path, { force: true });
  }

  /** Undefined when there is none. */
  async function read(id: string): Promise<ReadStream | undefined> {
    try {
      const file = await open(pathOf(id), 'r');
      return file.createReadStream();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** SHA-256 in hex of the bytes as they are now; undefined when there are none. Read again only when they were touched. */
  async function digest(id: string): Promise<string | undefined> {
    const file = await read(id);
    if (file === undefined) return undefined;
    const stamp = await stampOf(pathOf(id));
    const earlier = digests.get(id);
    if (earlier?.stamp === stamp) {
      file.destroy();
      return earlier.sha256;
    }
    const sha256 = hashOf(file);
    digests.delete(id);
    digests.set(id, { stamp, sha256 });
    sha256.catch(() => digests.delete(id));
    for (const oldest of digests.keys()) {
      if (digests.size <= maxDigests) break;
      digests.delete(oldest);
    }
    return sha256;
  }

  async function remove(id: string): Promise<void> {
    await rm(pathOf(id), { force: true });
  }

  async function listOlder(before: Date): Promise<readonly KeptBlob[]> {
    const found: KeptBlob[] = [];
    for await (const id of listBlobs(directory)) {
      const file = await statIfThere(pathOf(id));
      if (file !== undefined && file.mtime < before) {
        found.push({ id, size: file.size, writtenAt: file.mtime });
      }
    }
    return found;
  }

  function pathOf(id: string): string {
    return blobPath(directory, id);
  }
}

/** 256 folders, so that none grows too long. */
export function blobPath(directory: string, id: string): string {
  if (!isBlobId(id)) throw new Error('this is no id of a blob');
  return join(directory, id.slice(0, 2), id);
}

const isBlobId = (name: string) => /^[0-9a-f-]{36}$/.test(name);

/** Ids of all that are kept in `directory`. */
export async function* listBlobs(directory: string): AsyncGenerator<string> {
  for (const folder of await namesIn(directory)) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    yield* (await namesIn(join(directory, folder))).filter((name) => isBlobId(name));
  }
}

async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return (await readdir(path)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function statIfThere(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function hashOf(content: Readable): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(content, hash);
  return hash.digest('hex');
}

/** Another one after every change: nobody can set the time of the last change of a file's entry (ctime). */
async function stampOf(path: string): Promise<string> {
  const { ino, size, ctimeNs } = await stat(path, { bigint: true });
  return [ino, size, ctimeNs].join(' ');
}

async function write(content: Readable, file: FileHandle, maxBytes: number) {
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > maxBytes) {
        done(tooLarge(maxBytes));
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(content, meter, file.createWriteStream({ flush: true }));
  return { size, sha256: hash.digest('hex') };
}

/** A new name is only safe when its folder is on disk too. */
export async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function sweep(staging: string): Promise<void> {
  for (const name of await readdir(staging)) {
    const path = join(staging, name);
    const { mtimeMs } = await stat(path);
    if (Date.now() - mtimeMs > oneDayMs) await rm(path, { force: true });
  }
}

function tooLarge(maxBytes: number): ServiceError {
  const megabytes = Math.floor(maxBytes / 1_048_576);
  return new ServiceError(
    'too-large',
    'file.too_large',
    `This file is too large: at most ${megabytes} MB.`,
  );
}
