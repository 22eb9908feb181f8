import { Schema, type Connection } from 'mongoose';
import type { ErasedCredential, Erasure } from '../domain/erasures.ts';
import type { Scope } from '../domain/roles.ts';
import { fromStored, isDuplicate, schemaOptions, toStored, type Stored } from './document.ts';

/** `due` as long as something may be left to delete. */
type Document = Stored<Erasure> & { due?: Date };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    organization: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: Object, required: true },
    reason: { type: String, required: true },
    credentials: { type: [Object], required: true },
    passes: { type: Number, required: true },
    state: { type: String, required: true },
    due: Date,
  },
  schemaOptions,
);
schema.index({ organization: 1, _id: -1 });
schema.index({ 'credentials.id': 1 });
schema.index({ due: 1 }, { partialFilterExpression: { due: { $exists: true } } });

export type ErasureStore = ReturnType<typeof createErasureStore>;

export function createErasureStore(connection: Connection) {
  const model = connection.model<Document>('Erasure', schema, 'erasures');

  return { begin, find, hasCredential, addCredentials, finishPass, postpone, listDue, each };

  /** Writes the tombstone; false when there is one already. */
  async function begin(erasure: Erasure, due: Date): Promise<boolean> {
    try {
      await model.create({ ...toStored(erasure), due });
      return true;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return false;
    }
  }

  async function find({ organization }: Scope, id: string): Promise<Erasure | undefined> {
    const found = await model.findOne({ _id: id, organization }).lean<Document>();
    return found === null ? undefined : present(found);
  }

  /** Of whatever organization: strangers ask. */
  async function hasCredential(id: string): Promise<boolean> {
    return (await model.exists({ 'credentials.id': id })) !== null;
  }

  /** Each once, whoever else does it too. Answers how many were new. */
  async function addCredentials(
    scope: Scope,
    id: string,
    credentials: readonly ErasedCredential[],
  ): Promise<number> {
    const missing = new Map(credentials.map((credential) => [credential.id, credential]));
    for (;;) {
      const known = await find(scope, id);
      for (const credential of known?.credentials ?? []) missing.delete(credential.id);
      if (known === undefined || missing.size === 0) return 0;
      const { modifiedCount } = await model.updateOne(
        {
          _id: id,
          organization: scope.organization,
          'credentials.id': { $nin: [...missing.keys()] },
        },
        { $push: { credentials: { $each: [...missing.values()] } } },
      );
      // Otherwise somebody else added some of them meanwhile.
      if (modifiedCount === 1) return missing.size;
    }
  }

  /** Counts a pass; without `due` it was the last one. */
  async function finishPass(
    { organization }: Scope,
    id: string,
    due: Date | undefined,
  ): Promise<void> {
    const end = due === undefined ? { $unset: { due: 1 as const } } : {};
    const state = due === undefined ? ('erased' as const) : ('erasing' as const);
    await model.updateOne(
      { _id: id, organization },
      { $inc: { passes: 1 }, $set: { state, ...(due && { due }) }, ...end },
    );
  }

  /** What could not be finished is tried again at `due`. */
  async function postpone({ organization }: Scope, id: string, due: Date): Promise<void> {
    await model.updateOne({ _id: id, organization, due: { $exists: true } }, { $set: { due } });
  }

  /** Of all organizations, longest waiting first. */
  async function listDue(now: Date, limit: number): Promise<readonly Erasure[]> {
    const found = await model
      .find({ due: { $exists: true, $lte: now } })
      .sort({ due: 1 })
      .limit(limit)
      .lean<Document[]>();
    return found.map(present);
  }

  /** Of all organizations, without holding them all. */
  async function* each(): AsyncIterable<Erasure> {
    const found = model.find().sort({ _id: 1 }).lean<Document[]>().cursor();
    for await (const document of found) yield present(document);
  }
}

function present({ due: _due, ...stored }: Document): Erasure {
  return fromStored<Erasure>(stored);
}
