import { Schema, type Connection, type Model } from 'mongoose';
import type { Award, Issuance } from '../domain/awards.ts';
import { fromStored, schemaOptions, type Stored } from './document.ts';

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
