import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { notFound } from '../shared/errors.ts';
import { toProblem } from '../shared/http-problem.ts';
import type { Log } from '../shared/log.ts';

/** RFC 9457 problem details, with our stable `code` and every single thing that is wrong. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

const titles: Readonly<Record<number, string>> = {
  400: 'The request is not right',
  401: 'Who are you?',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not with this method',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Not that kind of content',
  422: 'Cannot be processed',
  429: 'Too many requests',
  500: 'Something went wrong',
  503: 'Not available right now',
  507: 'No room left',
};

/** Turns every error into a problem; only unexpected ones are logged, and none tells its stack to the outside. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = toProblem(error);
    const requestId = response.locals.requestId as string | undefined;
    if (problem.status === 500)
      log.error({ event: 'request.failed', requestId, error }, 'request failed');
    if (problem.status === 401 && response.get('WWW-Authenticate') === undefined) {
      response.set('WWW-Authenticate', 'Bearer');
    }
    if (problem.status === 503) response.set('Retry-After', '5');
    response
      .status(problem.status)
      .set('Cache-Control', 'no-store')
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...problem.members,
          type: 'about:blank',
          title: titles[problem.status] ?? 'Problem',
          status: problem.status,
          code: problem.code,
          detail: problem.detail,
          ...(problem.issues.length === 0 ? {} : { errors: problem.issues }),
          // Only where it helps: an absent and a private thing must answer with the same bytes.
          ...(problem.status < 500 || requestId === undefined ? {} : { requestId }),
        }),
      );
  };
}

export const notFoundHandler: RequestHandler = () => {
  throw notFound('page');
};
