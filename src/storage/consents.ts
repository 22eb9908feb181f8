import { Schema, type Connection } from 'mongoose';
import type { Consent, ConsentScope } from '../domain/consents.ts';
import type { Scope } from '../domain/roles.ts';
import {
  fromStored,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/** Never changed but for `due`: what rested on a consent that was taken back is not closed yet. */
type Document = Stored<Consent> & { due?: true };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    scope: { type: String, required: true },
    act: { type: String, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
    textVersion: { type: String, required: true },
    text: String,
    due: Boolean,
  },
  schemaOptions,
);
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, scope: 1, _id: -1 });
schema.index({ due: 1, _id: 1 }, { partialFilterExpression: { due: true }, name: 'due_consents' });

export type ConsentStore = ReturnType<typeof createConsentStore>;

export function createConsentStore(connection: Connection) {
  const model = connection.model<Document>('Consent', schema, 'consents');

  return { add, list, listFor, listDue, finish, forgetTexts };

  async function add(consent: Consent): Promise<void> {
    const due = consent.act === 'withdrawn' ? { due: true as const } : {};
    await model.create({ ...toStored(consent), ...due });
  }

  async function list(
    { organization }: Scope,
    learner: string,
    page: PageRequest,
  ): Promise<Page<Consent>> {
    const found = await listNewest<Consent & { due?: true }>(
      model,
      { organization, learner },
      page,
    );
    return { ...found, items: found.items.map(withoutMark) };
  }

  /** Everything that was said about this for these learners. */
  async function listFor(
    { organization }: Scope,
    learners: readonly string[],
    scope: ConsentScope,
  ): Promise<readonly Pick<Consent, 'id' | 'learner' | 'scope' | 'act' | 'textVersion'>[]> {
    const found = await model
      .find({ organization, learner: { $in: [...learners] }, scope })
      .select({ text: 0 })
      .lean<Document[]>();
    return found.map(present);
  }

  /** Of all organizations. */
  async function listDue(limit: number): Promise<readonly Consent[]> {
    const found = await model.find({ due: true }).sort({ _id: 1 }).limit(limit).lean<Document[]>();
    return found.map(present);
  }

  async function finish({ organization }: Scope, id: string): Promise<void> {
    await model.updateOne({ _id: id, organization }, { $unset: { due: 1 } });
  }

  /** What is left says who agreed to what and when, in ids. */
  async function forgetTexts({ organization }: Scope, learner: string): Promise<void> {
    await model.updateMany({ organization, learner }, { $unset: { text: 1 } });
  }
}

function present(stored: Document): Consent {
  return withoutMark(fromStored(stored));
}

function withoutMark({ due: _due, ...consent }: Consent & { due?: true }): Consent {
  return consent;
}
