import { seal, unseal } from '../auth/seal.ts';
import type { IdempotencyService, StoredAnswer } from '../services/idempotency.ts';
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
    const fingerprint = sha256(`${request.method} ${request.originalUrl} ${sha256(body)}`);
    // Keys are each caller's own, and answers, which may hold a new secret, are kept readable for that caller alone.
    const secret = `${request.get('authorization') ?? ''} ${key}`;
    const named = { key: sha256(secret), fingerprint };
    const stored = await idempotency.once(actor, named, async () => {
      const { status = 200, headers = {}, body: answer } = await produce();
      const text = answer === undefined ? '' : seal(secret, JSON.stringify(answer));
      return { status, headers, body: text };
    });
    return present(stored, secret);
  };
}

function present({ status, headers, body }: StoredAnswer, secret: string): Answer {
  const answer = body === '' ? {} : { body: JSON.parse(unseal(secret, body)) as unknown };
  return { status, headers, ...answer };
}
