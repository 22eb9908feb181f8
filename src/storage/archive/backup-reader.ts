import { createHash } from 'node:crypto';
import { createTally, isSame, type Tally } from '../transfer/tally.ts';
import { readArchive, type ArchiveEntry } from './archive-reader.ts';
import { damaged } from './errors.ts';
import {
  documentsEntry,
  entryNames,
  fileEntry,
  parseHead,
  parseManifest,
  type Manifest,
} from './manifest.ts';

/** Takes what is in a backup, before anybody knows whether all of it is whole. */
export interface BackupSink {
  documents(collection: string, documents: readonly Uint8Array[]): Promise<void>;
  file(id: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  key(text: string): Promise<void>;
}

/** Takes nothing: for a look whether a backup is whole. */
export const noSink: BackupSink = {
  documents: () => Promise.resolve(),
  file: async (_id, content) => {
    await drain(content);
  },
  key: () => Promise.resolve(),
};

/** Larger than any part that is written: a document of MongoDB has 16 MB at most. */
const maxPartBytes = 32 * 1_048_576;

interface Found {
  readonly tallies: Map<string, ReturnType<typeof createTally>>;
  readonly files: { count: number; bytes: number };
  readonly fileHash: ReturnType<typeof createHash>;
  key: boolean;
}

/**
 * Reads a backup to its end into `sink` and compares it with its manifest.
 * @throws ServiceError `backup.…`: the sink has to throw away what it was given
 */
export async function readBackup(
  path: string,
  { passphrase, onBytes }: { passphrase: string; onBytes: (done: number) => void },
  sink: BackupSink,
): Promise<Manifest> {
  const found: Found = {
    tallies: new Map(),
    files: { count: 0, bytes: 0 },
    fileHash: createHash('sha256'),
    key: false,
  };
  let isBegun = false;
  let manifest: Manifest | undefined;
  for await (const entry of readArchive(path, passphrase, onBytes)) {
    if (!isBegun) {
      if (entry.name !== entryNames.head) throw damaged();
      parseHead((await readWhole(entry)).toString('utf8'));
      isBegun = true;
    } else if (entry.name === entryNames.manifest) {
      manifest = parseManifest((await readWhole(entry)).toString('utf8'));
    } else {
      await takeIn(entry, found, sink);
    }
  }
  if (manifest === undefined || !isWhole(manifest, found)) throw damaged();
  return manifest;
}

async function takeIn(entry: ArchiveEntry, found: Found, sink: BackupSink): Promise<void> {
  const collection = documentsEntry.exec(entry.name)?.[1];
  const file = fileEntry.exec(entry.name)?.[1];
  if (collection !== undefined) {
    const documents = splitDocuments(await readWhole(entry));
    const tally = found.tallies.get(collection) ?? createTally();
    found.tallies.set(collection, tally);
    documents.forEach(tally.add);
    await sink.documents(collection, documents);
  } else if (file !== undefined) {
    const hash = createHash('sha256');
    await sink.file(file, observed(entry.content, hash));
    found.fileHash.update(`${file} ${hash.digest('hex')}\n`);
    found.files.count += 1;
    found.files.bytes += entry.size;
  } else if (entry.name === entryNames.key) {
    found.key = true;
    await sink.key((await readWhole(entry)).toString('utf8'));
  } else {
    throw damaged();
  }
}

function isWhole(manifest: Manifest, { tallies, files, fileHash, key }: Found): boolean {
  const expected = Object.entries(manifest.collections);
  const counted = new Map([...tallies].map(([name, tally]) => [name, tally.result()]));
  return (
    expected.every(([name, tally]) => isSame(counted.get(name) ?? none(), tally)) &&
    [...counted.keys()].every((name) => Object.hasOwn(manifest.collections, name)) &&
    files.count === manifest.files.count &&
    files.bytes === manifest.files.bytes &&
    fileHash.digest('hex') === manifest.files.sha256 &&
    key === manifest.keyEncryptionKey
  );
}

const none = (): Tally => createTally().result();

async function readWhole({ size, content }: ArchiveEntry): Promise<Buffer> {
  if (size > maxPartBytes) throw damaged();
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A BSON document begins with its length (BSON 1.1). */
function splitDocuments(part: Buffer): readonly Uint8Array[] {
  const documents: Uint8Array[] = [];
  for (let at = 0; at < part.length;) {
    const length = at + 4 <= part.length ? part.readInt32LE(at) : 0;
    if (length < 5 || at + length > part.length) throw damaged();
    documents.push(part.subarray(at, at + length));
    at += length;
  }
  return documents;
}

async function* observed(
  content: AsyncIterable<Uint8Array>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
}

async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks = content[Symbol.asyncIterator]();
  while ((await chunks.next()).done !== true);
}
