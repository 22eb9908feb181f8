import { Schema, type Connection } from 'mongoose';
import { defaultPolicy, type Organization } from '../domain/organizations.ts';
import type { VocabularyChanges } from '../domain/vocabulary.ts';
import { fromStored, isDuplicate, schemaOptions, toStored, type Stored } from './document.ts';

/**
 * `founding` is set on the organization that the first start makes, so that two processes cannot both make one;
 * `formerVocabulary` is what a migration may have to go back to; `restoredAt` is when a backup was made this store.
 */
type Document = Stored<Organization> & {
  founding?: true;
  formerVocabulary?: unknown;
  restoredAt?: Date;
};

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    description: String,
    url: String,
    email: String,
    vocabulary: { type: Object, required: true },
    formerVocabulary: Object,
    languages: { type: [String], default: undefined },
    masteryPolicy: Object,
    policy: { type: Object, required: true },
    createdAt: { type: Date, required: true },
    founding: Boolean,
    restoredAt: Date,
  },
  schemaOptions,
);
schema.index(
  { founding: 1 },
  { unique: true, partialFilterExpression: { founding: true }, name: 'one_founding_organization' },
);

export type OrganizationUpdate = Partial<
  Omit<Organization, 'id' | 'createdAt' | 'policy' | 'vocabulary' | 'masteryPolicy'>
> & {
  readonly policy?: Partial<Organization['policy']>;
  readonly vocabulary?: VocabularyChanges;
  /** null takes the text of a language away. */
  readonly masteryPolicy?: Readonly<Record<string, string | null>>;
};

export type OrganizationStore = ReturnType<typeof createOrganizationStore>;

export function createOrganizationStore(connection: Connection) {
  const model = connection.model<Document>('Organization', schema, 'organizations');

  return { addFounding, find, update, list, markRestored, findRestored };

  /** Adds the first organization; false when there is one already. */
  async function addFounding(organization: Organization): Promise<boolean> {
    try {
      await model.create({ ...toStored(organization), founding: true });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function find(id: string): Promise<Organization | undefined> {
    const found = await model.findById(id).lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function update(
    id: string,
    { policy = {}, vocabulary = {}, masteryPolicy = {}, ...changes }: OrganizationUpdate,
  ): Promise<Organization | undefined> {
    // Rule by rule, word by word: two people may change different ones at once.
    const places = {
      ...below('policy', policy),
      ...below('masteryPolicy', masteryPolicy),
      ...vocabularyPlaces(vocabulary),
    };
    const taken = Object.entries(places).filter(([, value]) => value === null);
    const given = Object.entries(places).filter(([, value]) => value !== null);
    const found = await model
      .findByIdAndUpdate(
        id,
        {
          $set: { ...changes, ...Object.fromEntries(given) },
          $unset: Object.fromEntries(taken.map(([place]) => [place, 1])),
        },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function list(): Promise<readonly Organization[]> {
    const found = await model.find().sort({ _id: 1 }).lean<Document[]>();
    return found.map(present);
  }

  async function markRestored(restoredAt: Date): Promise<void> {
    await model.updateMany({}, { $set: { restoredAt } });
  }

  /** When it was last brought back from a backup. */
  async function findRestored(id: string): Promise<Date | undefined> {
    const found = await model
      .findById(id)
      .select({ restoredAt: 1 })
      .lean<Pick<Document, 'restoredAt'>>();
    return found?.restoredAt;
  }
}

/** Values by their places in the document. */
function below(place: string, values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [`${place}.${name}`, value]),
  );
}

function vocabularyPlaces(changes: VocabularyChanges): Record<string, unknown> {
  const places = Object.entries(changes).map(([language, words]) =>
    words === null ? { [`vocabulary.${language}`]: null } : below(`vocabulary.${language}`, words),
  );
  return Object.assign({}, ...places) as Record<string, unknown>;
}

/** A school that was founded before a rule was thought of has the default. */
function present(document: Document): Organization {
  const {
    founding: _founding,
    formerVocabulary: _former,
    restoredAt: _restored,
    ...stored
  } = document;
  const organization = fromStored<Organization>(stored);
  return { ...organization, policy: { ...defaultPolicy, ...organization.policy } };
}
