import { Schema, type Connection } from 'mongoose';
import type { SigningKey } from '../domain/keys.ts';
import type { Scope } from '../domain/roles.ts';
import { conflict } from '../shared/errors.ts';
import {
  fromStored,
  isDuplicate,
  orConflict,
  schemaOptions,
  toStored,
  type Stored,
} from './document.ts';

const schema = new Schema<Stored<SigningKey>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    kind: { type: String, required: true },
    publicJwk: { type: Object, required: true },
    publicKeyMultibase: String,
    driver: { type: String, required: true },
    wrapped: Object,
    remote: Object,
    state: { type: String, required: true },
    createdAt: { type: Date, required: true },
    compromisedAt: Date,
  },
  schemaOptions,
);
schema.index({ organization: 1, createdAt: 1 });
schema.index(
  { organization: 1, kind: 1 },
  { unique: true, partialFilterExpression: { state: 'active' }, name: 'one_active_key' },
);
// The other way round, so that it is an index of its own.
schema.index(
  { kind: 1, organization: 1 },
  { unique: true, partialFilterExpression: { state: 'prepared' }, name: 'one_prepared_key' },
);

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>;

/** Private keys lie here wrapped; public ones are public, so finding one by its id needs no scope. */
export function createSigningKeyStore(connection: Connection) {
  const model = connection.model<Stored<SigningKey>>('SigningKey', schema, 'signingKeys');

  return { add, find, list, listAll, retire, activate, markCompromised };

  /** @throws ServiceError `key.exists` when the organization has a key of this kind in this state already */
  async function add(key: SigningKey): Promise<void> {
    const exists = conflict('key.exists', 'Somebody else is making this key at the moment.');
    await orConflict(model.create(toStored(key)), exists);
  }

  async function find(id: string): Promise<SigningKey | undefined> {
    const found = await model.findById(id).lean<Stored<SigningKey>>();
    return found === null ? undefined : fromStored<SigningKey>(found);
  }

  /** No key but an active one retires, and it does so once. */
  async function retire({ organization }: Scope, id: string): Promise<void> {
    await model.updateOne(
      { _id: id, organization, state: 'active' },
      { $set: { state: 'retired' } },
    );
  }

  /** Puts a prepared key in the place that nobody has; nothing happens when somebody has it. */
  async function activate({ organization }: Scope, id: string): Promise<void> {
    try {
      await model.updateOne(
        { _id: id, organization, state: 'prepared' },
        { $set: { state: 'active' } },
      );
    } catch (error) {
      if (!isDuplicate(error)) throw error;
    }
  }

  /** For a key that is not active any more. The time may move back later on, never forward. */
  async function markCompromised({ organization }: Scope, id: string, at: Date): Promise<void> {
    await model.updateOne(
      {
        _id: id,
        organization,
        $or: [{ state: 'retired' }, { state: 'compromised', compromisedAt: { $gt: at } }],
      },
      { $set: { state: 'compromised', compromisedAt: at } },
    );
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
