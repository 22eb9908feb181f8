import { Schema, type Connection } from 'mongoose';
import type { EstimateOverride } from '../domain/estimates.ts';
import type { Scope } from '../domain/roles.ts';
import { fromStored, isDuplicate, schemaOptions, toStored, type Stored } from './document.ts';

/** `live` as long as it was not taken back. */
type Document = Stored<EstimateOverride> & { live: boolean };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    standard: { type: String, required: true },
    level: { type: String, required: true },
    value: { type: Number, required: true },
    reason: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    withdrawnAt: Date,
    withdrawnBy: String,
    live: { type: Boolean, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index(
  { organization: 1, learner: 1, standard: 1 },
  { unique: true, partialFilterExpression: { live: true }, name: 'one_live_override' },
);

export type EstimateOverrideStore = ReturnType<typeof createEstimateOverrideStore>;

export function createEstimateOverrideStore(connection: Connection) {
  const model = connection.model<Document>('EstimateOverride', schema, 'estimateOverrides');

  return { add, find, withdraw, listOf, removeOf };

  /** False when there is one for this learner and standard already. */
  async function add(override: EstimateOverride): Promise<boolean> {
    try {
      await model.create({ ...toStored(override), live: true });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function find({ organization }: Scope, id: string): Promise<EstimateOverride | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** Undefined when it is not there or was taken back before. */
  async function withdraw(
    { organization }: Scope,
    id: string,
    { by, at }: { by: string; at: Date },
  ): Promise<EstimateOverride | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, live: true },
        { $set: { live: false, withdrawnBy: by, withdrawnAt: at } },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** Of these learners, those that were taken back too, newest first. */
  async function listOf(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly EstimateOverride[]> {
    const found = await model
      .find({ organization, learner: { $in: [...learners] } })
      .sort({ _id: -1 })
      .lean<Document[]>();
    return found.map(present);
  }

  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }
}

function present({ live: _live, ...stored }: Document): EstimateOverride {
  return fromStored<EstimateOverride>(stored);
}
