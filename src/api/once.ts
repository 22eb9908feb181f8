import type { IdempotencyService } from '../services/idempotency.ts';
import { invalid } from '../shared/errors.ts';
import { sha256 } from '../shared/ids.ts';
import type { Answer, MountOptions } from './route.ts';

/** Honours `Idempotency-Key` on POST; without the header every request is a new one. */
export function onceByKey(idempotency: IdempotencyService): MountOptions['once'] {
  return async ({ actor, request }, produce) => {
    const key = request.get('idempotency-key');
    if (key === undefined) return produce();
    if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw invalid(
        'idempotency.bad_key',
        'An Idempotency-Key has 1 to 255 visible ASCII characters.',
      );
    }
    const body = Buffer.isBuffer(request.body) ? request.body : '';
    // The actor is part of it: one person's key never answers with what another was told.
    const fingerprint = sha256(
      `${actor.id} ${request.method} ${request.originalUrl} ${sha256(body)}`,
    );
    const stored = await idempotency.once(actor, { key, fingerprint }, async () => {
      const { status = 200, headers = {}, body: answer } = await produce();
      return { status, headers, body: answer === undefined ? '' : JSON.stringify(answer) };
    });
    return present(stored);
  };
}

function present({
  status,
  headers,
  body,
}: {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}): Answer {
  return { status, headers, ...(body === '' ? {} : { body: JSON.parse(body) as unknown }) };
}
