import { isDiskFull, storeFull } from './disk.ts';
import { ServiceError, type ErrorKind, type Issue } from './errors.ts';

const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'wrong-method': 405,
  conflict: 409,
  gone: 410,
  'too-large': 413,
  unprocessable: 422,
  'rate-limited': 429,
  unavailable: 503,
  'storage-full': 507,
};

/** The HTTP status that tells the outside about this error. */
export function statusOf({ kind }: ServiceError): number {
  return statuses[kind];
}

/** What went wrong, as far as the outside is told: problem details and error pages say the same. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly issues: readonly Issue[];
  readonly members?: Readonly<Record<string, unknown>>;
}

/** Only what we raised ourselves, or what the HTTP layer found wrong, is explained; all else is our fault. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ServiceError) {
    const { code, message, issues, members } = error;
    return { status: statusOf(error), code, detail: message, issues, members };
  }
  if (isDiskFull(error)) return toProblem(storeFull(error));
  if (isStoreAway(error)) return storeUnavailable;
  return toHttpProblem(error) ?? unexpected;
}

const unexpected: Problem = {
  status: 500,
  code: 'server.error',
  detail: 'Something went wrong on our side. Please look whether it was done before you try again.',
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

/** MongoDB's codes for a primary that goes away, or that does not get the work done in time. */
const awayCodes: ReadonlySet<unknown> = new Set([
  11600, 11602, 10107, 13435, 13436, 189, 91, 64, 50, 262, 24,
]);

/** The store cannot be reached. What was asked of it may have been done all the same, when only the answer was lost. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // How the driver wraps whatever ends many writes, or an insertMany of one: the server itself refused none of them.
  if (error.name === 'MongoBulkWriteError') return !hasWriteErrors(error);
  const isDriverError =
    /^Mongo(ose)?(Network|Server|Not|Pool|Connection|WaitQueue|WriteConcern|Topology|Client|Operation)/;
  if (!isDriverError.test(error.name)) return false;
  // A server that answers says why; everything else is about not reaching it.
  return error.name !== 'MongoServerError' || ('code' in error && awayCodes.has(error.code));
}

function hasWriteErrors(error: Error): boolean {
  return 'writeErrors' in error && [error.writeErrors].flat().length > 0;
}

const storeUnavailable: Problem = {
  status: 503,
  code: 'store.unavailable',
  detail: 'The store cannot be reached at the moment. Please try again in a little while.',
  issues: [],
};
