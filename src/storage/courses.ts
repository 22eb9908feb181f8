import { Schema, type Connection } from 'mongoose';
import type { Course } from '../domain/courses.ts';
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

const schema = new Schema<Stored<Course>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    name: { type: String, required: true },
    description: { type: String, required: true },
    achievements: { type: [String], required: true },
    state: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, state: 1, _id: -1 });

export type CourseStore = ReturnType<typeof createCourseStore>;

export function createCourseStore(connection: Connection) {
  const model = connection.model<Stored<Course>>('Course', schema, 'courses');

  return { add, find, update, list };

  async function add(course: Course): Promise<void> {
    await model.create(toStored(course));
  }

  async function find({ organization }: Scope, id: string): Promise<Course | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<Course>>();
    return found === null ? undefined : fromStored<Course>(found);
  }

  /** Undefined when there is none that is not retired. */
  async function update(
    { organization }: Scope,
    id: string,
    changes: Partial<Omit<Course, 'id' | 'organization' | 'createdAt'>>,
  ): Promise<Course | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, state: 'active' },
        { $set: changes },
        { returnDocument: 'after' },
      )
      .lean<Stored<Course>>();
    return found === null ? undefined : fromStored<Course>(found);
  }

  async function list(
    { organization }: Scope,
    { state }: { readonly state?: Course['state'] | undefined },
    page: PageRequest,
  ): Promise<Page<Course>> {
    return listNewest<Course>(
      model,
      { organization, ...(state === undefined ? {} : { state }) },
      page,
    );
  }
}
