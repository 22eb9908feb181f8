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
  /** It failed in the middle: whether it was carried out is for a person to find out. */
  readonly unknown?: boolean;
  readonly createdAt: Date;
}

type Document = IdempotencyRecord & { _id: string };

const schema = new Schema<Document>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    answer: Object,
    unknown: Boolean,
    createdAt: { type: Date, required: true },
  },
  schemaOptions,
);
schema.index({ createdAt: 1 }, { expireAfterSeconds: 86_400 });

export type IdempotencyKeyStore = ReturnType<typeof createIdempotencyKeyStore>;

export function createIdempotencyKeyStore(connection: Connection) {
  const model = connection.model<Document>('IdempotencyKey', schema, 'idempotencyKeys');
  const idOf = ({ organization }: Scope, key: string) => `${organization} ${key}`;

  return { begin, finish, release, markUnknown };

  /** Takes the key for a new request, or tells what is known of an earlier one that was begun after `staleSince`. */
  async function begin(
    scope: Scope,
    key: string,
    record: Pick<IdempotencyRecord, 'fingerprint' | 'createdAt'>,
    staleSince: Date,
  ): Promise<IdempotencyRecord | undefined> {
    try {
      await model.create({ _id: idOf(scope, key), ...record });
      return undefined;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      if (await takeOver(idOf(scope, key), record, staleSince)) return undefined;
      return (await model.findById(idOf(scope, key)).lean<Document>()) ?? record;
    }
  }

  /** Only the same request may go on where one has died. */
  async function takeOver(
    _id: string,
    { fingerprint, createdAt }: Pick<IdempotencyRecord, 'fingerprint' | 'createdAt'>,
    staleSince: Date,
  ): Promise<boolean> {
    const { modifiedCount } = await model.updateOne(
      {
        _id,
        fingerprint,
        answer: { $exists: false },
        unknown: { $exists: false },
        createdAt: { $lte: staleSince },
      },
      { $set: { createdAt } },
    );
    return modifiedCount === 1;
  }

  async function finish(
    scope: Scope,
    key: string,
    answer: NonNullable<IdempotencyRecord['answer']>,
  ) {
    await model.updateOne({ _id: idOf(scope, key) }, { $set: { answer } });
  }

  /** Frees the key, unless another run has taken it over. */
  async function release(scope: Scope, key: string, createdAt: Date): Promise<void> {
    await model.deleteOne({ _id: idOf(scope, key), createdAt, answer: { $exists: false } });
  }

  /** Nobody takes it over from now on. */
  async function markUnknown(scope: Scope, key: string, createdAt: Date): Promise<void> {
    await model.updateOne(
      { _id: idOf(scope, key), createdAt, answer: { $exists: false } },
      { $set: { unknown: true } },
    );
  }
}
