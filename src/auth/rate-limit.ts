import type { RequestHandler } from 'express';
import rateLimit from 'express-rate-limit';
import { ServiceError } from '../shared/errors.ts';

/** Lets each address ask so often a minute, and answers 429 to more; 0 is no limit. */
export function limitPerMinute(limit: number): RequestHandler {
  if (limit === 0) return pass;
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // How many proxies to believe is a setting of ours: what strangers write into headers is no news.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: () => {
      throw new ServiceError(
        'rate-limited',
        'request.too_many',
        'Too many requests in one minute. Please wait a minute and try again.',
      );
    },
  });
}

const pass: RequestHandler = (_request, _response, next) => {
  next();
};
