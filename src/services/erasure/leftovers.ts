import type { Clock } from '../../shared/clock.ts';
import { conflict } from '../../shared/errors.ts';
import type { BlobNameStore } from '../../storage/blob-names.ts';
import type { BlobStore, KeptBlob } from '../../storage/blobs.ts';

export interface Leftovers {
  /** How many files were looked at. */
  readonly files: number;
  readonly found: readonly KeptBlob[];
}

export type LeftoverService = ReturnType<typeof createLeftoverService>;

/** Whoever uploads it has long made a record of it. */
const oldMs = 86_400_000;
const batchSize = 500;

/** Files on disk that no record names: the process ended between the two. They may be about a person, so they go. */
export function createLeftoverService({
  blobs,
  blobNames,
  now,
}: {
  blobs: Pick<BlobStore, 'listOlder' | 'remove'>;
  blobNames: BlobNameStore;
  now: Clock;
}) {
  return { find, remove };

  async function find(): Promise<Leftovers> {
    const all = await blobs.listOlder(new Date(now().getTime() - oldMs));
    const pictures = await blobNames.listPictures();
    const others = all.filter(({ id }) => !pictures.has(id));
    const found: KeptBlob[] = [];
    for (let start = 0; start < others.length; start += batchSize) {
      const batch = others.slice(start, start + batchSize);
      const files = await blobNames.findFiles(batch.map(({ id }) => id));
      found.push(...batch.filter(({ id }) => !files.has(id)));
    }
    return { files: all.length, found };
  }

  /** @throws ServiceError `file.wrong_store` when most files belong to nothing, which no crash explains */
  async function remove(): Promise<readonly KeptBlob[]> {
    const { files, found } = await find();
    if (found.length * 2 > files) {
      throw conflict(
        'file.wrong_store',
        `Of ${files} files ${found.length} belong to nothing. Is this the store that they were handed in to? Nothing was removed.`,
      );
    }
    for (const { id } of found) await blobs.remove(id);
    return found;
  }
}
