import { Schema, type Connection, type QueryFilter } from 'mongoose';
import type { Scope } from '../domain/roles.ts';
import type { Standard, StandardPlace } from '../domain/standards.ts';
import { orderKey, searchWords, type SearchTerm } from '../domain/standards/search.ts';
import { conflict } from '../shared/errors.ts';
import {
  fromStored,
  orConflict,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/** A standard with what it is found by. */
type Document = Stored<Standard> & {
  words: readonly string[];
  /** Its parents, or `root` for one without. */
  under: readonly string[];
  /** Sorts as people read; unique. */
  order: string;
};

const root = '';

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    framework: { type: String, required: true },
    identifier: { type: String, required: true },
    uri: { type: String, required: true },
    statement: { type: String, required: true },
    code: String,
    abbreviatedStatement: String,
    type: String,
    educationLevel: { type: [String], required: true },
    parents: { type: [String], required: true },
    sequence: { type: Number, required: true },
    state: { type: String, required: true },
    words: { type: [String], required: true },
    under: { type: [String], required: true },
    order: { type: String, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, framework: 1, identifier: 1 }, { unique: true });
schema.index({ organization: 1, framework: 1, order: 1 });
schema.index({ organization: 1, framework: 1, under: 1, order: 1 });
schema.index({ organization: 1, framework: 1, words: 1 });
schema.index({ uri: 1 });

const batch = 1_000;
const shown = { words: 0, under: 0, order: 0 } as const;

export interface StandardQuery {
  readonly framework: string;
  /** Every term has to be met. */
  readonly terms?: readonly SearchTerm[] | undefined;
  /** CASE identifier of a standard, or null for those without a parent. */
  readonly parent?: string | null | undefined;
  readonly state?: Standard['state'] | undefined;
}

export type StandardStore = ReturnType<typeof createStandardStore>;

export function createStandardStore(connection: Connection) {
  const model = connection.model<Document>('Standard', schema, 'standards');
  const collection = connection.collection<Document>('standards');

  return { write, find, findByIdentifier, findMany, findByUri, listAll, listTree, list };

  /**
   * Adds and replaces standards, in batches. Not one step: each standard is whole at every moment, and writing the
   * rest later completes it. Past Mongoose, whose casting of thousands of documents takes longer than writing them:
   * these are made by `toDocument` and nowhere else.
   */
  async function write(
    { organization }: Scope,
    changes: { readonly added: readonly Standard[]; readonly replaced: readonly Standard[] },
  ): Promise<void> {
    const operations = [
      ...changes.added.map((standard) => ({ insertOne: { document: toDocument(standard) } })),
      ...changes.replaced.map((standard) => ({
        replaceOne: {
          filter: { _id: standard.id, organization },
          replacement: toDocument(standard),
        },
      })),
    ];
    for (let start = 0; start < operations.length; start += batch) {
      const part = operations.slice(start, start + batch);
      await orConflict(collection.bulkWrite(part, { ordered: false }), changedMeanwhile());
    }
  }

  async function find({ organization }: Scope, id: string): Promise<Standard | undefined> {
    return first({ _id: id, organization });
  }

  async function findByIdentifier(
    { organization }: Scope,
    framework: string,
    identifier: string,
  ): Promise<Standard | undefined> {
    return first({ organization, framework, identifier });
  }

  async function first(filter: QueryFilter<Document>): Promise<Standard | undefined> {
    const found = await model.findOne(filter).select(shown).lean<Stored<Standard>>();
    return found === null ? undefined : fromStored<Standard>(found);
  }

  async function findMany(
    { organization }: Scope,
    ids: readonly string[],
  ): Promise<readonly Standard[]> {
    const found = await model
      .find({ _id: { $in: [...ids] }, organization })
      .select(shown)
      .lean<Stored<Standard>[]>();
    return found.map((stored) => fromStored<Standard>(stored));
  }

  /** For public addresses, which know no organization: what has this address as its own. */
  async function findByUri(uri: string): Promise<Standard | undefined> {
    const found = await model.findOne({ uri }).select(shown).lean<Stored<Standard>>();
    return found === null ? undefined : fromStored<Standard>(found);
  }

  /** Every standard of a framework, retired ones too. */
  async function listAll({ organization }: Scope, framework: string): Promise<readonly Standard[]> {
    const found = await model
      .find({ organization, framework })
      .select(shown)
      .lean<Stored<Standard>[]>();
    return found.map((stored) => fromStored<Standard>(stored));
  }

  /** How the standards of these frameworks hang together, and nothing else of them. */
  async function listTree(
    { organization }: Scope,
    wanted: readonly string[],
  ): Promise<readonly StandardPlace[]> {
    const found = await model
      .find({ organization, framework: { $in: [...wanted] } })
      .select({ framework: 1, identifier: 1, parents: 1 })
      .lean<Stored<StandardPlace>[]>();
    return found.map((stored) => fromStored<StandardPlace>(stored));
  }

  /** One page in reading order; the cursor is the id of the last standard of the page before. */
  async function list(
    { organization }: Scope,
    query: StandardQuery,
    { limit, cursor }: PageRequest,
  ): Promise<Page<Standard>> {
    const { framework, parent, state, terms = [] } = query;
    const last =
      cursor === undefined
        ? null
        : await model.findOne({ _id: cursor, organization, framework }).lean<Document>();
    const conditions: QueryFilter<Document>[] = [
      ...(parent === undefined ? [] : [{ under: parent ?? root }]),
      ...(state === undefined ? [] : [{ state }]),
      ...(last === null ? [] : [{ order: { $gt: last.order } }]),
      ...terms.map(meets),
    ];
    const found = await model
      .find({
        organization,
        framework,
        ...(conditions.length === 0 ? {} : { $and: conditions }),
      } as QueryFilter<Document>)
      .sort({ order: 1 })
      .limit(limit + 1)
      .select(shown)
      .lean<Stored<Standard>[]>();
    const items = found.slice(0, limit).map((stored) => fromStored<Standard>(stored));
    const end = items.at(-1);
    return found.length > limit && end !== undefined ? { items, next: end.id } : { items };
  }
}

function toDocument(standard: Standard): Document {
  return {
    ...toStored(standard),
    words: searchWords(standard),
    under: standard.parents.length === 0 ? [root] : standard.parents,
    order: `${orderKey(standard)} ${standard.id}`,
  };
}

/** Every word by its beginning, in the index of words; or the whole term as the beginning of a code. */
function meets({ words, code }: SearchTerm): QueryFilter<Document> {
  const all = { $and: words.map((word) => ({ words: startingWith(word) })) };
  return code === undefined ? all : { $or: [all, { words: startingWith(code) }] };
}

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

function changedMeanwhile() {
  return conflict(
    'framework.changed_meanwhile',
    'Somebody else imported this framework at the same time. Import it again to be sure.',
  );
}
