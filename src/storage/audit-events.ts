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

export type AuditEventStore = ReturnType<typeof createAuditEventStore>;

export function createAuditEventStore(connection: Connection) {
  const model = connection.model<AuditEvent>('AuditEvent', schema, 'auditEvents');
  /** Appends of one organization wait for each other, so that they seldom meet at the unique index. */
  const tails = new Map<string, Promise<unknown>>();

  return { append, list, each };

  /** Appends to the organization's chain; a second event with the same key changes nothing. */
  async function append(event: Omit<AuditEvent, 'sequence' | 'previous' | 'hash'>): Promise<void> {
    const tail = tails.get(event.organization) ?? Promise.resolve();
    const mine = tail.then(() => appendAfterLast(event));
    const settled = mine.catch(() => undefined);
    tails.set(event.organization, settled);
    await mine;
    if (tails.get(event.organization) === settled) tails.delete(event.organization);
  }

  /** Another process may take the number first: the unique index tells, and the next number is tried. */
  async function appendAfterLast(
    event: Omit<AuditEvent, 'sequence' | 'previous' | 'hash'>,
  ): Promise<void> {
    for (;;) {
      const { organization, key } = event;
      if ((await model.exists({ organization, key })) !== null) return;
      const last = await model.findOne({ organization }).sort({ sequence: -1 }).lean<AuditEvent>();
      const next = {
        ...event,
        sequence: (last?.sequence ?? 0) + 1,
        previous: last?.hash ?? firstPrevious,
      };
      try {
        await model.create({ ...next, hash: hashAuditEvent(next) });
        return;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    }
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
