import { Schema, type Connection } from 'mongoose';
import { isFull, type StatusEntry, type StatusList, type StatusPurpose } from '../domain/status.ts';
import type { Scope } from '../domain/roles.ts';
import { newRandomId } from '../shared/ids.ts';
import { fromStored, isDuplicate, schemaOptions, toStored, type Stored } from './document.ts';

type ListDocument = Stored<StatusList> & { open: boolean };

const listSchema = new Schema<ListDocument>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    purpose: { type: String, required: true },
    size: { type: Number, required: true },
    allocated: { type: Number, required: true },
    version: { type: Number, required: true },
    updatedAt: { type: Date, required: true },
    open: { type: Boolean, required: true },
  },
  schemaOptions,
);
listSchema.index(
  { organization: 1, purpose: 1 },
  { unique: true, partialFilterExpression: { open: true }, name: 'one_open_list' },
);

const entrySchema = new Schema<StatusEntry>(
  {
    list: { type: String, required: true },
    index: { type: Number, required: true },
    purpose: { type: String, required: true },
    credential: { type: String, required: true },
    organization: { type: String, required: true },
    set: { type: Boolean, required: true },
  },
  schemaOptions,
);
entrySchema.index({ list: 1, index: 1 }, { unique: true });
entrySchema.index({ credential: 1, purpose: 1 }, { unique: true });
entrySchema.index({ list: 1 }, { partialFilterExpression: { set: true }, name: 'set_bits' });

export type StatusListStore = ReturnType<typeof createStatusListStore>;

export function createStatusListStore(connection: Connection) {
  const lists = connection.model<ListDocument>('StatusList', listSchema, 'statusLists');
  const entries = connection.model<StatusEntry>('StatusEntry', entrySchema, 'statusEntries');

  return { find, findEntry, reserve, setBit, listSetBits, openList };

  async function find(id: string): Promise<StatusList | undefined> {
    const found = await lists.findById(id).lean<ListDocument>();
    return found === null ? undefined : present(found);
  }

  async function findEntry(
    credential: string,
    purpose: StatusPurpose,
  ): Promise<StatusEntry | undefined> {
    return (
      (await entries.findOne({ credential, purpose }).select({ _id: 0 }).lean<StatusEntry>()) ??
      undefined
    );
  }

  /** The list that new credentials go on; made when there is none. */
  async function openList(
    { organization }: Scope,
    purpose: StatusPurpose,
    size: number,
    now: Date,
  ): Promise<StatusList> {
    for (;;) {
      const found = await lists.findOne({ organization, purpose, open: true }).lean<ListDocument>();
      if (found !== null) return present(found);
      const list = {
        id: newRandomId(),
        organization,
        purpose,
        size,
        allocated: 0,
        version: 1,
        updatedAt: now,
      };
      await ignoreDuplicate(lists.create({ ...toStored<StatusList>(list), open: true }));
    }
  }

  /** Takes this index for the credential; false when it belongs to another one. */
  async function reserve(list: StatusList, credential: string, index: number): Promise<boolean> {
    const { id, organization, purpose } = list;
    const taken = await ignoreDuplicate(
      entries.create({ list: id, index, purpose, credential, organization, set: false }),
    );
    if (!taken) return false;
    const after = await lists
      .findByIdAndUpdate(id, { $inc: { allocated: 1 } }, { returnDocument: 'after' })
      .lean<ListDocument>();
    if (after !== null && isFull(after))
      await lists.updateOne({ _id: id }, { $set: { open: false } });
    return true;
  }

  /** Sets the bit of a credential for ever, then moves the list's version on. False when there is no such entry. */
  async function setBit(
    { organization }: Scope,
    credential: string,
    purpose: StatusPurpose,
    now: Date,
  ): Promise<boolean> {
    const entry = await entries
      .findOneAndUpdate({ credential, purpose, organization }, { $set: { set: true } })
      .lean<StatusEntry>();
    if (entry === null) return false;
    await lists.updateOne({ _id: entry.list }, { $inc: { version: 1 }, $max: { updatedAt: now } });
    return true;
  }

  async function listSetBits(list: string): Promise<readonly number[]> {
    const found = await entries
      .find({ list, set: true })
      .select({ _id: 0, index: 1 })
      .lean<StatusEntry[]>();
    return found.map(({ index }) => index);
  }
}

function present({ open: _open, ...stored }: ListDocument): StatusList {
  return fromStored<StatusList>(stored);
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
