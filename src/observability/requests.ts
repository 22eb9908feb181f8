import type { RequestHandler } from 'express';
import type { Log } from '../shared/log.ts';
import { newRandomId } from '../shared/ids.ts';

/** Gives every request an id, and logs its end by route pattern: addresses may hold ids of children. */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const requestId = newRandomId();
    const start = performance.now();
    response.locals.requestId = requestId;
    response.set('X-Request-Id', requestId);
    response.on('finish', () => {
      const route = (request.route as { path?: unknown } | undefined)?.path;
      log.info(
        {
          requestId,
          method: request.method,
          route: typeof route === 'string' ? request.baseUrl + route : undefined,
          status: response.statusCode,
          ms: Math.round(performance.now() - start),
        },
        'request',
      );
    });
    next();
  };
}
