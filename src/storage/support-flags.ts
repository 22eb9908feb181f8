import { Schema, type Connection, type Model, type QueryFilter } from 'mongoose';
import type { Scope } from '../domain/roles.ts';
import type { FlagState, LogEntry, SupportFlag } from '../domain/support-flags.ts';
import {
  fromStored,
  insertEach,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/** `active` until it is resolved; `untold` as long as the audit log has not heard of it. */
type Document = Stored<SupportFlag> & { active?: true; untold?: true };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    kind: { type: String, required: true },
    achievement: String,
    count: Number,
    previous: String,
    state: { type: String, required: true },
    raisedBy: { type: Object, required: true },
    raisedAt: { type: Date, required: true },
    owner: String,
    takenAt: Date,
    log: { type: [Object], required: true },
    resolvedAt: Date,
    resolvedBy: Object,
    resolution: String,
    outcome: String,
    active: Boolean,
    untold: Boolean,
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index({ organization: 1, state: 1, _id: -1 });
schema.index({ organization: 1, owner: 1, _id: -1 });
schema.index(
  { organization: 1, learner: 1, kind: 1, achievement: 1 },
  { unique: true, partialFilterExpression: { active: true }, name: 'one_active_flag' },
);
schema.index(
  { organization: 1, untold: 1, _id: 1 },
  { partialFilterExpression: { untold: true }, name: 'untold_flags' },
);

export interface FlagFilter {
  readonly state?: FlagState | undefined;
  readonly owner?: string | undefined;
  /** Of these learners only. */
  readonly learners?: readonly string[] | undefined;
}

export type SupportFlagStore = ReturnType<typeof createSupportFlagStore>;

export function createSupportFlagStore(connection: Connection) {
  const model = connection.model<Document>('SupportFlag', schema, 'supportFlags');

  return {
    addMany,
    find,
    list,
    listOf,
    listUntold,
    markTold,
    ...createChanges(model),
    removeOf,
    forgetOwner,
  };

  /** Where there is an active flag about the same, that one stays. Answers the ids of those that were added. */
  async function addMany(flags: readonly SupportFlag[]): Promise<ReadonlySet<string>> {
    const refused = await insertEach(
      connection.collection<Document>('supportFlags'),
      flags.map((flag) => ({ ...toStored(flag), active: true as const, untold: true as const })),
    );
    return new Set(flags.filter((_, place) => !refused.has(place)).map(({ id }) => id));
  }

  async function find({ organization }: Scope, id: string): Promise<SupportFlag | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function list(
    { organization }: Scope,
    { state, owner, learners }: FlagFilter,
    page: PageRequest,
  ): Promise<Page<SupportFlag>> {
    const filter: QueryFilter<Document> = {
      organization,
      ...(learners === undefined ? {} : { learner: { $in: [...learners] } }),
      ...(state === undefined ? {} : { state }),
      ...(owner === undefined ? {} : { owner }),
    };
    const found = await listNewest<SupportFlag & { active?: true; untold?: true }>(
      model,
      filter,
      page,
    );
    return { ...found, items: found.items.map(withoutMarks) };
  }

  /** Every flag of these learners, without the logs. */
  async function listOf(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly Omit<SupportFlag, 'log'>[]> {
    const found = await model
      .find({ organization, learner: { $in: [...learners] } })
      .select({ log: 0 })
      .lean<Document[]>();
    return found.map(present);
  }

  async function listUntold({ organization }: Scope, limit: number) {
    const found = await model
      .find({ organization, untold: true })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Document[]>();
    return found.map(present);
  }

  async function markTold({ organization }: Scope, ids: readonly string[]): Promise<void> {
    await model.updateMany({ _id: { $in: [...ids] }, organization }, { $unset: { untold: 1 } });
  }

  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }

  /** What an erased person looked after waits for somebody else; what is resolved keeps the id. */
  async function forgetOwner({ organization }: Scope, owner: string): Promise<void> {
    await model.updateMany(
      { organization, owner, active: true },
      { $set: { state: 'open' }, $unset: { owner: 1, takenAt: 1 } },
    );
  }
}

/** What happens to a flag while it is active. */
function createChanges(model: Model<Document>) {
  return { take, addToLog, resolve };

  async function take(
    { organization }: Scope,
    id: string,
    { owner, at }: { owner: string; at: Date },
  ): Promise<SupportFlag | undefined> {
    return change({ _id: id, organization, active: true }, { state: 'taken', owner, takenAt: at });
  }

  async function addToLog(
    { organization }: Scope,
    id: string,
    entry: LogEntry,
  ): Promise<SupportFlag | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, active: true },
        { $push: { log: entry } },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** With `onlyOpen` nothing happens to a flag that somebody works on. */
  async function resolve(
    { organization }: Scope,
    id: string,
    changes: Pick<SupportFlag, 'resolvedAt' | 'resolvedBy' | 'resolution' | 'outcome'>,
    { onlyOpen = false } = {},
  ): Promise<SupportFlag | undefined> {
    const open = onlyOpen ? { state: 'open' } : {};
    return change(
      { _id: id, organization, active: true, ...open } as QueryFilter<Document>,
      { ...changes, state: 'resolved' },
      { active: 1 },
    );
  }

  async function change(
    filter: QueryFilter<Document>,
    changes: Partial<SupportFlag>,
    gone: Partial<Record<'active', 1>> = {},
  ): Promise<SupportFlag | undefined> {
    const found = await model
      .findOneAndUpdate(filter, { $set: changes, $unset: gone }, { returnDocument: 'after' })
      .lean<Document>();
    return found === null ? undefined : present(found);
  }
}

function present(stored: Document): SupportFlag {
  return withoutMarks(fromStored(stored));
}

function withoutMarks({
  active: _active,
  untold: _untold,
  ...flag
}: SupportFlag & { active?: true; untold?: true }): SupportFlag {
  return flag;
}
