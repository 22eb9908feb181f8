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

schema.index(
  { organization: 1, learner: 1 },
  { partialFilterExpression: { learner: { $exists: true } } },
);

export type FileStore = ReturnType<typeof createFileStore>;

export function createFileStore(connection: Connection) {
  const model = connection.model<Stored<StoredFile>>('File', schema, 'files');

  return { add, find, findMany, assignTo, listOf, removeMany };

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

  /** What is evidence of this person, and what they uploaded that is evidence of nobody else. */
  async function listOf({ organization }: Scope, person: string): Promise<readonly StoredFile[]> {
    const found = await Promise.all([
      model.find({ organization, learner: person }).lean<Stored<StoredFile>[]>(),
      model
        .find({ organization, owner: person, learner: { $exists: false } })
        .lean<Stored<StoredFile>[]>(),
    ]);
    return found.flat().map((stored) => fromStored<StoredFile>(stored));
  }

  async function removeMany({ organization }: Scope, ids: readonly string[]): Promise<void> {
    await model.deleteMany({ organization, _id: { $in: [...ids] } });
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
