import type { Request, RequestHandler } from 'express';
import type { Log } from '../shared/log.ts';
import { newRandomId } from '../shared/ids.ts';

/** One that was answered. */
export interface HttpRequest {
  readonly requestId: string;
  readonly method: string;
  /** The pattern of the route; undefined when there was none for it. */
  readonly route: string | undefined;
  readonly status: number;
  readonly ms: number;
}

/** Gives every request an id, and tells its end by route pattern: addresses may hold ids of children. */
export function requestLog(log: Log, observe: (request: HttpRequest) => void): RequestHandler {
  return (request, response, next) => {
    const requestId = newRandomId();
    const start = performance.now();
    response.locals.requestId = requestId;
    response.set('X-Request-Id', requestId);
    response.on('finish', () => {
      const ended: HttpRequest = {
        requestId,
        method: request.method,
        route: routeOf(request),
        status: response.statusCode,
        ms: Math.round(performance.now() - start),
      };
      observe(ended);
      log.info(ended, 'request');
    });
    next();
  };
}

function routeOf({ route, baseUrl }: Request): string | undefined {
  const path = (route as { path?: unknown } | undefined)?.path;
  // Where a router is mounted is written as the caller wrote it, in whatever case.
  return typeof path === 'string' ? baseUrl.toLowerCase() + path : undefined;
}
