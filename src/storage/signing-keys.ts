import { Schema, type Connection } from 'mongoose';
import type { SigningKey } from '../domain/keys.ts';
import { fromStored, schemaOptions, toStored, type Stored } from './document.ts';

const schema = new Schema<Stored<SigningKey>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    kind: { type: String, required: true },
    publicJwk: { type: Object, required: true },
    publicKeyMultibase: String,
    wrapped: { type: Object, required: true },
    state: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, createdAt: 1 });
schema.index(
  { organization: 1, kind: 1 },
  { unique: true, partialFilterExpression: { state: 'active' }, name: 'one_active_key' },
);

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>;

/** Private keys lie here wrapped; public ones are public, so finding one by its id needs no scope. */
export function createSigningKeyStore(connection: Connection) {
  const model = connection.model<Stored<SigningKey>>('SigningKey', schema, 'signingKeys');

  return { add, find, list, listAll };

  async function add(key: SigningKey): Promise<void> {
    await model.create(toStored(key));
  }

  async function find(id: string): Promise<SigningKey | undefined> {
    const found = await model.findById(id).lean<Stored<SigningKey>>();
    return found === null ? undefined : fromStored<SigningKey>(found);
  }

  /** Every key that the organization ever had, oldest first. */
  async function list(organization: string): Promise<readonly SigningKey[]> {
    const found = await model
      .find({ organization })
      .sort({ createdAt: 1 })
      .lean<Stored<SigningKey>[]>();
    return found.map((stored) => fromStored<SigningKey>(stored));
  }

  /** By organization, oldest first. */
  async function listAll(): Promise<readonly SigningKey[]> {
    const found = await model
      .find()
      .sort({ organization: 1, createdAt: 1 })
      .lean<Stored<SigningKey>[]>();
    return found.map((stored) => fromStored<SigningKey>(stored));
  }
}
