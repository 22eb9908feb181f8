import { Schema, type Connection } from 'mongoose';
import type { Scope } from '../domain/roles.ts';
import { isDuplicate, schemaOptions } from './document.ts';

/** What was answered to a request that named an Idempotency-Key; kept for a day. */
export interface IdempotencyRecord {
  /** SHA-256 over method, address and body. */
  readonly fingerprint: string;
  readonly answer?: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly createdAt: Date;
}

type Document = IdempotencyRecord & { _id: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    answer: Object,
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ createdAt: 1 }, { expireAfterSeconds: 86_400 });

export type IdempotencyKeyStore = ReturnType<typeof createIdempotencyKeyStore>;

export function createIdempotencyKeyStore(connection: Connection) {
  const model = connection.model<Document>('IdempotencyKey', schema, 'idempotencyKeys');
  const idOf = ({ organization }: Scope, key: string) => `${organization} ${key}`;

  return { begin, finish, release };

  /** Takes the key for a new request, or tells what is known of an earlier one. */
  async function begin(
    scope: Scope,
    key: string,
    record: Pick<IdempotencyRecord, 'fingerprint' | 'createdAt'>,
  ): Promise<IdempotencyRecord | undefined> {
    try {
      await model.create({ _id: idOf(scope, key), ...record });
      return undefined;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return (await model.findById(idOf(scope, key)).lean<Document>()) ?? record;
    }
  }

  async function finish(
    scope: Scope,
    key: string,
    answer: NonNullable<IdempotencyRecord['answer']>,
  ) {
    await model.updateOne({ _id: idOf(scope, key) }, { $set: { answer } });
  }

  async function release(scope: Scope, key: string): Promise<void> {
    await model.deleteOne({ _id: idOf(scope, key) });
  }
}
