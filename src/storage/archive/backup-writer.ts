import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { blobPath, listBlobs } from '../blobs.ts';
import { inBatches } from '../transfer/batches.ts';
import type { DocumentSource } from '../transfer/source.ts';
import { createTally, type Tally } from '../transfer/tally.ts';
import type { ArchiveWriter } from './archive-writer.ts';
import { entryNames, type BackupHead, type Manifest } from './manifest.ts';
import { createObserver } from './observer.ts';

/** Hears how far it is. */
export interface Tell {
  documents(done: number, total: number): void;
  files(bytes: number): void;
}

export interface BackupContent {
  readonly head: BackupHead;
  readonly source: DocumentSource;
  /** Folder of the blobs. Whatever the documents name was there before they were read. */
  readonly blobs: string;
  /** The key encryption key, where it is to be inside. */
  readonly key?: string | undefined;
}

/** Documents first, all of one moment, then the files that they name, at last what all of it has to be. */
export async function writeBackup(
  archive: ArchiveWriter,
  { head, source, blobs, key }: BackupContent,
  tell: Tell,
): Promise<Manifest> {
  const observer = createObserver();
  await archive.add(entryNames.head, JSON.stringify(head));
  const tallies = await writeDocuments(archive, source, { observer, tell });
  await source.confirm(tallies);
  const files = await writeFiles(archive, blobs, { head, observer, tell });
  if (key !== undefined) await archive.add(entryNames.key, key);
  const manifest: Manifest = {
    ...head,
    organizations: observer.organizations(),
    collections: Object.fromEntries(tallies),
    files: { ...files, damaged: [...files.damaged, ...observer.missing()] },
    checkpoints: observer.checkpoints(),
    keyEncryptionKey: key !== undefined,
  };
  await archive.add(entryNames.manifest, JSON.stringify(manifest, null, 2));
  return manifest;
}

type Observer = ReturnType<typeof createObserver>;

async function writeDocuments(
  archive: ArchiveWriter,
  source: DocumentSource,
  { observer, tell }: { observer: Observer; tell: Tell },
): Promise<ReadonlyMap<string, Tally>> {
  const total = source.collections.reduce((sum, { documents }) => sum + documents, 0);
  const tallies = new Map<string, Tally>();
  let done = 0;
  for (const { name } of source.collections) {
    const tally = createTally();
    let part = 0;
    for await (const batch of inBatches(source.read(name))) {
      for (const document of batch) {
        tally.add(document);
        observer.see(name, document);
      }
      part += 1;
      await archive.add(entryNames.documents(name, part), Buffer.concat(batch));
      done += batch.length;
      tell.documents(done, total);
    }
    tallies.set(name, tally.result());
  }
  return tallies;
}

/** How much later than the documents a file may have come by the clock of another machine. */
const slackMs = 60_000;

async function writeFiles(
  archive: ArchiveWriter,
  blobs: string,
  { head, observer, tell }: { head: BackupHead; observer: Observer; tell: Tell },
): Promise<Manifest['files']> {
  const latest = Date.parse(head.madeAt) + slackMs;
  const hash = createHash('sha256');
  const files = { count: 0, bytes: 0, damaged: [] as string[] };
  for await (const id of listBlobs(blobs)) {
    const file = await openOlder(blobPath(blobs, id), latest);
    if (file === undefined) continue;
    const { size } = await file.stat();
    const sha256 = await writeFile(archive, id, { file, size });
    if (observer.isDamaged(id, sha256)) files.damaged.push(id);
    hash.update(`${id} ${sha256}\n`);
    files.count += 1;
    files.bytes += size;
    tell.files(files.bytes);
  }
  return { ...files, sha256: hash.digest('hex') };
}

/** Undefined for what was erased meanwhile, and for what no document here can name because it is newer. */
async function openOlder(path: string, latest: number): Promise<FileHandle | undefined> {
  try {
    if ((await stat(path)).mtimeMs > latest) return undefined;
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeFile(
  archive: ArchiveWriter,
  id: string,
  { file, size }: { file: FileHandle; size: number },
): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of file.createReadStream() as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      yield chunk;
    }
  }
  await archive.addStream(entryNames.file(id), size, hashed());
  return hash.digest('hex');
}
