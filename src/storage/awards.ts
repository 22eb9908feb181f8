import { Schema, type Connection, type Model } from 'mongoose';
import type { Award, HeldAward, Issuance, IssuanceState } from '../domain/awards.ts';
import type { Scope } from '../domain/roles.ts';
import { newId } from '../shared/ids.ts';
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

/** Lies in the store beside the award and is nobody's business. */
export interface AwardMarkers {
  /** When somebody should look at its issuance again. Goes when it is issued. */
  due?: Date;
  /** The credential as it will be signed. Goes when it is issued. */
  unsigned?: string;
  /** It was issued or revoked, and the levels that it counts for are to be decided anew; a new one each time. */
  undecided?: string;
}

/** The award is also the outbox of its issuance, and of what follows for the learner's levels. */
export type AwardDocument = Stored<Award> & AwardMarkers;

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
    revokedAt: Date,
    grounds: Object,
    lostSupport: Object,
    issuance: { type: issuanceSchema, required: true },
    due: Date,
    unsigned: String,
    undecided: String,
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index({ organization: 1, awardedAt: 1 });
schema.index({ organization: 1, 'issuance.state': 1, _id: -1 });
schema.index(
  { 'issuance.state': 1 },
  { partialFilterExpression: { 'issuance.state': 'failed' }, name: 'failed_issuances' },
);
schema.index(
  { organization: 1, learner: 1, achievement: 1 },
  { unique: true, partialFilterExpression: { state: 'live' }, name: 'one_live_award' },
);
schema.index(
  { organization: 1, achievement: 1, learner: 1 },
  { partialFilterExpression: { state: 'live' }, name: 'live_by_achievement' },
);
schema.index({ undecided: 1 }, { partialFilterExpression: { undecided: { $exists: true } } });
schema.index(
  { organization: 1, 'lostSupport.open': 1, _id: -1 },
  { partialFilterExpression: { 'lostSupport.open': true }, name: 'lost_support' },
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

  return {
    add,
    addMany,
    find,
    findLive,
    listLive,
    listHeld,
    listHeldOf,
    list,
    markRevoked,
    removeOf,
  };

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

  /** What each of these learners holds; with `asOf`, what they held then. Who holds nothing is left out. */
  async function listHeld(
    { organization }: Scope,
    learners: readonly string[],
    { asOf }: { asOf?: Date | undefined } = {},
  ): Promise<HeldByLearner> {
    const when = asOf === undefined ? { state: 'live' as const } : { awardedAt: { $lte: asOf } };
    const found = await model
      .find({ organization, learner: { $in: [...learners] }, ...when })
      .select(heldFields)
      .lean<HeldDocument[]>();
    return groupHeld(found.filter((document) => asOf === undefined || !wasRevoked(document, asOf)));
  }

  /** What they hold of these: of learners who follow each other by id, so that nothing else is read. */
  async function listHeldOf(
    { organization }: Scope,
    learners: readonly string[],
    achievements: ReadonlySet<string>,
  ): Promise<HeldByLearner> {
    const [first, last] = [learners.at(0), learners.at(-1)];
    if (first === undefined || last === undefined) return new Map();
    const found = await model
      .find({
        organization,
        achievement: { $in: [...achievements] },
        learner: { $gte: first, $lte: last },
        state: 'live',
      })
      .select(heldFields)
      .lean<HeldDocument[]>();
    return groupHeld(found);
  }

  /** The learner may earn the achievement again. The first time stands. */
  async function markRevoked({ organization }: Scope, id: string, at: Date): Promise<void> {
    await model.updateOne(
      { _id: id, organization, state: { $ne: 'revoked' } },
      { $set: { state: 'revoked', revokedAt: at, undecided: newId() } },
    );
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
    const found = await listNewest<Award & AwardMarkers>(
      model,
      { organization, ...learner, ...state },
      page,
    );
    return { ...found, items: found.items.map(withoutMarkers) };
  }
}

function toDocument(award: Award, unsigned: string): AwardDocument {
  return { ...toStored(award), due: award.issuance.requestedAt, unsigned };
}

export function presentAward(stored: AwardDocument): Award {
  return withoutMarkers(fromStored<Award & AwardMarkers>(stored));
}

export function withoutMarkers({
  due: _due,
  unsigned: _unsigned,
  undecided: _undecided,
  ...award
}: Award & AwardMarkers): Award {
  return award;
}

const heldFields = {
  learner: 1,
  achievement: 1,
  version: 1,
  awardedAt: 1,
  state: 1,
  revokedAt: 1,
  'issuance.credential': 1,
  'issuance.state': 1,
} as const;

type HeldByLearner = ReadonlyMap<string, readonly HeldAward[]>;

type HeldDocument = Pick<
  AwardDocument,
  '_id' | 'learner' | 'achievement' | 'version' | 'awardedAt' | 'state' | 'revokedAt'
> & { readonly issuance: Pick<Issuance, 'credential' | 'state'> };

function groupHeld(found: readonly HeldDocument[]): HeldByLearner {
  const held = new Map<string, HeldAward[]>();
  for (const document of found) {
    const own = held.get(document.learner);
    if (own === undefined) held.set(document.learner, [presentHeld(document)]);
    else own.push(presentHeld(document));
  }
  return held;
}

function wasRevoked({ state, revokedAt }: HeldDocument, at: Date): boolean {
  return state === 'revoked' && (revokedAt === undefined || revokedAt <= at);
}

function presentHeld({ _id, achievement, version, awardedAt, issuance }: HeldDocument): HeldAward {
  return {
    achievement,
    version,
    awardedAt,
    award: _id,
    credential: issuance.credential,
    issued: issuance.state === 'issued',
  };
}
