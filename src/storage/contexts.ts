import { Schema, type Connection } from 'mongoose';
import type { AddedContext } from '../domain/contexts.ts';
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

type Document = Stored<AddedContext>;

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    url: { type: String, required: true },
    content: { type: String, required: true },
    sha256: { type: String, required: true },
    size: { type: Number, required: true },
    addedBy: { type: Object, required: true },
    addedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ url: 1 }, { unique: true });

export type ContextStore = ReturnType<typeof createContextStore>;

/** Of the whole installation, because what a signature means cannot depend on who asks. Nothing here changes one. */
export function createContextStore(connection: Connection) {
  const model = connection.model<Document>('Context', schema, 'contexts');

  return { add, find, findByUrl, remove, list };

  /** False when the address has one already. */
  async function add(context: AddedContext): Promise<boolean> {
    try {
      await model.create(toStored(context));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function find(id: string): Promise<AddedContext | undefined> {
    const found = await model.findOne({ _id: id }).lean<Document>();
    return found === null ? undefined : fromStored<AddedContext>(found);
  }

  async function findByUrl(url: string): Promise<AddedContext | undefined> {
    const found = await model.findOne({ url }).lean<Document>();
    return found === null ? undefined : fromStored<AddedContext>(found);
  }

  async function remove(id: string): Promise<boolean> {
    const { deletedCount } = await model.deleteOne({ _id: id });
    return deletedCount === 1;
  }

  async function list(page: PageRequest): Promise<Page<AddedContext>> {
    return listNewest<AddedContext>(model, {}, page);
  }
}
