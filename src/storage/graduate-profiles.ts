import { Schema, type Connection } from 'mongoose';
import type { GraduateProfile } from '../domain/graduate-profile.ts';
import type { Scope } from '../domain/roles.ts';
import { fromStored, schemaOptions, toStored, type Stored } from './document.ts';

/** `organization` says the same as the id: whatever walks over a school's rows asks for it. */
type Document = Stored<GraduateProfile> & { organization: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    competencies: { type: [Object], required: true },
    learningFramework: { type: String, required: true },
    published: { type: Boolean, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1 }, { unique: true });

export type GraduateProfileStore = ReturnType<typeof createGraduateProfileStore>;

export function createGraduateProfileStore(connection: Connection) {
  const model = connection.model<Document>('GraduateProfile', schema, 'graduateProfiles');

  return { put, find, findPublished };

  async function put(
    { organization }: Scope,
    profile: Omit<GraduateProfile, 'id'>,
  ): Promise<GraduateProfile> {
    const { _id, ...changes } = toStored({ id: organization, organization, ...profile });
    const found = await model
      .findOneAndUpdate({ _id }, { $set: changes }, { upsert: true, returnDocument: 'after' })
      .lean<Document>();
    return present(found);
  }

  async function find({ organization }: Scope): Promise<GraduateProfile | undefined> {
    const found = await model.findOne({ _id: organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** For public addresses: only what the school shows to everybody. */
  async function findPublished(organization: string): Promise<GraduateProfile | undefined> {
    const found = await model.findOne({ _id: organization, published: true }).lean<Document>();
    return found === null ? undefined : present(found);
  }
}

function present({ organization: _organization, ...stored }: Document): GraduateProfile {
  return fromStored<GraduateProfile>(stored);
}
