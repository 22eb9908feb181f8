import type { Connection } from 'mongoose';

export type BlobNameStore = ReturnType<typeof createBlobNameStore>;

/** Which records name a blob, of all organizations. */
export function createBlobNameStore(connection: Connection) {
  return { listPictures, findFiles };

  /** The blobs that badges and learners' art name. */
  async function listPictures(): Promise<ReadonlySet<string>> {
    const places = [
      ['Art', 'blob'],
      ['Achievement', 'draft.image.blob'],
      ['AchievementVersion', 'image.blob'],
    ] as const;
    const named = await Promise.all(
      places.map(async ([model, path]) => {
        const found = await connection
          .model(model)
          .aggregate<{ _id: unknown }>([{ $group: { _id: `$${path}` } }]);
        return found.flatMap(({ _id }) => (typeof _id === 'string' ? [_id] : []));
      }),
    );
    return new Set(named.flat());
  }

  /** Those of these blobs that are files which somebody handed in. */
  async function findFiles(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await connection
      .model<{ _id: string }>('File')
      .find({ _id: { $in: [...ids] } })
      .select({ _id: 1 })
      .lean<{ _id: string }[]>();
    return new Set(found.map(({ _id }) => _id));
  }
}
