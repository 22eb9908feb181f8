import { Schema, type Connection } from 'mongoose';
import type { Composition } from '../domain/compositions.ts';
import type { Scope } from '../domain/roles.ts';
import { fromStored, schemaOptions, toStored, type Stored } from './document.ts';

const schema = new Schema<Stored<Composition>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    tier: { type: String, required: true },
    all: { type: [String], required: true },
    any: Object,
    certify: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });

export type CompositionStore = ReturnType<typeof createCompositionStore>;

export function createCompositionStore(connection: Connection) {
  const model = connection.model<Stored<Composition>>('Composition', schema, 'compositions');

  return { put, find, listAll };

  /** The composition of its achievement from now on. */
  async function put({ organization }: Scope, composition: Composition): Promise<Composition> {
    const { _id, createdAt, ...changes } = toStored(composition);
    const absent = changes.any === undefined ? { $unset: { any: 1 as const } } : {};
    const found = await model
      .findOneAndUpdate(
        { _id, organization },
        { $set: changes, ...absent, $setOnInsert: { createdAt } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<Stored<Composition>>();
    return fromStored<Composition>(found);
  }

  async function find({ organization }: Scope, id: string): Promise<Composition | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<Composition>>();
    return found === null ? undefined : fromStored<Composition>(found);
  }

  /** A school has some dozens of credits. */
  async function listAll({ organization }: Scope): Promise<readonly Composition[]> {
    const found = await model
      .find({ organization })
      .sort({ _id: -1 })
      .lean<Stored<Composition>[]>();
    return found.map((stored) => fromStored<Composition>(stored));
  }
}
