import { Schema, type Connection, type Model } from 'mongoose';
import type { Award, Issuance, IssuanceState } from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import {
  fromStored,
  insertEach,
  isDuplicate,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/**
 * The award is also the outbox of its issuance: `due` says when somebody should look at it again, `unsigned` is the
 * credential as it will be signed. Both go when it is issued.
 */
export type AwardDocument = Stored<Award> & { due?: Date; unsigned?: string };

const issuanceSchema = new Schema<Issuance>(
  {
    state: { type: String, required: true },
    attempts: { type: Number, required: true },
    credential: { type: String, required: true },
    keys: { type: Object, required: true },
    status: { type: Object, required: true },
    requestedAt: { type: Date, required: true },
    issuedAt: Date,
    error: Object,
  },
  { ...schemaOptions, _id: false },
);

const schema = new Schema<AwardDocument>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    achievement: { type: String, required: true },
    version: { type: Number, required: true },
    source: { type: Object, required: true },
    awardedBy: { type: String, required: true },
    awardedAt: { type: Date, required: true },
    narrative: String,
    evidence: { type: [Object], required: true },
    results: { type: [Object], required: true },
    state: { type: String, required: true },
    issuance: { type: issuanceSchema, required: true },
    due: Date,
    unsigned: String,
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index({ organization: 1, 'issuance.state': 1, _id: -1 });
schema.index(
  { 'issuance.state': 1 },
  { partialFilterExpression: { 'issuance.state': 'failed' }, name: 'failed_issuances' },
);
schema.index(
  { organization: 1, learner: 1, achievement: 1 },
  { unique: true, partialFilterExpression: { state: 'live' }, name: 'one_live_award' },
);
schema.index({ due: 1 }, { partialFilterExpression: { due: { $exists: true } } });

/** One collection, two stores: what was awarded (here) and the way to its credential (`issuances`). */
export function awardModel(connection: Connection): Model<AwardDocument> {
  if (!connection.modelNames().includes('Award'))
    connection.model<AwardDocument>('Award', schema, 'awards');
  return connection.model<AwardDocument>('Award');
}

/** Which award a learner holds an achievement by, and where it came from. */
export type LiveAward = Pick<Award, 'id' | 'learner' | 'achievement' | 'source' | 'awardedBy'>;

export type AwardStore = ReturnType<typeof createAwardStore>;

export function createAwardStore(connection: Connection) {
  const model = awardModel(connection);

  return { add, addMany, find, findLive, listLive, list, markRevoked, removeOf };

  /** False when the learner holds this achievement already, or this very award was added before. */
  async function add(award: Award, unsigned: string): Promise<boolean> {
    try {
      await model.create(toDocument(award, unsigned));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** The same for many in one command; answers the ids of those that were added. */
  async function addMany(
    drafts: readonly { readonly award: Award; readonly unsigned: string }[],
  ): Promise<ReadonlySet<string>> {
    const refused = await insertEach(
      connection.collection<AwardDocument>('awards'),
      drafts.map(({ award, unsigned }) => toDocument(award, unsigned)),
    );
    return new Set(drafts.flatMap(({ award }, place) => (refused.has(place) ? [] : [award.id])));
  }

  async function find({ organization }: Scope, id: string): Promise<Award | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<AwardDocument>();
    return found === null ? undefined : presentAward(found);
  }

  async function findLive({ organization }: Scope, learner: string, achievement: string) {
    const found = await model
      .findOne({ organization, learner, achievement, state: 'live' })
      .lean<AwardDocument>();
    return found === null ? undefined : presentAward(found);
  }

  /** Live awards of these learners for these achievements. */
  async function listLive(
    { organization }: Scope,
    { learners, achievements }: { learners: readonly string[]; achievements: readonly string[] },
  ): Promise<readonly LiveAward[]> {
    const found = await model
      .find({
        organization,
        learner: { $in: [...learners] },
        achievement: { $in: [...achievements] },
        state: 'live',
      })
      .select({ learner: 1, achievement: 1, source: 1, awardedBy: 1 })
      .lean<Stored<LiveAward>[]>();
    return found.map((stored) => fromStored<LiveAward>(stored));
  }

  /** The learner may earn the achievement again. */
  async function markRevoked({ organization }: Scope, id: string): Promise<void> {
    await model.updateOne({ _id: id, organization }, { $set: { state: 'revoked' } });
  }

  /** Everything that was awarded to this learner, signed or not. */
  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }

  async function list(
    { organization }: Scope,
    filter: { learner?: string | undefined; state?: IssuanceState | undefined },
    page: PageRequest,
  ): Promise<Page<Award>> {
    const learner = filter.learner === undefined ? {} : { learner: filter.learner };
    const state = filter.state === undefined ? {} : { 'issuance.state': filter.state };
    const found = await listNewest<Award & { due?: Date; unsigned?: string }>(
      model,
      { organization, ...learner, ...state },
      page,
    );
    return {
      ...found,
      items: found.items.map(({ due: _due, unsigned: _unsigned, ...award }) => award),
    };
  }
}

function toDocument(award: Award, unsigned: string): AwardDocument {
  return { ...toStored(award), due: award.issuance.requestedAt, unsigned };
}

export function presentAward({ due: _due, unsigned: _unsigned, ...stored }: AwardDocument): Award {
  return fromStored<Award>(stored);
}
