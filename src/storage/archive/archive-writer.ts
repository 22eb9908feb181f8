import { randomBytes } from 'node:crypto';
import { access, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { syncDirectory } from '../blobs.ts';
import { encrypt } from './encryption.ts';
import { exists, explainDisk, notWritable } from './errors.ts';

export type ArchiveWriter = Awaited<ReturnType<typeof createArchive>>;

/**
 * A new file of mode 0600 that the tool `age` opens with the passphrase: a tar archive in gzip. It has its name only
 * when it is whole and on disk.
 */
export async function createArchive(
  path: string,
  { passphrase, force }: { passphrase: string; force: boolean },
) {
  await assertFree(path, force);
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
  const file = await open(draft, 'wx', 0o600).catch((error: unknown) => {
    throw notWritable(path, error);
  });
  const entries = pack();
  // Whoever adds is told of an error by what they await.
  entries.on('error', () => undefined);
  const written = pipeline(
    entries,
    createGzip(),
    (content: AsyncIterable<Uint8Array>) => encrypt(content, passphrase),
    file.createWriteStream({ flush: true }),
  );
  /** A full disk stops the pipeline, and then no entry is ever taken. */
  const broken = written.then(() => new Promise<never>(() => undefined));
  broken.catch(() => undefined);

  return { add, addStream, finish, discard };

  async function add(name: string, content: Uint8Array | string): Promise<void> {
    const bytes = Buffer.from(content);
    const added = new Promise<void>((resolve, reject) => {
      entries
        .entry({ name, mode: 0o600 }, bytes, settle(resolve, reject))
        .on('error', () => undefined);
    });
    await orBroken(added);
  }

  async function addStream(
    name: string,
    size: number,
    content: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    let entry: ReturnType<typeof entries.entry> | undefined;
    const added = new Promise<void>((resolve, reject) => {
      entry = entries.entry({ name, size, mode: 0o600 }, settle(resolve, reject));
      entry.on('error', () => undefined);
    });
    added.catch(() => undefined);
    for await (const chunk of content) {
      if (entry?.write(chunk) === false) {
        await orBroken(
          new Promise<void>((resolve) =>
            entry?.once('drain', () => {
              resolve();
            }),
          ),
        );
      }
    }
    entry?.end();
    await orBroken(added);
  }

  async function orBroken(work: Promise<void>): Promise<void> {
    try {
      await Promise.race([work, broken]);
    } catch (error) {
      throw explainDisk(error);
    }
  }

  /** Under its own name from here on. */
  async function finish(): Promise<void> {
    entries.finalize();
    try {
      await written;
    } catch (error) {
      throw explainDisk(error);
    }
    await assertFree(path, force);
    await rename(draft, path);
    await syncDirectory(dirname(path));
  }

  async function discard(): Promise<void> {
    entries.destroy();
    await written.catch(() => undefined);
    await rm(draft, { force: true });
  }
}

function settle(resolve: () => void, reject: (error: Error) => void) {
  return (error?: Error | null) => {
    if (error) reject(error);
    else resolve();
  };
}

async function assertFree(path: string, force: boolean): Promise<void> {
  if (force) return;
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw exists(path);
}
