import { scopeOf, type Actor, type Scope } from '../domain/roles.ts';
import type { Clock } from '../shared/clock.ts';
import { conflict, ServiceError } from '../shared/errors.ts';
import { isStoreAway } from '../shared/http-problem.ts';
import type { Log } from '../shared/log.ts';
import type { IdempotencyKeyStore, IdempotencyRecord } from '../storage/idempotency-keys.ts';

export type StoredAnswer = NonNullable<IdempotencyRecord['answer']>;

export type IdempotencyService = ReturnType<typeof createIdempotencyService>;

/** How long a request may take before the same one may start anew: its process has died. Far more than any takes. */
const leaseMs = 120_000;

/** How often, and how far apart, it is tried to note that nobody knows how a request ended: longer than stores are away. */
const noteTries = 60;
const noteMs = 1_000;

/**
 * The same key with the same request gives the same answer, and the work is done once. A request that was refused
 * changed nothing, so its key is free again. One that failed otherwise, because the store went away in the middle of it,
 * may have been carried out in part or whole: repeating it could do it twice, so a person has to look.
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
      if (error instanceof ServiceError) {
        await idempotencyKeys.release(scope, key, createdAt).catch(noteFailure);
      } else void noteUnknown(scope, key, createdAt);
      throw error;
    });
    // What is done is done: the caller is told, even when a repetition cannot be answered later.
    await idempotencyKeys.finish(scope, key, answer).catch(noteFailure);
    return answer;
  }

  async function noteUnknown(scope: Scope, key: string, createdAt: Date): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await idempotencyKeys.markUnknown(scope, key, createdAt);
        return;
      } catch (error) {
        if (tries === noteTries || !isStoreAway(error)) {
          noteFailure(error);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, noteMs).unref());
      }
    }
  }

  function noteFailure(error: unknown): void {
    log.warn({ error }, 'an Idempotency-Key could not be written');
  }
}

function replay({ answer, fingerprint, unknown }: IdempotencyRecord, asked: string): StoredAnswer {
  if (fingerprint !== asked) {
    throw new ServiceError(
      'unprocessable',
      'idempotency.other_request',
      'This Idempotency-Key was used for another request. Use a new key for a new request.',
    );
  }
  if (answer === undefined && unknown === true) {
    throw conflict(
      'idempotency.unknown',
      'Something went wrong in the middle of this request. Look whether it was carried out; if not, ask again with a new Idempotency-Key.',
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
