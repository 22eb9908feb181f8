import { Schema, type Connection } from 'mongoose';
import type { LevelWait } from '../domain/level-awards.ts';
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

const schema = new Schema<Stored<LevelWait>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    rule: { type: String, required: true },
    learner: { type: String, required: true },
    why: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, rule: 1, learner: 1 }, { unique: true });
schema.index({ organization: 1, learner: 1 });

export type LevelWaitStore = ReturnType<typeof createLevelWaitStore>;

/** Who has reached a level and waits for a person's word. */
export function createLevelWaitStore(connection: Connection) {
  const model = connection.model<Stored<LevelWait>>('LevelWait', schema, 'levelWaits');

  return { addMany, list, remove, removeOfRule, removeOf };

  /** Who waits already waits on. */
  async function addMany(waits: readonly LevelWait[]): Promise<void> {
    const collection = connection.collection<Stored<LevelWait>>('levelWaits');
    await insertEach(collection, waits.map(toStored));
  }

  /** Of these rules, newest first. */
  async function list(
    { organization }: Scope,
    rules: readonly string[],
    page: PageRequest,
  ): Promise<Page<LevelWait>> {
    return listNewest<LevelWait>(model, { organization, rule: { $in: [...rules] } }, page);
  }

  async function remove(
    { organization }: Scope,
    rule: string,
    learners: readonly string[],
  ): Promise<void> {
    if (learners.length === 0) return;
    await model.deleteMany({ organization, rule, learner: { $in: [...learners] } });
  }

  async function removeOfRule({ organization }: Scope, rule: string): Promise<void> {
    await model.deleteMany({ organization, rule });
  }

  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }
}
