import { Schema, type Connection, type Model } from 'mongoose';
import {
  isFull,
  type StatusChange,
  type StatusEntry,
  type StatusList,
  type StatusListContent,
  type StatusPurpose,
} from '../domain/status.ts';
import type { Scope } from '../domain/roles.ts';
import { newRandomId } from '../shared/ids.ts';
import { fromStored, insertEach, isDuplicate, schemaOptions, type Stored } from './document.ts';

/**
 * One document holds what is set, its version, and the decisions that others have to be told of (until `due` by whoever
 * made them, from then on by anybody), so that no crash comes between them.
 */
type ListDocument = Omit<Stored<StatusListContent>, 'updatedAt'> & {
  open: boolean;
  /** `updatedAt` less the version, in milliseconds: with it two versions never have one time, whatever the clock says. */
  epoch: number;
  due?: Date;
};

/** Without what is on it, which may be long. */
type Head = Omit<ListDocument, 'bits' | 'changes'>;
const headOnly = { bits: 0, changes: 0 };

const listSchema = new Schema<ListDocument>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    purpose: { type: String, required: true },
    size: { type: Number, required: true },
    allocated: { type: Number, required: true },
    version: { type: Number, required: true },
    epoch: { type: Number, required: true },
    open: { type: Boolean, required: true },
    bits: { type: [Number], required: true },
    changes: { type: [Object], required: true },
    due: Date,
  },
  schemaOptions,
);
listSchema.index(
  { organization: 1, purpose: 1 },
  { unique: true, partialFilterExpression: { open: true }, name: 'one_open_list' },
);
listSchema.index({ due: 1 }, { partialFilterExpression: { due: { $exists: true } } });

const entrySchema = new Schema<StatusEntry>(
  {
    list: { type: String, required: true },
    index: { type: Number, required: true },
    purpose: { type: String, required: true },
    credential: { type: String, required: true },
    organization: { type: String, required: true },
  },
  schemaOptions,
);
entrySchema.index({ list: 1, index: 1 }, { unique: true });
entrySchema.index({ credential: 1, purpose: 1 }, { unique: true });

export type StatusListStore = ReturnType<typeof createStatusListStore>;

export function createStatusListStore(connection: Connection) {
  const lists = connection.model<ListDocument>('StatusList', listSchema, 'statusLists');

  return {
    find,
    read,
    ...createEntryStore(connection, lists),
    openList,
    change,
    settled,
    listDue,
    renew,
  };

  async function find(id: string): Promise<StatusList | undefined> {
    const found = await lists.findById(id).select(headOnly).lean<Head>();
    return found === null ? undefined : present(found);
  }

  /** Version and content as they belong together. */
  async function read(id: string): Promise<StatusListContent | undefined> {
    const found = await lists.findById(id).lean<ListDocument>();
    return found === null ? undefined : presentContent(found);
  }

  /** The list that new credentials go on; made when there is none. */
  async function openList(
    { organization }: Scope,
    purpose: StatusPurpose,
    size: number,
    now: Date,
  ): Promise<StatusList> {
    for (;;) {
      const found = await lists
        .findOne({ organization, purpose, open: true })
        .select(headOnly)
        .lean<Head>();
      if (found !== null) return present(found);
      await ignoreDuplicate(
        lists.create({
          _id: newRandomId(),
          organization,
          purpose,
          size,
          allocated: 0,
          version: 1,
          epoch: now.getTime() - 1,
          open: true,
          bits: [],
          changes: [],
        }),
      );
    }
  }

  /**
   * Sets or clears the bit, moves the version on and notes the change, in one update. False when it was so already.
   * No clearing reaches a list of revocations.
   */
  async function change(
    { list, organization }: StatusEntry,
    made: StatusChange,
    { now, due }: { now: Date; due: Date },
  ): Promise<boolean> {
    const { index, set } = made;
    const before = await lists
      .findOne({ _id: list, organization })
      .select({ version: 1 })
      .lean<Pick<ListDocument, 'version'>>();
    const filter = set ? { bits: { $ne: index } } : { bits: index, purpose: 'suspension' as const };
    const { modifiedCount } = await lists.updateOne(
      { _id: list, organization, ...filter },
      {
        ...toUpdate(made),
        $inc: { version: 1 },
        $max: { epoch: now.getTime() - (before?.version ?? 0) },
        $min: { due },
      },
    );
    return modifiedCount === 1;
  }

  /** Everybody was told of this change. */
  async function settled(list: string, { id }: Pick<StatusChange, 'id'>): Promise<void> {
    await lists.updateOne({ _id: list }, { $pull: { changes: { id } } });
    await lists.updateOne({ _id: list, changes: { $size: 0 } }, { $unset: { due: 1 } });
  }

  /**
   * After a restore. Versions and times of all lists go beyond everything that the world may have seen, because no list
   * changes as often as once in a millisecond. New credentials go on new lists: a place that was given away after the
   * backup is nobody else's for that.
   */
  async function renew(now: Date): Promise<number> {
    const found = lists.find().select({ version: 1, epoch: 1 }).lean<Head[]>().cursor();
    let renewed = 0;
    for await (const { _id, version, epoch } of found) {
      const next = Math.max(version + 1, now.getTime());
      const updatedAt = Math.max(epoch + version + 1, now.getTime());
      await lists.updateOne(
        { _id },
        { $set: { open: false, version: next, epoch: updatedAt - next } },
      );
      renewed += 1;
    }
    return renewed;
  }

  /** Lists of all organizations with changes that somebody should have been told of by now. */
  async function listDue(now: Date, limit: number): Promise<readonly string[]> {
    const found = await lists
      .find({ due: { $exists: true, $lte: now } })
      .sort({ due: 1 })
      .limit(limit)
      .select({ _id: 1 })
      .lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }
}

/** Which bit belongs to which credential. */
function createEntryStore(connection: Connection, lists: Model<ListDocument>) {
  const entries = connection.model<StatusEntry>('StatusEntry', entrySchema, 'statusEntries');

  return { findEntry, findEntries, reserve };

  async function findEntry(
    credential: string,
    purpose: StatusPurpose,
  ): Promise<StatusEntry | undefined> {
    return (
      (await entries.findOne({ credential, purpose }).select({ _id: 0 }).lean<StatusEntry>()) ??
      undefined
    );
  }

  async function findEntries(
    credentials: readonly string[],
    purpose: StatusPurpose,
  ): Promise<readonly StatusEntry[]> {
    return entries
      .find({ credential: { $in: [...credentials] }, purpose })
      .select({ _id: 0 })
      .lean<StatusEntry[]>();
  }

  /** Takes these indexes for these credentials; answers what went through: the others belong to somebody already. */
  async function reserve(
    list: StatusList,
    places: readonly { readonly credential: string; readonly index: number }[],
  ): Promise<readonly { readonly credential: string; readonly index: number }[]> {
    const { id, organization, purpose } = list;
    const refused = await insertEach(
      connection.collection<StatusEntry>('statusEntries'),
      places.map((place) => ({ ...place, list: id, purpose, organization })),
    );
    const taken = places.filter((_place, position) => !refused.has(position));
    const after = await lists
      .findByIdAndUpdate(id, { $inc: { allocated: taken.length } }, { returnDocument: 'after' })
      .select({ allocated: 1, size: 1 })
      .lean<Pick<ListDocument, 'allocated' | 'size'>>();
    if (after !== null && isFull(after))
      await lists.updateOne({ _id: id }, { $set: { open: false } });
    return taken;
  }
}

function toUpdate(made: StatusChange) {
  return made.set
    ? { $push: { bits: made.index, changes: made } }
    : { $push: { changes: made }, $pull: { bits: made.index } };
}

function present({ open: _open, due: _due, epoch, ...stored }: Head): StatusList {
  const updatedAt = new Date(epoch + stored.version);
  return fromStored<StatusList>({ ...stored, updatedAt });
}

function presentContent({ bits, changes, ...head }: ListDocument): StatusListContent {
  return { ...present(head), bits, changes };
}

/** Whether the write went through; false when a unique index refused it. */
async function ignoreDuplicate(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
