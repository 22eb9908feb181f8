import { Schema, type Connection } from 'mongoose';
import { isDue } from '../domain/reviews.ts';
import type { Scope } from '../domain/roles.ts';
import type { Submission, SubmissionState } from '../domain/submissions.ts';
import {
  fromStored,
  listNewest,
  schemaOptions,
  toStored,
  type Page,
  type PageRequest,
  type Stored,
} from './document.ts';

/** The submission is also the outbox of its reviews: `due` as long as something has to be told on. */
type Document = Stored<Submission> & { due: boolean };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    course: String,
    state: { type: String, required: true },
    round: { type: Number, required: true },
    decisions: { type: [Object], required: true },
    evidence: { type: [Object], required: true },
    earlierEvidence: { type: [Object], required: true },
    reviews: { type: [Object], required: true },
    selfAssessments: { type: [Object], default: undefined },
    audited: { type: Number, required: true },
    revision: { type: Number, required: true },
    submittedAt: Date,
    handedIn: { type: [Date], default: undefined },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    due: { type: Boolean, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index({ organization: 1, state: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, state: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, 'decisions.state': 1 });
schema.index({ organization: 1, 'reviews.at': 1 });
schema.index(
  { organization: 1, submittedAt: 1, _id: 1 },
  { partialFilterExpression: { state: 'submitted' }, name: 'review_queue' },
);
schema.index(
  { due: 1, _id: 1 },
  { partialFilterExpression: { due: true }, name: 'due_submissions' },
);

/** As much of a submission as says where its learner stands. */
export type UnfinishedWork = Pick<
  Submission,
  'id' | 'learner' | 'state' | 'round' | 'decisions' | 'reviews' | 'submittedAt'
>;

export type SubmissionStore = ReturnType<typeof createSubmissionStore>;

export function createSubmissionStore(connection: Connection) {
  const model = connection.model<Document>('Submission', schema, 'submissions');

  return { add, find, replace, list, listQueue, listUnfinished, listDue, removeOf };

  async function add(submission: Submission): Promise<void> {
    await model.create(toDocument(submission));
  }

  async function find({ organization }: Scope, id: string): Promise<Submission | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** Writes the submission over the one that it was made from; false when that has changed meanwhile. */
  async function replace({ organization }: Scope, submission: Submission): Promise<boolean> {
    const { _id, ...document } = toDocument(submission);
    const from = { _id, organization, revision: submission.revision - 1 };
    const { matchedCount } = await model.replaceOne(from, document);
    return matchedCount === 1;
  }

  async function list(
    { organization }: Scope,
    filter: { learner?: string | undefined; state?: SubmissionState | undefined },
    page: PageRequest,
  ): Promise<Page<Submission>> {
    const learner = filter.learner === undefined ? {} : { learner: filter.learner };
    const state = filter.state === undefined ? {} : { state: filter.state };
    const { items, ...rest } = await listNewest<Submission & { due: boolean }>(
      model,
      { organization, ...learner, ...state },
      page,
    );
    return { ...rest, items: items.map(({ due: _due, ...submission }) => submission) };
  }

  /** What waits for a review, longest waiting first. The cursor is the last submission of the page before. */
  async function listQueue(
    { organization }: Scope,
    { limit, cursor }: { limit: number; cursor?: { at: Date; id: string } | undefined },
  ): Promise<readonly Submission[]> {
    const after =
      cursor === undefined
        ? {}
        : {
            submittedAt: { $gte: cursor.at },
            $or: [
              { submittedAt: { $gt: cursor.at } },
              { submittedAt: cursor.at, _id: { $gt: cursor.id } },
            ],
          };
    const found = await model
      .find({ organization, state: 'submitted', ...after })
      .sort({ submittedAt: 1, _id: 1 })
      .limit(limit)
      .lean<Document[]>();
    return found.map(present);
  }

  /** What these learners handed in and do not have approved in all of it, without the evidence. */
  async function listUnfinished(
    { organization }: Scope,
    learners: readonly string[],
  ): Promise<readonly UnfinishedWork[]> {
    const found = await model
      .find({
        organization,
        learner: { $in: [...learners] },
        'decisions.state': { $in: ['pending', 'revise', 'declined'] },
      })
      .select({ learner: 1, state: 1, round: 1, decisions: 1, reviews: 1, submittedAt: 1 })
      .lean<Stored<UnfinishedWork>[]>();
    return found.map((stored) => fromStored<UnfinishedWork>(stored));
  }

  async function removeOf({ organization }: Scope, learner: string): Promise<void> {
    await model.deleteMany({ organization, learner });
  }

  /** Submissions of all organizations, by id, whose reviews were not told on: somebody crashed before they could. */
  async function listDue(limit: number, after = ''): Promise<readonly Submission[]> {
    const found = await model
      .find({ due: true, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Document[]>();
    return found.map(present);
  }
}

function toDocument(submission: Submission): Document {
  return { ...toStored(submission), due: isDue(submission) };
}

function present({ due: _due, ...stored }: Document): Submission {
  return fromStored<Submission>(stored);
}
