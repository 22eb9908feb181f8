import { Schema, type Connection, type Model } from 'mongoose';
import type { Credential } from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import type { CredentialState } from '../domain/status.ts';
import {
  batchSize,
  fromStored,
  inBatches,
  isDuplicate,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/** `statusVersion`: of the suspension list when `state` was taken from it, so that an older answer comes too late. */
type CredentialDocument = Stored<Credential> & { statusVersion: number };

const schema = new Schema<CredentialDocument>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    award: { type: String, required: true },
    learner: { type: String, required: true },
    achievement: { type: String, required: true },
    version: { type: Number, required: true },
    document: { type: String, required: true },
    jwt: { type: String, required: true },
    visibility: { type: String, required: true },
    state: { type: String, required: true },
    statusVersion: { type: Number, required: true },
    issuedAt: { type: Date, required: true },
  },
  schemaOptions,
);
// Lists follow the awards, whose ids sort by time; a credential's own id tells nothing.
schema.index({ organization: 1, award: -1 }, { unique: true });
schema.index({ organization: 1, learner: 1, award: -1 });
schema.index({ organization: 1, achievement: 1, award: -1 });
schema.index({ organization: 1, state: 1, award: -1 });

export interface CredentialFilter {
  readonly learner?: string | undefined;
  readonly achievement?: string | undefined;
  readonly state?: CredentialState | undefined;
}

export type CredentialStore = ReturnType<typeof createCredentialStore>;

export function createCredentialStore(connection: Connection) {
  const model = connection.model<CredentialDocument>('Credential', schema, 'credentials');

  return {
    add,
    discard,
    find,
    findMany: (scope: Scope, ids: readonly string[]) => findMany(model, scope, ids),
    findPublic,
    list,
    setVisibility,
    listPublicOf,
    removeOf,
    ...createMarks(model),
  };

  /** Safe to repeat: the first one stays, byte for byte, and a second is answered with false. */
  async function add(credential: Credential): Promise<boolean> {
    try {
      await model.create({ ...toStored(credential), statusVersion: 0 });
      return true;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return false;
    }
  }

  /** Only for what was never issued: its issuance was cut short. Whatever else is stored there by now stays. */
  async function discard(
    { organization }: Scope,
    { id, document }: Pick<Credential, 'id' | 'document'>,
  ): Promise<void> {
    await model.deleteOne({ _id: id, organization, document });
  }

  async function find({ organization }: Scope, id: string): Promise<Credential | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<CredentialDocument>();
    return found === null ? undefined : present(found);
  }

  /** For strangers: only what its learner made public. */
  async function findPublic(id: string): Promise<Credential | undefined> {
    const found = await model.findOne({ _id: id, visibility: 'public' }).lean<CredentialDocument>();
    return found === null ? undefined : present(found);
  }

  /** Newest award first; the cursor is an award's id. */
  async function list(
    { organization }: Scope,
    filter: CredentialFilter,
    { limit, cursor }: PageRequest,
  ): Promise<Page<Credential>> {
    const found = await model
      .find({
        organization,
        ...(filter.learner === undefined ? {} : { learner: filter.learner }),
        ...(filter.achievement === undefined ? {} : { achievement: filter.achievement }),
        ...(filter.state === undefined ? {} : { state: filter.state }),
        ...(cursor === undefined ? {} : { award: { $lt: cursor } }),
      })
      .sort({ award: -1 })
      .limit(limit + 1)
      .lean<CredentialDocument[]>();
    const items = found.slice(0, limit).map(present);
    const last = items.at(-1);
    return found.length > limit && last !== undefined ? { items, next: last.award } : { items };
  }

  async function setVisibility(
    { organization }: Scope,
    id: string,
    visibility: Credential['visibility'],
  ): Promise<Credential | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization },
        { $set: { visibility } },
        { returnDocument: 'after' },
      )
      .lean<CredentialDocument>();
    return found === null ? undefined : present(found);
  }

  /** Ids. */
  async function listPublicOf({ organization }: Scope, learner: string): Promise<string[]> {
    const found = await model
      .find({ organization, learner, visibility: 'public' })
      .select({ _id: 1 })
      .lean<Pick<CredentialDocument, '_id'>[]>();
    return found.map(({ _id }) => _id);
  }

  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }
}

/** What the status lists say, as it is known here. */
function createMarks(model: Model<CredentialDocument>) {
  return { markRevoked, markSuspended, eachRevoked };

  async function markRevoked({ organization }: Scope, id: string): Promise<void> {
    await model.updateOne({ _id: id, organization }, { $set: { state: 'revoked' } });
  }

  /** What the suspension list says in this version of it, unless something newer is known. */
  async function markSuspended(
    { organization }: Scope,
    id: string,
    { suspended, version }: { suspended: boolean; version: number },
  ): Promise<void> {
    await model.updateOne(
      { _id: id, organization, state: { $ne: 'revoked' }, statusVersion: { $lt: version } },
      { $set: { state: suspended ? 'suspended' : 'valid', statusVersion: version } },
    );
  }

  /** Ids, some at a time, without holding them all. */
  function eachRevoked({ organization }: Scope): AsyncIterable<readonly string[]> {
    const found = model
      .find({ organization, state: 'revoked' })
      .sort({ award: -1 })
      .select({ _id: 1 })
      .lean<Pick<CredentialDocument, '_id'>[]>()
      .cursor({ batchSize });
    return inBatches(found, ({ _id }) => _id);
  }
}

async function findMany(
  model: Model<CredentialDocument>,
  { organization }: Scope,
  ids: readonly string[],
): Promise<readonly Credential[]> {
  const found = await model
    .find({ _id: { $in: [...ids] }, organization })
    .lean<CredentialDocument[]>();
  return found.map(present);
}

function present({ statusVersion: _version, ...stored }: CredentialDocument): Credential {
  return fromStored<Credential>(stored);
}
