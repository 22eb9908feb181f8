import { Schema, type Connection } from 'mongoose';
import { defaultPolicy, type Organization } from '../domain/organizations.ts';
import { fromStored, isDuplicate, schemaOptions, toStored, type Stored } from './document.ts';

/** `founding` is set on the organization that the first start makes, so that two processes cannot both make one. */
type Document = Stored<Organization> & { founding?: true };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    description: String,
    url: String,
    email: String,
    vocabulary: { type: Object, required: true },
    policy: { type: Object, required: true },
    createdAt: { type: Date, required: true },
    founding: Boolean,
  },
  schemaOptions,
);
schema.index(
  { founding: 1 },
  { unique: true, partialFilterExpression: { founding: true }, name: 'one_founding_organization' },
);

export type OrganizationUpdate = Partial<Omit<Organization, 'id' | 'createdAt' | 'policy'>> & {
  readonly policy?: Partial<Organization['policy']>;
};

export type OrganizationStore = ReturnType<typeof createOrganizationStore>;

export function createOrganizationStore(connection: Connection) {
  const model = connection.model<Document>('Organization', schema, 'organizations');

  return { addFounding, find, update, list };

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
    { policy = {}, ...changes }: OrganizationUpdate,
  ): Promise<Organization | undefined> {
    // Rule by rule: two people may change different rules at once.
    const rules = Object.entries(policy).map(([rule, value]) => [`policy.${rule}`, value] as const);
    const found = await model
      .findByIdAndUpdate(
        id,
        { $set: { ...changes, ...Object.fromEntries(rules) } },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function list(): Promise<readonly Organization[]> {
    const found = await model.find().sort({ _id: 1 }).lean<Document[]>();
    return found.map(present);
  }
}

/** A school that was founded before a rule was thought of has the default. */
function present({ founding: _founding, ...stored }: Document): Organization {
  const organization = fromStored<Organization>(stored);
  return { ...organization, policy: { ...defaultPolicy, ...organization.policy } };
}
