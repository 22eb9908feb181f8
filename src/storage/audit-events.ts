import { Schema, type Connection } from 'mongoose';
import { firstPrevious, hashAuditEvent, type AuditEvent } from '../domain/audit.ts';
import type { Scope } from '../domain/roles.ts';
import { isDuplicate, schemaOptions } from './document.ts';

const schema = new Schema<AuditEvent>(
  {
    organization: { type: String, required: true },
    sequence: { type: Number, required: true },
    at: { type: Date, required: true },
    actor: { type: Object, required: true },
    action: { type: String, required: true },
    subject: { type: String, required: true },
    reason: String,
    details: { type: Object, required: true },
    key: { type: String, required: true },
    previous: { type: String, required: true },
    hash: { type: String, required: true },
  },
  schemaOptions,
);
schema.index({ organization: 1, sequence: 1 }, { unique: true });
schema.index({ organization: 1, key: 1 }, { unique: true });

export type NewAuditEvent = Omit<AuditEvent, 'sequence' | 'previous' | 'hash'>;

export type AuditEventStore = ReturnType<typeof createAuditEventStore>;

export function createAuditEventStore(connection: Connection) {
  const model = connection.model<AuditEvent>('AuditEvent', schema, 'auditEvents');
  const collection = connection.collection<AuditEvent>('auditEvents');
  /** Appends of one organization wait for each other, so that they seldom meet at the unique index. */
  const tails = new Map<string, Promise<unknown>>();

  return { append, list, each };

  /**
   * Appends to the organization's chain, in this order; a second event with the same key changes nothing. Answers those
   * that were not there.
   */
  async function append(
    organization: string,
    events: readonly NewAuditEvent[],
  ): Promise<readonly NewAuditEvent[]> {
    const tail = tails.get(organization) ?? Promise.resolve();
    const mine = tail.then(() => appendAfterLast(organization, events));
    const settled = mine.catch(() => undefined);
    tails.set(organization, settled);
    const added = await mine;
    if (tails.get(organization) === settled) tails.delete(organization);
    return added;
  }

  /**
   * One ordered command for all: where it ends early, what is written is a chain. Another process may take the next
   * number first: the unique index tells, and the rest is tried with later ones.
   */
  async function appendAfterLast(
    organization: string,
    events: readonly NewAuditEvent[],
  ): Promise<readonly NewAuditEvent[]> {
    const unknown = await withoutKnown(organization, events);
    for (let left = unknown; ; left = await withoutKnown(organization, events)) {
      if (left.length === 0) return unknown;
      const last = await model.findOne({ organization }).sort({ sequence: -1 }).lean<AuditEvent>();
      try {
        await collection.insertMany(chain(left, last ?? undefined), { ordered: true });
        return unknown;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    }
  }

  async function withoutKnown(
    organization: string,
    events: readonly NewAuditEvent[],
  ): Promise<readonly NewAuditEvent[]> {
    const byKey = new Map(events.map((event) => [event.key, event]));
    const known = await model
      .find({ organization, key: { $in: [...byKey.keys()] } })
      .select({ key: 1 })
      .lean<Pick<AuditEvent, 'key'>[]>();
    for (const { key } of known) byKey.delete(key);
    return [...byKey.values()];
  }

  /** Newest first; `before` is a sequence number. */
  async function list(
    { organization }: Scope,
    { limit, before }: { limit: number; before?: number | undefined },
  ): Promise<readonly AuditEvent[]> {
    return model
      .find({ organization, ...(before === undefined ? {} : { sequence: { $lt: before } }) })
      .sort({ sequence: -1 })
      .limit(limit)
      .select({ _id: 0 })
      .lean<AuditEvent[]>();
  }

  /** Every event of the organization from the first on, without holding them all. */
  function each({ organization }: Scope): AsyncIterable<AuditEvent> {
    return model
      .find({ organization })
      .sort({ sequence: 1 })
      .select({ _id: 0 })
      .lean<AuditEvent[]>()
      .cursor();
  }
}

/** Each event with the hash of the one before it. */
function chain(events: readonly NewAuditEvent[], last: AuditEvent | undefined): AuditEvent[] {
  const linked: AuditEvent[] = [];
  for (const event of events) {
    const before = linked.at(-1) ?? last;
    const next = {
      ...event,
      sequence: (before?.sequence ?? 0) + 1,
      previous: before?.hash ?? firstPrevious,
    };
    linked.push({ ...next, hash: hashAuditEvent(next) });
  }
  return linked;
}
