import { scopeOf, type Actor } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, ServiceError } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import type { IdempotencyKeyStore, IdempotencyRecord } from '../storage/idempotency-keys.ts';

export type StoredAnswer = NonNullable<IdempotencyRecord['answer']>;

export type IdempotencyService = ReturnType<typeof createIdempotencyService>;

/** How long a request may take before the same one may start anew: its process has died. Far more than any takes. */
const leaseMs = 120_000;

/**
 * The same key with the same request gives the same answer, and the work is done once. A request that failed
 * changed nothing, so its key is free again.
 */
export function createIdempotencyService({
  idempotencyKeys,
  log,
  now,
}: {
  idempotencyKeys: IdempotencyKeyStore;
  log: Log;
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
    const createdAt = now();
    const staleSince = new Date(createdAt.getTime() - leaseMs);
    const run = { fingerprint, createdAt };
    const earlier = await idempotencyKeys.begin(scope, key, run, staleSince);
    if (earlier !== undefined) return replay(earlier, fingerprint);
    const answer = await produce().catch(async (error: unknown) => {
      await idempotencyKeys.release(scope, key, createdAt).catch(noteFailure);
      throw error;
    });
    // What is done is done: the caller is told, even when a repetition cannot be answered later.
    await idempotencyKeys.finish(scope, key, answer).catch(noteFailure);
    return answer;
  }

  function noteFailure(error: unknown): void {
    log.warn({ error }, 'an Idempotency-Key could not be written');
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
