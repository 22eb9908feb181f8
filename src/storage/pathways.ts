import { Schema, type Connection } from 'mongoose';
import type { Pathway } from '../domain/pathways.ts';
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
import {
  createRedecisions,
  indexRedecisions,
  redecisionFields,
  startWork,
  type Redecided,
} from './redecisions.ts';

type Document = Stored<Pathway> & Redecided;

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    name: { type: String, required: true },
    description: { type: String, required: true },
    kind: { type: String, required: true },
    steps: { type: [Object], required: true },
    award: Object,
    state: { type: String, required: true },
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    ...redecisionFields,
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, state: 1, _id: -1 });
indexRedecisions(schema);

export type PathwayStore = ReturnType<typeof createPathwayStore>;

export function createPathwayStore(connection: Connection) {
  const model = connection.model<Document>('Pathway', schema, 'pathways');

  return {
    add,
    find,
    replace,
    list,
    listActive,
    ...createRedecisions(connection, 'pathways'),
  };

  async function add(pathway: Pathway): Promise<void> {
    await model.create({ ...toStored(pathway), ...startWork(pathway.redecision) });
  }

  async function find({ organization }: Scope, id: string): Promise<Pathway | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** Writes it over the one that it was made from; false when that has changed meanwhile. */
  async function replace({ organization }: Scope, pathway: Pathway): Promise<boolean> {
    const { _id, ...document } = toStored(pathway);
    const from = { _id, organization, revision: pathway.revision - 1 };
    const { matchedCount } = await model.replaceOne(from, {
      ...document,
      ...startWork(pathway.redecision),
    });
    return matchedCount === 1;
  }

  async function list(
    { organization }: Scope,
    { state }: { readonly state?: Pathway['state'] | undefined },
    page: PageRequest,
  ): Promise<Page<Pathway>> {
    const { items, ...rest } = await listNewest<Pathway & Redecided>(
      model,
      { organization, ...(state === undefined ? {} : { state }) },
      page,
    );
    return { ...rest, items: items.map(({ work: _work, ...pathway }) => pathway) };
  }

  /** All that are in use: a school has some dozens. */
  async function listActive({ organization }: Scope): Promise<readonly Pathway[]> {
    const found = await model
      .find({ organization, state: 'active' })
      .sort({ _id: -1 })
      .lean<Document[]>();
    return found.map(present);
  }
}

function present({ work: _work, ...stored }: Document): Pathway {
  return fromStored<Pathway>(stored);
}
