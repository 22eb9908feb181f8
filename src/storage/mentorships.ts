import { Schema, type Connection, type QueryFilter } from 'mongoose';
import type { Mentorship, MentorshipState } from '../domain/mentoring.ts';
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

/** `open` while it is asked for or going on; `parties` are learner and mentor. */
interface Marks {
  readonly open?: true;
  readonly parties: readonly string[];
}
type Document = Stored<Mentorship> & Marks;

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    learner: { type: String, required: true },
    mentor: { type: String, required: true },
    parties: { type: [String], required: true },
    achievement: { type: String, required: true },
    flag: String,
    state: { type: String, required: true },
    askedBy: { type: Object, required: true },
    askedAt: { type: Date, required: true },
    acceptedAt: Date,
    closedAt: Date,
    outcome: String,
    open: Boolean,
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ organization: 1, parties: 1, _id: -1 });
schema.index({ organization: 1, learner: 1, _id: -1 });
schema.index({ organization: 1, mentor: 1, open: 1, _id: -1 });
schema.index({ organization: 1, flag: 1, _id: -1 });
schema.index(
  { organization: 1, learner: 1, mentor: 1, achievement: 1 },
  { unique: true, partialFilterExpression: { open: true }, name: 'one_open_mentorship' },
);

export interface MentorshipFilter {
  readonly learner?: string | undefined;
  readonly mentor?: string | undefined;
  readonly flag?: string | undefined;
  readonly state?: MentorshipState | undefined;
  /** Of these people, on either side. */
  readonly parties?: readonly string[] | undefined;
}

export type MentorshipStore = ReturnType<typeof createMentorshipStore>;

export function createMentorshipStore(connection: Connection) {
  const model = connection.model<Document>('Mentorship', schema, 'mentorships');

  return { add, find, list, listOpenOf, isAsked, change, close, closeAllOf, removeOf };

  /** False when these two are at this already. */
  async function add(mentorship: Mentorship): Promise<boolean> {
    const { learner, mentor } = mentorship;
    try {
      await model.create({ ...toStored(mentorship), open: true, parties: [learner, mentor] });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  async function find({ organization }: Scope, id: string): Promise<Mentorship | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function list(
    { organization }: Scope,
    { parties, ...rest }: MentorshipFilter,
    page: PageRequest,
  ): Promise<Page<Mentorship>> {
    const given = Object.entries(rest).filter(([, value]) => value !== undefined);
    const filter = {
      organization,
      ...Object.fromEntries(given),
      ...(parties === undefined ? {} : { parties: { $in: [...parties] } }),
    } as QueryFilter<Document>;
    const found = await listNewest<Mentorship & Marks>(model, filter, page);
    return { ...found, items: found.items.map(withoutMarks) };
  }

  /** What these people are asked for or busy with, as mentors (or as learners). */
  async function listOpenOf(
    { organization }: Scope,
    people: readonly string[],
    side: 'mentor' | 'learner' = 'mentor',
  ): Promise<readonly Mentorship[]> {
    const found = await model
      .find({ organization, [side]: { $in: [...people] }, open: true } as QueryFilter<Document>)
      .lean<Document[]>();
    return found.map(present);
  }

  /** Whether this mentor is asked for help with this flag, or helps. */
  async function isAsked({ organization }: Scope, mentor: string, flag: string): Promise<boolean> {
    return (await model.exists({ organization, mentor, open: true, flag })) !== null;
  }

  /** Only from this state; undefined when it is another one by now. */
  async function change(
    { organization }: Scope,
    id: string,
    from: MentorshipState,
    changes: Partial<Mentorship>,
  ): Promise<Mentorship | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, state: from },
        { $set: changes },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return found === null ? undefined : present(found);
  }

  async function close(
    { organization }: Scope,
    id: string,
    changes: Pick<Mentorship, 'state' | 'closedAt' | 'outcome'>,
  ): Promise<Mentorship | undefined> {
    const found = await model
      .findOneAndUpdate(
        { _id: id, organization, open: true },
        { $set: changes, $unset: { open: 1 } },
        { returnDocument: 'after' },
      )
      .lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** Ends everything of this person, on either side. */
  async function closeAllOf({ organization }: Scope, person: string, at: Date): Promise<void> {
    await model.updateMany(
      { organization, parties: person, open: true },
      { $set: { state: 'ended', closedAt: at, outcome: 'stopped' }, $unset: { open: 1 } },
    );
  }

  async function removeOf({ organization }: Scope, person: string): Promise<void> {
    await model.deleteMany({ organization, parties: person });
  }
}

function present(stored: Document): Mentorship {
  return withoutMarks(fromStored(stored));
}

function withoutMarks({ open: _open, parties: _parties, ...rest }: Mentorship & Marks): Mentorship {
  return rest;
}
