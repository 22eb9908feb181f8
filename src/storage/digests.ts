import { Schema, type Connection } from 'mongoose';
import type { Digest } from '../domain/digests.ts';
import type { Scope } from '../domain/roles.ts';
import {
  insertEach,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

const schema = new Schema<Stored<Digest>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    person: { type: String, required: true },
    week: { type: String, required: true },
    language: { type: String, required: true },
    learners: { type: [Object], required: true },
    text: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, person: 1, week: 1 }, { unique: true });
schema.index({ organization: 1, person: 1, _id: -1 });
schema.index({ organization: 1, 'learners.learner': 1 });

export type DigestStore = ReturnType<typeof createDigestStore>;

export function createDigestStore(connection: Connection) {
  const model = connection.model<Stored<Digest>>('Digest', schema, 'digests');

  return { addMany, list, removeOf };

  /** One letter per person and week: the first stays. */
  async function addMany(digests: readonly Digest[]): Promise<void> {
    await insertEach(connection.collection<Stored<Digest>>('digests'), digests.map(toStored));
  }

  async function list(
    { organization }: Scope,
    person: string,
    page: PageRequest,
  ): Promise<Page<Digest>> {
    return listNewest<Digest>(model, { organization, person }, page);
  }

  /** Their own letters, and every letter that says something of them. */
  async function removeOf({ organization }: Scope, person: string): Promise<void> {
    await model.deleteMany({ organization, person });
    await model.deleteMany({ organization, 'learners.learner': person });
  }
}
