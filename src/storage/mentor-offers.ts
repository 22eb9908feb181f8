import { Schema, type Connection } from 'mongoose';
import type { MentorOffer } from '../domain/mentoring.ts';
import type { Scope } from '../domain/roles.ts';
import { fromStored, isDuplicate, schemaOptions, toStored, type Stored } from './document.ts';

type Document = Stored<MentorOffer>;

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    person: { type: String, required: true },
    achievement: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, person: 1, achievement: 1 }, { unique: true });
schema.index({ organization: 1, achievement: 1, _id: 1 });

export type MentorOfferStore = ReturnType<typeof createMentorOfferStore>;

export function createMentorOfferStore(connection: Connection) {
  const model = connection.model<Document>('MentorOffer', schema, 'mentorOffers');

  return { add, find, listOf, listFor, hasAny, remove, removeOf };

  /** False when this person offers the same already. */
  async function add(offer: MentorOffer): Promise<boolean> {
    try {
      await model.create(toStored(offer));
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function find(
    { organization }: Scope,
    person: string,
    achievement: string,
  ): Promise<MentorOffer | undefined> {
    const found = await model.findOne({ organization, person, achievement }).lean<Document>();
    return found === null ? undefined : fromStored<MentorOffer>(found);
  }

  async function listOf({ organization }: Scope, person: string): Promise<readonly MentorOffer[]> {
    const found = await model.find({ organization, person }).lean<Document[]>();
    return found.map((stored) => fromStored<MentorOffer>(stored));
  }

  async function hasAny({ organization }: Scope): Promise<boolean> {
    return (await model.exists({ organization })) !== null;
  }

  /** Who offers to help with this, longest offering first. */
  async function listFor(
    { organization }: Scope,
    achievement: string,
    limit: number,
  ): Promise<readonly MentorOffer[]> {
    const found = await model
      .find({ organization, achievement })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Document[]>();
    return found.map((stored) => fromStored<MentorOffer>(stored));
  }

  async function remove(
    { organization }: Scope,
    person: string,
    achievement: string,
  ): Promise<boolean> {
    const { deletedCount } = await model.deleteOne({ organization, person, achievement });
    return deletedCount === 1;
  }

  async function removeOf({ organization }: Scope, person: string): Promise<void> {
    await model.deleteMany({ organization, person });
  }
}
