import { Schema, type Connection, type QueryFilter } from 'mongoose';
import type { Class } from '../domain/classes.ts';
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

const schema = new Schema<Stored<Class>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    name: { type: String, required: true },
    teachers: { type: [String], required: true },
    learners: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, teachers: 1, _id: -1 });
schema.index({ organization: 1, learners: 1, _id: -1 });

export type ClassChanges = Partial<Pick<Class, 'name' | 'teachers' | 'learners' | 'updatedAt'>>;

export type ClassStore = ReturnType<typeof createClassStore>;

export function createClassStore(connection: Connection) {
  const model = connection.model<Stored<Class>>('Class', schema, 'classes');

  return { add, find, update, remove, list, removePerson };

  async function add(one: Class): Promise<void> {
    await model.create(toStored(one));
  }

  async function find({ organization }: Scope, id: string): Promise<Class | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<Class>>();
    return found === null ? undefined : fromStored<Class>(found);
  }

  async function update(
    { organization }: Scope,
    id: string,
    changes: ClassChanges,
  ): Promise<Class | undefined> {
    const found = await model
      .findOneAndUpdate({ _id: id, organization }, { $set: changes }, { returnDocument: 'after' })
      .lean<Stored<Class>>();
    return found === null ? undefined : fromStored<Class>(found);
  }

  /** False when it was not there. */
  async function remove({ organization }: Scope, id: string): Promise<boolean> {
    const { deletedCount } = await model.deleteOne({ _id: id, organization });
    return deletedCount === 1;
  }

  async function list(
    { organization }: Scope,
    { teacher, learner }: { teacher?: string | undefined; learner?: string | undefined },
    page: PageRequest,
  ): Promise<Page<Class>> {
    const filter: QueryFilter<Stored<Class>> = {
      organization,
      ...(teacher === undefined ? {} : { teachers: teacher }),
      ...(learner === undefined ? {} : { learners: learner }),
    };
    return listNewest<Class>(model, filter, page);
  }

  /** Out of every class, whatever they were there. Safe to repeat. */
  async function removePerson({ organization }: Scope, person: string): Promise<void> {
    for (const place of ['teachers', 'learners'] as const) {
      await model.updateMany({ organization, [place]: person }, { $pull: { [place]: person } });
    }
  }
}
