import { scopeOf, type Actor } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, ServiceError } from '../shared/errors.ts';
import type { IdempotencyKeyStore, IdempotencyRecord } from '../storage/idempotency-keys.ts';

type StoredAnswer = NonNullable<IdempotencyRecord['answer']>;

export type IdempotencyService = ReturnType<typeof createIdempotencyService>;

/**
 * The same key with the same request gives the same answer, and the work is done once. A request that failed
 * changed nothing, so its key is free again.
 */
export function createIdempotencyService({
  idempotencyKeys,
  now,
}: {
  idempotencyKeys: IdempotencyKeyStore;
  now: Clock;
}) {
  return { once };

  async function once(
    actor: Actor,
    request: { key: string; fingerprint: string },
    produce: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer> {
    const scope = scopeOf(actor);
    const { key, fingerprint } = request;
    const earlier = await idempotencyKeys.begin(scope, key, { fingerprint, createdAt: now() });
    if (earlier !== undefined) return replay(earlier, fingerprint);
    try {
      const answer = await produce();
      await idempotencyKeys.finish(scope, key, answer);
      return answer;
    } catch (error) {
      await idempotencyKeys.release(scope, key);
      throw error;
    }
  }
}

function replay({ answer, fingerprint }: IdempotencyRecord, asked: string): StoredAnswer {
  if (fingerprint !== asked) {
    throw new ServiceError(
      'unprocessable',
      'idempotency.other_request',
      'This Idempotency-Key was used for another request. Use a new key for a new request.',
    );
  }
  if (answer === undefined) {
    throw conflict(
      'idempotency.in_progress',
      'The same request is still being worked on. Try again in a moment.',
    );
  }
  return answer;
}
