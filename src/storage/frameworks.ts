import { Schema, type Connection } from 'mongoose';
import type { Scope } from '../domain/roles.ts';
import type { Framework, FrameworkMetadata, Level, PublishedRubric } from '../domain/standards.ts';
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

const schema = new Schema<Stored<Framework>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    identifier: { type: String, required: true },
    uri: { type: String, required: true },
    title: { type: String, required: true },
    creator: String,
    publisher: String,
    description: String,
    version: String,
    language: String,
    licenseUri: String,
    levels: { type: [Object], required: true },
    rubrics: { type: [Object], default: undefined },
    imports: { type: Number, required: true },
    source: String,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, identifier: 1 }, { unique: true });
schema.index({ uri: 1 });

/** What an import says about a framework. */
export interface FrameworkImport {
  readonly metadata: FrameworkMetadata;
  readonly rubrics: readonly PublishedRubric[];
  readonly source: string;
  readonly at: Date;
}

export type FrameworkStore = ReturnType<typeof createFrameworkStore>;

export function createFrameworkStore(connection: Connection) {
  const model = connection.model<Stored<Framework>>('Framework', schema, 'frameworks');

  return { add, find, findByIdentifier, findByUri, list, finishImport, putLevels };

  async function add(framework: Framework): Promise<void> {
    const exists = conflict('framework.exists', 'Your school has this framework already.');
    await orConflict(model.create(toStored(framework)), exists);
  }

  async function find({ organization }: Scope, id: string): Promise<Framework | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<Framework>>();
    return present(found);
  }

  async function findByIdentifier(
    { organization }: Scope,
    identifier: string,
  ): Promise<Framework | undefined> {
    const found = await model.findOne({ organization, identifier }).lean<Stored<Framework>>();
    return present(found);
  }

  /** For public addresses, which know no organization: what has this address as its own. */
  async function findByUri(uri: string): Promise<Framework | undefined> {
    const found = await model.findOne({ uri }).lean<Stored<Framework>>();
    return found === null ? undefined : fromStored<Framework>(found);
  }

  async function list({ organization }: Scope, page: PageRequest): Promise<Page<Framework>> {
    return listNewest<Framework>(model, { organization }, page);
  }

  /** Undefined when another import took effect since `before` was read. */
  async function finishImport(
    before: Framework,
    { metadata, rubrics, source, at }: FrameworkImport,
  ): Promise<Framework | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: before.id, organization: before.organization, imports: before.imports },
        {
          $unset: absent(metadata),
          $set: { ...metadata, rubrics, source, updatedAt: at },
          $inc: { imports: 1 },
        },
        { returnDocument: 'after' },
      )
      .lean<Stored<Framework>>();
    return present(found);
  }

  async function putLevels(
    { organization }: Scope,
    id: string,
    { levels, at }: { levels: readonly Level[]; at: Date },
  ): Promise<Framework | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization },
        { $set: { levels, updatedAt: at } },
        { returnDocument: 'after' },
      )
      .lean<Stored<Framework>>();
    return present(found);
  }
}

/** What the publisher told before and does not tell any more. */
function absent(metadata: FrameworkMetadata): Record<string, 1> {
  const fields = [
    'creator',
    'publisher',
    'description',
    'version',
    'language',
    'licenseUri',
  ] as const;
  return Object.fromEntries(
    fields.filter((field) => metadata[field] === undefined).map((field) => [field, 1]),
  );
}

function present(found: Stored<Framework> | null): Framework | undefined {
  return found === null ? undefined : fromStored<Framework>(found);
}
