import { Schema, type Connection } from 'mongoose';
import type { ApiKey } from '../domain/people.ts';
import type { Scope } from '../domain/roles.ts';
import {
  fromStored,
  isDuplicate,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

type Document = Stored<ApiKey> & { hash: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    name: { type: String, required: true },
    hash: { type: String, required: true },
    roles: { type: [String], required: true },
    person: String,
    expiresAt: Date,
    revokedAt: Date,
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ hash: 1 }, { unique: true });

schema.index(
  { organization: 1, person: 1 },
  { partialFilterExpression: { person: { $exists: true } } },
);

export type ApiKeyStore = ReturnType<typeof createApiKeyStore>;

export function createApiKeyStore(connection: Connection) {
  const model = connection.model<Document>('ApiKey', schema, 'apiKeys');

  return { add, find, findByHash, revoke, list, removeOf };

  /** `hash` is the SHA-256 of the key; the key itself is never stored. False when that key exists already. */
  async function add(key: ApiKey, hash: string): Promise<boolean> {
    try {
      await model.create({ ...toStored(key), hash });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function find({ organization }: Scope, id: string): Promise<ApiKey | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function findByHash(hash: string): Promise<ApiKey | undefined> {
    const found = await model.findOne({ hash }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function revoke({ organization }: Scope, id: string, at: Date): Promise<void> {
    await model.updateOne({ _id: id, organization }, { $min: { revokedAt: at } });
  }

  /** All keys of a person. */
  async function removeOf({ organization }: Scope, person: string): Promise<void> {
    await model.deleteMany({ organization, person });
  }

  async function list({ organization }: Scope, page: PageRequest): Promise<Page<ApiKey>> {
    const { items, ...rest } = await listNewest<ApiKey & { hash: string }>(
      model,
      { organization },
      page,
    );
    return { ...rest, items: items.map(({ hash: _hash, ...key }) => key) };
  }
}

function present({ hash: _hash, ...stored }: Document): ApiKey {
  return fromStored<ApiKey>(stored);
}
