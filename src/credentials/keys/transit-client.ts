import type { ClientRequest, IncomingMessage } from 'node:http';
import { ServiceError } from '../../shared/errors.ts';
import { readSecret, type SecretSource } from './secret-source.ts';

export interface TransitSettings {
  /** `https://vault.school.example:8200` */
  readonly url: string;
  /** Where the engine is mounted. */
  readonly mount: string;
  readonly namespace?: string | undefined;
  readonly token: SecretSource;
  /** For one request, from the connection to the last byte. */
  readonly timeoutMs?: number;
}

/** Asks one path of the transit engine and gives the `data` of the answer. */
export type TransitClient = (
  method: 'GET' | 'POST',
  path: string,
  body?: object,
) => Promise<Readonly<Record<string, unknown>>>;

interface Answer {
  readonly status: number;
  readonly text: string;
}

const maxBytes = 64 * 1024;

export function unreachable(message: string): ServiceError {
  return new ServiceError('unavailable', 'key.signer_unreachable', message);
}

/** Why it was not done, without a word of what the other side said: it may repeat what it was sent. */
function assertDone(status: number): void {
  if (status >= 200 && status < 300) return;
  if (status === 503) throw unreachable('The signing service is sealed or not ready.');
  if (status < 400 || status === 429 || status >= 500) {
    throw unreachable(`The signing service cannot answer at the moment (${status}).`);
  }
  const reason =
    status === 404
      ? 'does not know this key or this path'
      : 'refused: its token may have expired or not be allowed to do this';
  throw new ServiceError(
    'unavailable',
    'key.signer_refused',
    `The signing service ${reason} (${status}).`,
  );
}

function parseData(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === '') return {};
  try {
    const { data } = JSON.parse(text) as { data?: unknown };
    if (typeof data === 'object' && data !== null) return data as Record<string, unknown>;
  } catch {
    // The same as an answer without data.
  }
  throw unreachable('What answers at the address of the signing service is none.');
}

async function readUpTo(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The HTTP API of Vault and OpenBao. With node:http because this runs on the signing thread, which is to be small;
 * it follows no redirect and goes to one address, which the operator set and which may well be a private one.
 */
export function createTransitClient(settings: TransitSettings): TransitClient {
  const { url, mount, namespace, token, timeoutMs = 5_000 } = settings;
  const base = new URL(url);
  let known: Promise<string> | undefined;
  let connection: ReturnType<typeof openConnection> | undefined;

  async function send(method: string, path: string, body?: object): Promise<Answer> {
    const { request: ask, agent } = await (connection ??= openConnection(base.protocol));
    const secret = await (known ??= readSecret(token));
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      'x-vault-token': secret,
      'x-vault-request': 'true',
      ...(namespace !== undefined && { 'x-vault-namespace': namespace }),
      ...(body && {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const address = new URL(`/v1/${mount}/${path}`, base);
    const exchange = async () => {
      const request = ask(address, { method, headers, agent, signal });
      const response = await answerTo(request, text);
      return { status: response.statusCode ?? 0, text: await readUpTo(response) };
    };
    // A connection that was kept open may have been closed at the other end: signing twice does no harm.
    return exchange().catch((error: unknown) => {
      if (signal.aborted || !isReset(error)) throw error;
      return exchange();
    });
  }

  return async (method, path, body) => {
    let answer: Answer;
    try {
      answer = await send(method, path, body);
      // A token in a file is renewed by others.
      if (answer.status === 403 && 'path' in token) {
        known = undefined;
        answer = await send(method, path, body);
      }
    } catch {
      // Without a cause: it may hold the request, and with it the token.
      known = undefined;
      throw unreachable('The signing service does not answer.');
    }
    assertDone(answer.status);
    return parseData(answer.text);
  };
}

/** Loaded when needed: whoever keeps keys in a file never does. */
async function openConnection(protocol: string) {
  const { Agent, request } =
    protocol === 'https:' ? await import('node:https') : await import('node:http');
  return { request, agent: new Agent({ keepAlive: true, maxSockets: 16 }) };
}

function answerTo(request: ClientRequest, text: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.end(text);
  });
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}
