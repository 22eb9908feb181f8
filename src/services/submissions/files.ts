import type { Readable } from 'node:stream';
import { cleanFileName, decideFileType, mayReadFile } from '../../domain/files.ts';
import type { StoredFile } from '../../domain/files.ts';
import { assertCan, scopeOf, type Actor } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { invalid, notFound } from '../../shared/errors.ts';
import type { BlobStore, StagedBlob } from '../../storage/blobs.ts';
import type { FileStore } from '../../storage/files.ts';
import type { PersonStore } from '../../storage/people.ts';
import { inspectFile } from './file-findings.ts';
import { maySeeLearner } from '../school/learner-visibility.ts';

/** A file that has arrived and may be kept. */
export interface StagedFile {
  readonly blob: StagedBlob;
  readonly name: string;
  readonly type: string;
}

export type FileService = ReturnType<typeof createFileService>;

export function createFileService({
  files,
  people,
  blobs,
  maxFileMegabytes,
  now,
}: {
  files: FileStore;
  people: Pick<PersonStore, 'find'>;
  blobs: BlobStore;
  maxFileMegabytes: number;
  now: Clock;
}) {
  return { stage, discard, add, get, read };

  /**
   * Takes the bytes in and looks what they are. Nothing of what is refused stays on disk.
   * @throws ServiceError `file.too_large`, `file.type_not_allowed`, `file.empty`, `store.full`
   */
  async function stage(
    actor: Actor,
    { name, content }: { name: string; content: Readable },
  ): Promise<StagedFile> {
    assertCan(actor, 'submissions.create');
    const blob = await blobs.stage(content, maxFileMegabytes * 1_048_576);
    try {
      if (blob.size === 0) throw invalid('file.empty', 'This file is empty.');
      const type = decideFileType(name, await inspectFile(blob.path));
      return { blob, type, name: cleanFileName(name, type) };
    } catch (error) {
      await blobs.discard(blob);
      throw error;
    }
  }

  async function discard({ blob }: StagedFile): Promise<void> {
    await blobs.discard(blob);
  }

  /** Keeps a staged file as `actor`'s. */
  async function add(actor: Actor, { blob, name, type }: StagedFile): Promise<StoredFile> {
    assertCan(actor, 'submissions.create');
    const file: StoredFile = {
      id: blob.id,
      organization: actor.organization,
      owner: actor.id,
      name,
      type,
      size: blob.size,
      sha256: blob.sha256,
      createdAt: now(),
    };
    await blobs.keep(blob);
    try {
      await files.add(file);
    } catch (error) {
      await blobs.remove(blob.id);
      throw error;
    }
    return file;
  }

  async function get(actor: Actor, id: string): Promise<StoredFile> {
    const file = await files.find(scopeOf(actor), id);
    if (file === undefined || !(await mayRead(actor, file))) throw notFound('file');
    return file;
  }

  /** Guardians read what is their learner's. */
  async function mayRead(actor: Actor, file: StoredFile): Promise<boolean> {
    return (
      mayReadFile(actor, file) || (await maySeeLearner(people, actor, file.learner ?? file.owner))
    );
  }

  async function read(
    actor: Actor,
    id: string,
  ): Promise<{ readonly file: StoredFile; readonly content: Readable }> {
    const file = await get(actor, id);
    const content = await blobs.read(id);
    if (content === undefined) throw notFound('file');
    return { file, content };
  }
}
