import type { Connection } from 'mongoose';
import type { Credential } from '../domain/awards.ts';
import type { AwardRow, DecisionRow } from '../domain/invariants.ts';
import type { Erasure } from '../domain/erasures.ts';
import type { LogEntry } from '../domain/issuance-log.ts';
import type { Scope } from '../domain/roles.ts';
import type { StatusEntry } from '../domain/status.ts';
import type { Submission } from '../domain/submissions.ts';
import { awardModel, type AwardDocument } from './award-model.ts';
import { batchSize, fromStored, inBatches, type Stored } from './document.ts';

/** In these nothing belongs to one organization. */
const common = new Set(['Organization', 'IdempotencyKey', 'Context']);

type Walked = 'submissions' | 'awards' | 'credentials';
type WithDue<T> = T & { due?: unknown };

export type InvariantStore = ReturnType<typeof createInvariantStore>;

/**
 * Reads everything, to see whether it fits together: ids in the order of an index, never all at once, and what is asked
 * about them in batches. Changes nothing.
 */
export function createInvariantStore(connection: Connection) {
  const awards = awardModel(connection);
  const submissions = connection.model<WithDue<Stored<Submission>>>('Submission');
  const credentials = connection.model<Stored<Credential>>('Credential');
  const entries = connection.model<StatusEntry>('StatusEntry');
  const lists = connection.model<{ _id: string }>('StatusList');
  const log = connection.model<LogEntry>('LogEntry');
  const walks = {
    submissions: { model: submissions, order: { _id: -1 } },
    awards: { model: awards, order: { _id: -1 } },
    credentials: { model: credentials, order: { award: -1 } },
  } as const;

  return {
    count,
    eachId,
    readApprovals,
    readAwards,
    readCredentials,
    readStates,
    readErased: (ids: readonly string[]) => readErased(connection, ids),
    readEntries,
    readLogged,
    listLists,
    eachEntry,
    findEntryAt,
    countRows: () => countRows(connection),
  };

  async function count(walked: Walked, { organization }: Scope): Promise<number> {
    return connection.model(walks[walked].model.modelName).countDocuments({ organization });
  }

  function eachId(walked: Walked, { organization }: Scope): AsyncIterable<readonly string[]> {
    const { model, order } = walks[walked];
    const found = connection
      .model<{ _id: string }>(model.modelName)
      .find({ organization })
      .sort(order)
      .select({ _id: 1 })
      .lean<{ _id: string }[]>()
      .cursor({ batchSize });
    return inBatches(found, ({ _id }) => _id);
  }

  async function readApprovals(ids: readonly string[]): Promise<readonly DecisionRow[]> {
    const found = await submissions
      .find({ _id: { $in: [...ids] } })
      .select({ decisions: 1, due: 1 })
      .lean<WithDue<Pick<Submission, 'decisions'>>[]>();
    return found.flatMap(({ decisions, due }) =>
      decisions
        .filter(({ state }) => state === 'approved')
        .map((decision) => ({ ...decision, due: due === true })),
    );
  }

  async function readAwards(ids: readonly string[]): Promise<readonly AwardRow[]> {
    const found = await awards
      .find({ _id: { $in: [...ids] } })
      .select({ state: 1, issuance: 1, due: 1 })
      .lean<Pick<AwardDocument, '_id' | 'state' | 'issuance' | 'due'>[]>();
    return found.map(({ _id, due, ...row }) => ({ id: _id, ...row, due: due !== undefined }));
  }

  async function readCredentials(ids: readonly string[]): Promise<readonly Credential[]> {
    const found = await credentials.find({ _id: { $in: [...ids] } }).lean<Stored<Credential>[]>();
    return found.map((stored) => fromStored<Credential>(stored));
  }

  /** The same without what was signed. */
  async function readStates(ids: readonly string[]) {
    const found = await credentials
      .find({ _id: { $in: [...ids] } })
      .select({ award: 1, state: 1 })
      .lean<Pick<Stored<Credential>, '_id' | 'award' | 'state'>[]>();
    return new Map(found.map(({ _id, ...rest }) => [_id, { id: _id, ...rest }] as const));
  }

  async function readEntries(credentialIds: readonly string[]): Promise<readonly StatusEntry[]> {
    return entries
      .find({ credential: { $in: [...credentialIds] } })
      .select({ _id: 0 })
      .lean<StatusEntry[]>();
  }

  async function readLogged(credentialIds: readonly string[]) {
    const found = await log
      .find({ credential: { $in: [...credentialIds] } })
      .select({ _id: 0, credential: 1, document: 1, jwt: 1 })
      .lean<Pick<LogEntry, 'credential' | 'document' | 'jwt'>[]>();
    return new Map(found.map((entry) => [entry.credential, entry] as const));
  }

  async function listLists(): Promise<readonly string[]> {
    const found = await lists.find().select({ _id: 1 }).lean<{ _id: string }[]>();
    return found.map(({ _id }) => _id);
  }

  /** The places of a list in order. */
  function eachEntry(list: string): AsyncIterable<readonly StatusEntry[]> {
    const found = entries
      .find({ list })
      .sort({ index: 1 })
      .select({ _id: 0 })
      .lean<StatusEntry[]>()
      .cursor({ batchSize });
    return inBatches(found, (entry) => entry);
  }

  async function findEntryAt(list: string, index: number): Promise<StatusEntry | undefined> {
    return (await entries.findOne({ list, index }).lean<StatusEntry>()) ?? undefined;
  }
}

/** Which of these credentials were erased with their learners. */
async function readErased(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const found = await connection
    .model<Stored<Erasure>>('Erasure')
    .find({ 'credentials.id': { $in: [...ids] } })
    .select({ 'credentials.id': 1 })
    .lean<Pick<Erasure, 'credentials'>[]>();
  const all = new Set(found.flatMap(({ credentials }) => credentials.map(({ id }) => id)));
  return new Set(ids.filter((id) => all.has(id)));
}

/** Of every collection whose rows belong to an organization: how many belong to which. */
async function countRows(connection: Connection) {
  const names = connection.modelNames().filter((name) => !common.has(name));
  return Promise.all(
    names.map(async (name) => {
      const model = connection.model(name);
      const counts = await model.aggregate<{ _id: unknown; rows: number }>([
        { $group: { _id: '$organization', rows: { $sum: 1 } } },
      ]);
      return { collection: model.collection.name, counts };
    }),
  );
}
