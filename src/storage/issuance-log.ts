import { Schema, type Connection } from 'mongoose';
import {
  buildNodes,
  hashLeaf,
  listCompleted,
  type FindNode,
  type LogEntry,
  type LoggedCredential,
  type Subtree,
} from '../domain/issuance-log.ts';
import type { Scope } from '../domain/roles.ts';
import { isDuplicate, schemaOptions } from './document.ts';

const schema = new Schema<LogEntry>(
  {
    organization: { type: String, required: true },
    index: { type: Number, required: true },
    credential: { type: String, required: true },
    document: { type: String, required: true },
    jwt: { type: String, required: true },
    at: { type: Date, required: true },
    nodes: { type: [String], required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, index: 1 }, { unique: true });
schema.index({ credential: 1 }, { unique: true });
schema.index({ document: 1 });
schema.index({ jwt: 1 });

export type IssuanceLogStore = ReturnType<typeof createIssuanceLogStore>;

/** Nothing here changes or deletes. Digests are found without a scope: who has the credential may ask for it. */
export function createIssuanceLogStore(connection: Connection) {
  const model = connection.model<LogEntry>('LogEntry', schema, 'issuanceLog');
  /** Appends of one organization wait for each other, so that they seldom meet at the unique index. */
  const tails = new Map<string, Promise<unknown>>();

  return { append, find, findByDigest, size, loadNodes, each };

  /** Safe to repeat: a credential is logged once, with what was logged first. */
  async function append(logged: LoggedCredential): Promise<void> {
    const { organization } = logged;
    const tail = tails.get(organization) ?? Promise.resolve();
    const mine = tail.then(() => appendAfterLast(logged));
    const settled = mine.catch(() => undefined);
    tails.set(organization, settled);
    await mine;
    if (tails.get(organization) === settled) tails.delete(organization);
  }

  /** Another process may take the place first: the unique index tells, and the next place is tried. */
  async function appendAfterLast(logged: LoggedCredential): Promise<void> {
    for (;;) {
      if ((await find(logged.credential)) !== undefined) return;
      const index = await size(logged.organization);
      const findNode = await loadNodes(logged.organization, listCompleted(index));
      const nodes = [...buildNodes(hashLeaf(logged), index, findNode)];
      try {
        await model.create({ ...logged, index, nodes });
        return;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    }
  }

  async function find(credential: string): Promise<LogEntry | undefined> {
    const found = await model.findOne({ credential }).select({ _id: 0 }).lean<LogEntry>();
    return found ?? undefined;
  }

  async function findByDigest(
    form: 'document' | 'jwt',
    digest: string,
  ): Promise<LogEntry | undefined> {
    const found = await model
      .findOne(form === 'jwt' ? { jwt: digest } : { document: digest })
      .select({ _id: 0 })
      .lean<LogEntry>();
    return found ?? undefined;
  }

  async function size(organization: string): Promise<number> {
    const last = await model.findOne({ organization }).sort({ index: -1 }).lean<LogEntry>();
    return last === null ? 0 : last.index + 1;
  }

  /** Reads the hashes of some subtrees at once. */
  async function loadNodes(organization: string, subtrees: readonly Subtree[]): Promise<FindNode> {
    const ends = subtrees.map(({ end }) => end);
    const found =
      ends.length === 0
        ? []
        : await model
            .find({ organization, index: { $in: ends } })
            .select({ _id: 0, index: 1, nodes: 1 })
            .lean<Pick<LogEntry, 'index' | 'nodes'>[]>();
    const nodes = new Map(found.map((entry) => [entry.index, entry.nodes]));
    return ({ end, level }) => {
      const node = nodes.get(end)?.[level];
      if (node === undefined) throw new Error(`the issuance log has a gap at ${end}`);
      return node;
    };
  }

  /** Every entry of the organization from the first on, without holding them all. */
  function each({ organization }: Scope): AsyncIterable<LogEntry> {
    return model
      .find({ organization })
      .sort({ index: 1 })
      .select({ _id: 0 })
      .lean<LogEntry[]>()
      .cursor();
  }
}
