import { Schema, type Connection } from 'mongoose';
import type { Art } from '../domain/art.ts';
import type { Scope } from '../domain/roles.ts';
import {
  fromStored,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

const schema = new Schema<Stored<Art>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    achievement: { type: String, required: true },
    blob: String,
    width: { type: Number, required: true },
    height: { type: Number, required: true },
    state: { type: String, required: true },
    decidedBy: String,
    decidedAt: Date,
    reason: String,
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, state: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, achievement: 1 });

export type ArtStore = ReturnType<typeof createArtStore>;

export function createArtStore(connection: Connection) {
  const model = connection.model<Stored<Art>>('Art', schema, 'art');

  return { add, find, decide, list, listOf, remove, removeOf };

  async function add(art: Art): Promise<void> {
    await model.create(toStored(art));
  }

  async function find({ organization }: Scope, id: string): Promise<Art | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<Art>>();
    return found === null ? undefined : fromStored<Art>(found);
  }

  /** Undefined when it does not wait for a decision any more. */
  async function decide(
    { organization }: Scope,
    id: string,
    verdict: Pick<Art, 'state' | 'decidedBy' | 'decidedAt' | 'reason'>,
  ): Promise<Art | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, state: 'waiting' },
        { $set: verdict },
        { returnDocument: 'after' },
      )
      .lean<Stored<Art>>();
    return found === null ? undefined : fromStored<Art>(found);
  }

  async function list(
    { organization }: Scope,
    { state }: { readonly state?: Art['state'] | undefined },
    page: PageRequest,
  ): Promise<Page<Art>> {
    return listNewest<Art>(
      model,
      { organization, ...(state === undefined ? {} : { state }) },
      page,
    );
  }

  /** Everything that this learner drew, or what was drawn for one achievement. */
  async function listOf(
    { organization }: Scope,
    learner: string,
    achievement?: string,
  ): Promise<readonly Art[]> {
    const found = await model
      .find({ organization, learner, ...(achievement === undefined ? {} : { achievement }) })
      .lean<Stored<Art>[]>();
    return found.map((stored) => fromStored<Art>(stored));
  }

  async function remove({ organization }: Scope, ids: readonly string[]): Promise<void> {
    await model.deleteMany({ organization, _id: { $in: [...ids] } });
  }

  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }
}
