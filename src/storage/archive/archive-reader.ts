import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { ServiceError } from '../../shared/errors.ts';
import { decrypt, magic } from './encryption.ts';
import { damaged, noFile, notABackup } from './errors.ts';

export interface ArchiveEntry {
  readonly name: string;
  readonly size: number;
  /** Has to be read to its end before the next entry. */
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * The entries of an archive, in their order, one at a time.
 * @throws ServiceError `backup.no_file`, `not_a_backup`, `wrong_passphrase`, `damaged`
 */
export async function* readArchive(
  path: string,
  passphrase: string,
  onBytes: (done: number) => void,
): AsyncGenerator<ArchiveEntry> {
  const file = await openArchive(path);
  const entries = extract();
  const read = pipeline(
    file,
    (content: AsyncIterable<Uint8Array>) => decrypt(metered(content, onBytes), passphrase),
    createGunzip(),
    entries,
  );
  // Its errors come out where entries are awaited.
  read.catch(() => undefined);
  try {
    for await (const entry of orDamaged(entries)) {
      const { name, size = 0 } = entry.header;
      yield { name, size, content: orDamaged(entry) };
    }
  } finally {
    entries.destroy();
    file.destroy();
  }
}

async function openArchive(path: string): Promise<ReadStream> {
  const start = Buffer.alloc(magic.length);
  try {
    const file = await open(path, 'r');
    await file.read(start, 0, magic.length, 0);
    await file.close();
  } catch {
    throw noFile(path);
  }
  if (start.toString('latin1') !== magic) throw notABackup();
  return createReadStream(path);
}

async function* metered(
  content: AsyncIterable<Uint8Array>,
  onBytes: (done: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of content) {
    done += chunk.byteLength;
    onBytes(done);
    yield chunk;
  }
}

async function* orDamaged<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw error instanceof ServiceError ? error : damaged(error);
  }
}
