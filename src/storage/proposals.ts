import { Schema, type Connection } from 'mongoose';
import type { Proposal } from '../domain/proposals.ts';
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

const schema = new Schema<Stored<Proposal>>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    kind: { type: String, required: true },
    title: { type: String, required: true },
    text: { type: String, required: true },
    about: { type: [String], required: true },
    state: { type: String, required: true },
    outcome: Object,
    history: { type: [Object], required: true },
    revision: { type: Number, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index({ organization: 1, state: 1, _id: -1 });

export interface ProposalFilter {
  readonly learner?: string | undefined;
  readonly state?: Proposal['state'] | undefined;
}

export type ProposalStore = ReturnType<typeof createProposalStore>;

export function createProposalStore(connection: Connection) {
  const model = connection.model<Stored<Proposal>>('Proposal', schema, 'proposals');

  return { add, find, replace, list, removeOf };

  async function add(proposal: Proposal): Promise<void> {
    await model.create(toStored(proposal));
  }

  async function find({ organization }: Scope, id: string): Promise<Proposal | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Stored<Proposal>>();
    return found === null ? undefined : fromStored<Proposal>(found);
  }

  /** Writes it over the one that it was made from; false when that has changed meanwhile. */
  async function replace({ organization }: Scope, proposal: Proposal): Promise<boolean> {
    const { _id, ...document } = toStored(proposal);
    const from = { _id, organization, revision: proposal.revision - 1 };
    const { matchedCount } = await model.replaceOne(from, document);
    return matchedCount === 1;
  }

  async function list(
    { organization }: Scope,
    { learner, state }: ProposalFilter,
    page: PageRequest,
  ): Promise<Page<Proposal>> {
    return listNewest<Proposal>(
      model,
      {
        organization,
        ...(learner === undefined ? {} : { learner }),
        ...(state === undefined ? {} : { state }),
      },
      page,
    );
  }

  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }
}
