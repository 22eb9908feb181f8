import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import sjson from 'secure-json-parse';
import { z } from 'zod';
import { actorOf } from '../auth/authenticate.ts';
import type { Actor } from '../domain/roles.ts';
import { invalid, ServiceError, type Issue } from '../shared/errors.ts';
import { describeWrongValue } from './wrong-values.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In the place of `body`, for a route that `produces` something else than JSON. */
  readonly content?: string | Uint8Array | AsyncIterable<string>;
}

/** A body that is not JSON of a known shape: a whole document, as text. */
export interface TextBody {
  readonly contentType: string;
  readonly text: string;
}

interface RouteDefinition<P, Q, B> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express path below the router, for example `/frameworks/:id`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly params?: z.ZodType<P>;
  readonly query?: z.ZodType<Q>;
  /** Schema of a JSON body (strict), or the media types of a document that is handed on as text. */
  readonly body?:
    z.ZodType<B> | { readonly document: readonly string[]; readonly maxBytes: number };
  /** Schema of the answer's body; undefined when it has none. */
  readonly response?: z.ZodType;
  /** The media type of what is answered, where that is not JSON. */
  readonly produces?: 'text/csv' | 'image/svg+xml' | 'application/pdf';
  readonly status: number;
  readonly handle: (input: { actor: Actor; params: P; query: Q; body: B }) => Promise<Answer>;
}

/** A route as the router and the OpenAPI document see it: its input types are settled inside. */
export type Route = Omit<RouteDefinition<unknown, unknown, unknown>, 'handle'> & {
  readonly handle: (input: {
    actor: Actor;
    params: never;
    query: never;
    body: never;
  }) => Promise<Answer>;
};

/** A call as the OpenAPI document sees it. Those that stream bytes are answered by a router of their own. */
export type Operation = Omit<Route, 'handle' | 'body'> & {
  /** `upload` names the one part of a multipart form, which is a file. */
  readonly body?: Route['body'] | { readonly upload: string };
  /** The answer is the bytes of a file. */
  readonly download?: boolean;
  /** Its address starts at the root, where specifications put it, and not below `/api/v1`. */
  readonly atRoot?: boolean;
  /** Asked without an API key. */
  readonly open?: boolean;
};

/** Declares one call of the management API: parsed once here, typed from then on, documented by the same schemas. */
export function route<P = undefined, Q = undefined, B = undefined>(
  definition: RouteDefinition<P, Q, B>,
): Route {
  return definition;
}

const maxJsonBytes = 1_000_000;

export interface RouteContext {
  readonly actor: Actor;
  readonly request: Request;
}

export interface MountOptions {
  /** Runs around every POST: the same Idempotency-Key answers the same. */
  readonly once: (context: RouteContext, produce: () => Promise<Answer>) => Promise<Answer>;
  /** Whether an answer that does not fit its own schema is an error: keeps the OpenAPI document true in tests. */
  readonly checkAnswers: boolean;
}

export function mountRoutes(router: Router, routes: readonly Route[], options: MountOptions): void {
  for (const definition of routes) {
    router[definition.method](
      definition.path,
      ...readBody(definition),
      async (request, response) => {
        const actor = actorOf(response);
        const produce = () => handle(definition, actor, request);
        const answer =
          definition.method === 'post'
            ? await options.once({ actor, request }, produce)
            : await produce();
        if (options.checkAnswers) checkAnswer(definition, answer);
        response.status(answer.status ?? definition.status).set(answer.headers ?? {});
        if (definition.produces !== undefined) await sendContent(definition, answer, response);
        else if (answer.body === undefined) response.end();
        else response.json(answer.body);
      },
    );
  }
  for (const { path } of routes) router.all(path, refuseMethod(routes, path));
}

async function sendContent({ produces }: Route, { content = '' }: Answer, response: Response) {
  const isText = produces !== 'application/pdf';
  response.set({
    'Content-Type': `${produces ?? ''}${isText ? '; charset=utf-8' : ''}`,
    'Content-Security-Policy':
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    'X-Content-Type-Options': 'nosniff',
  });
  if (typeof content === 'string' || content instanceof Uint8Array) {
    response.end(content);
    return;
  }
  // Headers are out: a reader who goes away is nobody's error.
  await pipeline(Readable.from(content), response).catch(() => response.destroy());
}

/** RFC 9110 §15.5.6: what is there, but not for this method, says for which. */
function refuseMethod(routes: readonly Route[], path: string): RequestHandler {
  const methods = routes.filter((one) => one.path === path).map((one) => one.method.toUpperCase());
  return (request, response, next) => {
    // Express answers it from the routes.
    if (request.method === 'OPTIONS') {
      next();
      return;
    }
    response.set('Allow', methods.join(', '));
    throw new ServiceError(
      'wrong-method',
      'request.wrong_method',
      `This address takes ${methods.join(', ')}, not ${request.method}.`,
    );
  };
}

async function handle(definition: Route, actor: Actor, request: Request): Promise<Answer> {
  const noQuery = z.strictObject({});
  const answer = await definition.handle({
    actor,
    params: parse('request.invalid_address', definition.params, request.params) as never,
    query: parse('request.invalid_query', definition.query ?? noQuery, request.query) as never,
    body: parseBody(definition, request) as never,
  });
  return { status: definition.status, ...answer };
}

function checkAnswer({ response, path }: Route, { body }: Answer): void {
  const parsed = response?.safeParse(JSON.parse(JSON.stringify(body)));
  if (parsed?.success === false) {
    throw new Error(
      `the answer of ${path} does not fit its schema: ${z.prettifyError(parsed.error)}`,
    );
  }
}

function readBody({ body, method }: Route): RequestHandler[] {
  if (method === 'get' || method === 'delete') return [];
  const limit = body !== undefined && 'document' in body ? body.maxBytes : maxJsonBytes;
  return [express.raw({ type: () => true, limit })];
}

function parseBody({ body }: Route, request: Request): unknown {
  if (body === undefined) return undefined;
  const type = request.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  if ('document' in body) {
    assertType(type, body.document);
    return { contentType: type, text } satisfies TextBody;
  }
  assertType(type, ['application/json']);
  return parse('request.invalid', body, parseJson(text));
}

function assertType(type: string, allowed: readonly string[]): void {
  if (allowed.includes(type)) return;
  throw invalid('request.wrong_type', `Send this as Content-Type: ${allowed.join(' or ')}.`);
}

/** Nothing that Cairn is told has so many levels; what walks down or writes out such a value may run out of stack. */
const maxDepth = 100;

/** @throws ServiceError when the text is not JSON, is too deep or tries to reach `__proto__` */
export function parseJson(text: string): unknown {
  if (isDeep(text)) {
    throw invalid('request.too_deep', `What you sent is nested more than ${maxDepth} times.`);
  }
  try {
    return sjson.parse(text, { protoAction: 'error', constructorAction: 'error' });
  } catch (cause) {
    throw new ServiceError(
      'invalid',
      'request.malformed_json',
      'What you sent is not proper JSON.',
      { cause },
    );
  }
}

const codes = { quote: 34, backslash: 92, open: 123, close: 125 };

/** One walk, whatever the text is; brackets inside of texts do not count. */
function isDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let place = 0; place < text.length && depth <= maxDepth; place += 1) {
    const code = text.charCodeAt(place);
    // Square brackets and braces differ in this bit only.
    const bracket = code | 32;
    if (isText && code === codes.backslash) place += 1;
    else if (code === codes.quote) isText = !isText;
    else if (!isText && bracket === codes.open) depth += 1;
    else if (!isText && bracket === codes.close) depth -= 1;
  }
  return depth > maxDepth;
}

/** A small body can be wrong in a hundred thousand places. */
const maxIssues = 50;

/** @throws ServiceError `code` with the places where the value does not fit */
export function parse<T>(
  code: string,
  schema: z.ZodType<T> | undefined,
  value: unknown,
): T | undefined {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value, { error: describeWrongValue });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, maxIssues).map(toIssue);
  throw invalid(code, 'Some of what you sent is not right.', issues);
}

function toIssue(issue: z.core.$ZodIssue): Issue {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return {
      path: [path, issue.keys.slice(0, maxIssues).join(', ').slice(0, 1_000)]
        .filter(Boolean)
        .join('.'),
      message: 'is not known here',
    };
  }
  return { path, message: issue.message };
}
