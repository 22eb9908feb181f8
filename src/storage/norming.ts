import { Schema, type Connection } from 'mongoose';
import type { NormingRating, NormingSession } from '../domain/calibration.ts';
import type { Scope } from '../domain/roles.ts';
import {
  fromStored,
  isDuplicate,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

const sessionSchema = new Schema<Stored<NormingSession>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    achievement: { type: String, required: true },
    title: { type: String, required: true },
    anchors: { type: [Object], required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
sessionSchema.index({ organization: 1, _id: -1 });
sessionSchema.index({ organization: 1, 'anchors.learner': 1 });

const ratingSchema = new Schema<Stored<NormingRating>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    session: { type: String, required: true },
    anchor: { type: String, required: true },
    reader: { type: String, required: true },
    judgements: { type: [Object], required: true },
    at: { type: Date, required: true },
  },
  schemaOptions,
);
ratingSchema.index({ organization: 1, session: 1, anchor: 1, reader: 1 }, { unique: true });

export type NormingStore = ReturnType<typeof createNormingStore>;

export function createNormingStore(connection: Connection) {
  const sessions = connection.model<Stored<NormingSession>>(
    'NormingSession',
    sessionSchema,
    'norming-sessions',
  );
  const ratings = connection.model<Stored<NormingRating>>(
    'NormingRating',
    ratingSchema,
    'norming-ratings',
  );

  return { add, find, list, addRating, listRatings, removeOf };

  async function add(session: NormingSession): Promise<void> {
    await sessions.create(toStored(session));
  }

  async function find({ organization }: Scope, id: string): Promise<NormingSession | undefined> {
    const found = await sessions.findOne({ _id: id, organization }).lean<Stored<NormingSession>>();
    return found === null ? undefined : fromStored<NormingSession>(found);
  }

  async function list({ organization }: Scope, page: PageRequest): Promise<Page<NormingSession>> {
    return listNewest<NormingSession>(sessions, { organization }, page);
  }

  /** False when this reader has judged this anchor. */
  async function addRating(rating: NormingRating): Promise<boolean> {
    try {
      await ratings.create(toStored(rating));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function listRatings(
    { organization }: Scope,
    session: string,
  ): Promise<readonly NormingRating[]> {
    const found = await ratings.find({ organization, session }).lean<Stored<NormingRating>[]>();
    return found.map((stored) => fromStored<NormingRating>(stored));
  }

  /** Their work is no anchor any more. */
  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await sessions.updateMany(
      { organization, 'anchors.learner': learner },
      { $pull: { anchors: { learner } } },
    );
  }
}
