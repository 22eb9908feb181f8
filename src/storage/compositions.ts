import { Schema, type Connection } from 'mongoose';
import type { Composition } from '../domain/compositions.ts';
import type { Scope } from '../domain/roles.ts';
import { fromStored, schemaOptions, toStored, type Stored } from './document.ts';
import {
  createRedecisions,
  indexRedecisions,
  redecisionFields,
  startWork,
  type Redecided,
} from './redecisions.ts';

type Document = Stored<Composition> & Redecided;

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    tier: { type: String, required: true },
    all: { type: [String], required: true },
    any: Object,
    certify: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    ...redecisionFields,
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
indexRedecisions(schema);

export type CompositionStore = ReturnType<typeof createCompositionStore>;

export function createCompositionStore(connection: Connection) {
  const model = connection.model<Document>('Composition', schema, 'compositions');

  return { put, find, listAll, ...createRedecisions(connection, 'compositions') };

  /** The composition of its achievement from now on. */
  async function put({ organization }: Scope, composition: Composition): Promise<Composition> {
    const { _id, createdAt, ...changes } = toStored(composition);
    const absent = changes.any === undefined ? { $unset: { any: 1 as const } } : {};
    const found = await model
      .findOneAndUpdate(
        { _id, organization },
        {
          $set: { ...changes, ...startWork(composition.redecision) },
          ...absent,
          $setOnInsert: { createdAt },
        },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<Document>();
    return present(found);
  }

  async function find({ organization }: Scope, id: string): Promise<Composition | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** A school has some dozens of credits. */
  async function listAll({ organization }: Scope): Promise<readonly Composition[]> {
    const found = await model.find({ organization }).sort({ _id: -1 }).lean<Document[]>();
    return found.map(present);
  }
}

function present({ work: _work, ...stored }: Document): Composition {
  return fromStored<Composition>(stored);
}
