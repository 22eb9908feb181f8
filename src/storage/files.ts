import { Schema, type Connection } from 'mongoose';
import type { StoredFile } from '../domain/files.ts';
import type { Scope } from '../domain/roles.ts';
import { fromStored, schemaOptions, toStored, type Stored } from './document.ts';

const schema = new Schema<Stored<StoredFile>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    owner: { type: String, required: true },
    learner: String,
    name: { type: String, required: true },
    type: { type: String, required: true },
    size: { type: Number, required: true },
    sha256: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, owner: 1 });

export type FileStore = ReturnType<typeof createFileStore>;

export function createFileStore(connection: Connection) {
  const model = connection.model<Stored<StoredFile>>('File', schema, 'files');

  return { add, find, findMany, assignTo };

  async function add(file: StoredFile): Promise<void> {
    await model.create(toStored(file));
  }

  async function find({ organization }: Scope, id: string): Promise<StoredFile | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<StoredFile>>();
    return found === null ? undefined : fromStored<StoredFile>(found);
  }

  async function findMany(
    { organization }: Scope,
    ids: readonly string[],
  ): Promise<readonly StoredFile[]> {
    const found = await model
      .find({ _id: { $in: [...ids] }, organization })
      .lean<Stored<StoredFile>[]>();
    return found.map((stored) => fromStored<StoredFile>(stored));
  }

  /** From now on these files are evidence of `learner`, who may read them. */
  async function assignTo(
    { organization }: Scope,
    ids: readonly string[],
    learner: string,
  ): Promise<void> {
    await model.updateMany({ _id: { $in: [...ids] }, organization }, { $set: { learner } });
  }
}
