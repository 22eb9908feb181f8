/** How the outside is told: 400, 401, 403, 404, 405, 409, 413, 422, 429, 503, 507 (api/problem.ts) and exit codes (cli). */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'wrong-method'
  | 'gone'
  | 'conflict'
  | 'too-large'
  | 'unprocessable'
  | 'rate-limited'
  | 'unavailable'
  | 'storage-full';

/** One thing wrong with the input: where (`rubric.0.requiredLevel`, `row 7, column email`) and what. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/**
 * "Cannot do this", told to a person. `code` is stable (`noun.reason`); `message` is one plain sentence
 * that a teacher understands and never holds secrets or another person's data.
 */
export class ServiceError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly issues: readonly Issue[];
  /** More that a machine can read: further members of the problem (RFC 9457 §3.2). */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    details: {
      issues?: readonly Issue[];
      members?: Readonly<Record<string, unknown>>;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'ServiceError';
    this.kind = kind;
    this.code = code;
    this.issues = details.issues ?? [];
    this.members = details.members ?? {};
  }
}

/** The input does not make sense: `noun.reason`, one sentence, and every single thing that is wrong. */
export function invalid(
  code: string,
  message: string,
  issues: readonly Issue[] = [],
): ServiceError {
  return new ServiceError('invalid', code, message, { issues });
}

/** Nothing there, or nothing there for this actor: both look the same from outside. */
export function notFound(noun: string): ServiceError {
  return new ServiceError(
    'not-found',
    `${noun}.not_found`,
    `There is no such ${noun.replaceAll('_', ' ')}.`,
  );
}

/** It was there and was taken away for good. */
export function gone(code: string, message: string): ServiceError {
  return new ServiceError('gone', code, message);
}

export function conflict(code: string, message: string): ServiceError {
  return new ServiceError('conflict', code, message);
}

export function forbidden(code: string, message: string): ServiceError {
  return new ServiceError('forbidden', code, message);
}

/** Something that Cairn stands on (a folder, a store, a port) cannot be used: for those who start it. */
export function unusable(what: string, cause: unknown): ServiceError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ServiceError('unavailable', 'start.impossible', `${what}: ${reason}`, { cause });
}

/** For a terminal: the sentence and the code, then every single thing that is wrong, each on a line of its own. */
export function formatRefusal({ message, code, issues }: ServiceError): string {
  const [sentence = '', ...lines] = message.split('\n');
  const places = lines.length > 0 ? [] : issues.map((issue) => `  ${issue.path} ${issue.message}`);
  return [`${sentence} [${code}]`, ...lines, ...places].join('\n');
}
