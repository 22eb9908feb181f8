import { Schema, type Connection } from 'mongoose';
import type { Scope } from '../domain/roles.ts';
import { newSecret } from '../shared/ids.ts';
import { isDuplicate, schemaOptions } from './document.ts';

/** Whoever has the token may stop this person's letters, and nothing else. */
export interface LetterLink {
  readonly organization: string;
  readonly person: string;
}

type Document = LetterLink & { _id: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    person: { type: String, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, person: 1 }, { unique: true });

export type LetterLinkStore = ReturnType<typeof createLetterLinkStore>;

export function createLetterLinkStore(connection: Connection) {
  const model = connection.model<Document>('LetterLink', schema, 'letterLinks');

  return { ensure, find, removeOf };

  /** The token of this person: the same in every letter, so that an old one still serves. */
  async function ensure({ organization }: Scope, person: string): Promise<string> {
    const known = await findToken(organization, person);
    if (known !== undefined) return known;
    const token = newSecret();
    try {
      await model.create({ _id: token, organization, person });
      return token;
    } catch (error) {
      const other = isDuplicate(error) ? await findToken(organization, person) : undefined;
      if (other === undefined) throw error;
      return other;
    }
  }

  async function findToken(organization: string, person: string): Promise<string | undefined> {
    const found = await model.findOne({ organization, person }).lean<Document>();
    return found?._id;
  }

  async function find(token: string): Promise<LetterLink | undefined> {
    const found = await model.findOne({ _id: token }).lean<Document>();
    return found === null ? undefined : { organization: found.organization, person: found.person };
  }

  async function removeOf({ organization }: Scope, person: string): Promise<void> {
    await model.deleteOne({ organization, person });
  }
}
