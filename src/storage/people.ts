import { Schema, type Connection } from 'mongoose';
import type { Pace, Person } from '../domain/people.ts';
import type { Role, Scope } from '../domain/roles.ts';
import { conflict } from '../shared/errors.ts';
import {
  fromStored,
  listNewest,
  orConflict,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

const schema = new Schema<Stored<Person>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    name: { type: String, required: true },
    email: String,
    roles: { type: [String], required: true },
    sourcedId: String,
    guardianOf: { type: [String], required: true },
    adult: { type: Boolean, required: true },
    language: String,
    digest: Boolean,
    pace: { type: Object, default: undefined },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index(
  { organization: 1, email: 1 },
  { unique: true, partialFilterExpression: { email: { $exists: true } } },
);
schema.index(
  { organization: 1, sourcedId: 1 },
  { unique: true, partialFilterExpression: { sourcedId: { $exists: true } } },
);

schema.index({ organization: 1, roles: 1, _id: 1 });
schema.index({ organization: 1, guardianOf: 1 });

export type PersonStore = ReturnType<typeof createPersonStore>;

export function createPersonStore(connection: Connection) {
  const model = connection.model<Stored<Person>>('Person', schema, 'people');

  return {
    add,
    find,
    findMany,
    findByKeys,
    update,
    setPace,
    list,
    listByRole,
    countLearners,
    hasOtherOwner,
    remove,
    forgetLearner,
  };

  async function add(person: Person): Promise<void> {
    await orConflict(model.create(toStored(person)), exists());
  }

  async function find({ organization }: Scope, id: string): Promise<Person | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<Person>>();
    return found === null ? undefined : fromStored<Person>(found);
  }

  async function findMany(
    { organization }: Scope,
    ids: readonly string[],
  ): Promise<readonly Person[]> {
    const found = await model
      .find({ _id: { $in: [...ids] }, organization })
      .lean<Stored<Person>[]>();
    return found.map((stored) => fromStored<Person>(stored));
  }

  /** Everybody who has one of these as id, e-mail address (lower case) or sourcedId. */
  async function findByKeys(
    { organization }: Scope,
    {
      ids,
      emails,
      sourcedIds,
    }: Readonly<Record<'ids' | 'emails' | 'sourcedIds', readonly string[]>>,
  ): Promise<readonly Person[]> {
    const found = await Promise.all([
      model.find({ organization, _id: { $in: [...ids] } }).lean<Stored<Person>[]>(),
      model.find({ organization, email: { $in: [...emails] } }).lean<Stored<Person>[]>(),
      model.find({ organization, sourcedId: { $in: [...sourcedIds] } }).lean<Stored<Person>[]>(),
    ]);
    return found.flat().map((stored) => fromStored<Person>(stored));
  }

  async function update(
    { organization }: Scope,
    id: string,
    changes: Partial<Omit<Person, 'id' | 'organization' | 'createdAt'>>,
  ): Promise<Person | undefined> {
    const update = model
      .findOneAndUpdate({ _id: id, organization }, { $set: changes }, { returnDocument: 'after' })
      .lean<Stored<Person>>();
    const found = await orConflict(update.exec(), exists());
    return found === null ? undefined : fromStored<Person>(found);
  }

  /** Undefined takes it away. */
  async function setPace({ organization }: Scope, id: string, pace?: Pace): Promise<void> {
    const change = pace === undefined ? { $unset: { pace: 1 as const } } : { $set: { pace } };
    await model.updateOne({ _id: id, organization }, change);
  }

  async function hasOtherOwner({ organization }: Scope, id: string): Promise<boolean> {
    const other = await model.exists({ organization, roles: 'owner', _id: { $ne: id } });
    return other !== null;
  }

  /** Safe to repeat. */
  async function remove({ organization }: Scope, id: string): Promise<void> {
    await model.deleteOne({ _id: id, organization });
  }

  /** Nobody is the guardian of this learner any more. */
  async function forgetLearner({ organization }: Scope, learner: string): Promise<void> {
    await model.updateMany(
      { organization, guardianOf: learner },
      { $pull: { guardianOf: learner } },
    );
  }

  /** Everybody with this role, by id; `after` is the last one of the page before. */
  async function listByRole(
    { organization }: Scope,
    role: Role,
    { limit, after = '' }: { limit: number; after?: string | undefined },
  ): Promise<readonly Person[]> {
    const found = await model
      .find({ organization, roles: role, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Stored<Person>[]>();
    return found.map((stored) => fromStored<Person>(stored));
  }

  async function countLearners({ organization }: Scope): Promise<number> {
    return model.countDocuments({ organization, roles: 'learner' });
  }

  async function list({ organization }: Scope, page: PageRequest): Promise<Page<Person>> {
    return listNewest<Person>(model, { organization }, page);
  }
}

function exists() {
  return conflict(
    'person.exists',
    'Somebody at your school has this e-mail address or sourcedId already.',
  );
}
