import type { ErrorRequestHandler, RequestHandler } from 'express';
import { z } from 'zod';
import { notFound, ServiceError, type ErrorKind, type Issue } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';

const statusOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  unprocessable: 422,
  'rate-limited': 429,
  unavailable: 503,
  'storage-full': 507,
};

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

interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly issues: readonly Issue[];
}

/** Turns every error into a problem; only unexpected ones are logged, and none tells its stack to the outside. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = toProblem(error);
    const requestId = response.locals.requestId as string | undefined;
    if (problem.status === 500) log.error({ requestId, error }, 'request failed');
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer');
    if (problem.status === 503) response.set('Retry-After', '5');
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title: titles[problem.status] ?? 'Problem',
          status: problem.status,
          code: problem.code,
          detail: problem.detail,
          ...(problem.issues.length === 0 ? {} : { errors: problem.issues }),
          ...(requestId === undefined ? {} : { requestId }),
        }),
      );
  };
}

export const notFoundHandler: RequestHandler = () => {
  throw notFound('page');
};

function toProblem(error: unknown): Problem {
  if (error instanceof ServiceError) {
    const { kind, code, message, issues } = error;
    return { status: statusOf[kind], code, detail: message, issues };
  }
  return toHttpProblem(error) ?? toStoreProblem(error) ?? unexpected;
}

const unexpected: Problem = {
  status: 500,
  code: 'server.error',
  detail: 'Something went wrong on our side. Nothing was changed; please try again.',
  issues: [],
};

/** Errors of Express and its body parser carry a status and a type. */
function toHttpProblem(error: unknown): Problem | undefined {
  const { status, type } = (error ?? {}) as { status?: unknown; type?: unknown };
  if (type === 'entity.too.large') {
    return {
      status: 413,
      code: 'request.too_large',
      detail: 'What you sent is too large.',
      issues: [],
    };
  }
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return { status, code: 'request.malformed', detail: 'The request cannot be read.', issues: [] };
}

/** The store is away: nothing was written, and trying again later helps. */
function toStoreProblem(error: unknown): Problem | undefined {
  const name = error instanceof Error ? error.name : '';
  if (!/^Mongo(ose)?(Network|ServerSelection|NotConnected|PoolCleared|WaitQueueTimeout)/.test(name))
    return undefined;
  return {
    status: 503,
    code: 'store.unavailable',
    detail: 'The store cannot be reached at the moment. Please try again in a little while.',
    issues: [],
  };
}
