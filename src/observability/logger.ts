import { pino, type DestinationStream, type LoggerOptions } from 'pino';
import type { Settings } from '../config/settings.ts';
import type { Log } from '../shared/log.ts';

/** The only fields that reach a log line. Names, e-mails, tokens and contents have no way in. */
const allowed = new Set([
  'requestId',
  'method',
  'route',
  'status',
  'ms',
  'code',
  'module',
  'event',
  'organization',
  'actor',
  'subject',
  'award',
  'submission',
  'credential',
  'framework',
  'achievement',
  'attempts',
  'count',
  'address',
  'store',
  'roles',
  'signal',
  'error',
  'outcome',
  'seed',
  'queue',
  'running',
  'waiting',
  'erased',
  'known',
  'elsewhere',
]);

/** Errors by class and code; the message only of our own errors, which never hold personal data. */
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error ? error.code : undefined;
  const own = error.name === 'ServiceError';
  return {
    type: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(own ? { message: error.message } : {}),
    // Only the places: a message of several lines stands in the stack as well.
    stack: error.stack
      ?.split('\n')
      .map((line) => line.trim())
      .filter((line) => /^at .*:\d+:\d+\)?$/.test(line))
      .slice(0, 7),
  };
}

/** JSON lines on stdout. Fields outside the allow-list are dropped, not printed. */
export function createLogger(
  level: Settings['logLevel'],
  sink: DestinationStream = process.stdout,
): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) =>
        Object.fromEntries(
          Object.entries(fields)
            .filter(([name]) => allowed.has(name))
            .map(([name, value]) => [name, name === 'error' ? serializeError(value) : value]),
        ),
    },
  };
  return pino(options, sink);
}
