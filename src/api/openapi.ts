import { Router } from 'express';
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { problemSchema } from './problem.ts';
import type { Operation } from './route.ts';

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
});

/** The OpenAPI 3.1 document of the management API, made from the very schemas that parse requests. */
export function buildOpenApi(operations: readonly Operation[], url: string): object {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Cairn management API',
      version: '1',
      description:
        'Leveled standards → achievements with rubrics → evidence → review → a signed Open Badges 3.0 credential. ' +
        'Errors are RFC 9457 problems with a stable code. POST calls honour Idempotency-Key.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: `${url}/api/v1` }],
    security: [{ apiKey: [] }],
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key' } },
    },
    paths: buildPaths(operations, url),
  });
}

function buildPaths(operations: readonly Operation[], url: string): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const definition of operations) {
    const path = definition.path.replace(/:(\w+)/g, '{$1}');
    const operation = {
      ...buildOperation(definition),
      ...(definition.atRoot === true ? { servers: [{ url }] } : {}),
      ...(definition.open === true ? { security: [] } : {}),
    };
    paths[path] = { ...paths[path], [definition.method]: operation };
  }
  return paths;
}

function buildOperation(definition: Operation): ZodOpenApiOperationObject {
  const { method, path, tag, summary, params, query, status } = definition;
  const words = path.split('/').filter((word) => word !== '' && !word.startsWith(':'));
  const one = /:\w+$/.test(path) ? ['one'] : [];
  return {
    operationId: [method, ...words, ...one].join('-'),
    tags: [tag],
    summary,
    requestParams: {
      ...(params instanceof z.ZodObject ? { path: params } : {}),
      ...(query instanceof z.ZodObject ? { query } : {}),
      ...(method === 'post' && !isUpload(definition) && definition.open !== true
        ? { header: idempotencyHeader }
        : {}),
    },
    ...buildBody(definition),
    responses: {
      [status]: { description: 'Done', ...buildContent(definition) },
      '4XX': problem('Something is not right with the request; nothing was changed'),
      '5XX': problem('Something is not right with the server; nothing was changed'),
    },
  };
}

const idempotencyHeader = z.object({
  'Idempotency-Key': z.string().optional().meta({
    description: 'The same key with the same request answers the same, and the work is done once',
  }),
});

const bytes = { type: 'string', format: 'binary' } as const;

function isUpload({ body }: Operation): boolean {
  return body !== undefined && 'upload' in body;
}

function buildContent({ response, download, produces }: Operation) {
  if (produces !== undefined) return { content: { [produces]: { schema: bytes } } };
  if (download === true) return { content: { 'application/octet-stream': { schema: bytes } } };
  return response === undefined ? {} : { content: { 'application/json': { schema: response } } };
}

function buildBody({ body }: Operation): Pick<ZodOpenApiOperationObject, 'requestBody'> {
  if (body === undefined) return {};
  if (body instanceof z.ZodType) {
    return { requestBody: { required: true, content: { 'application/json': { schema: body } } } };
  }
  if ('upload' in body) {
    const schema = {
      type: 'object' as const,
      required: [body.upload],
      properties: { [body.upload]: bytes },
    };
    return { requestBody: { required: true, content: { 'multipart/form-data': { schema } } } };
  }
  const schema = { schema: { type: 'string' as const } };
  const content = Object.fromEntries(body.document.map((type) => [type, schema]));
  return { requestBody: { required: true, content } };
}

export function openApiRouter(document: object): Router {
  const router = Router();

  router.get('/api/openapi.json', (_request, response) => {
    response.set('Cache-Control', 'public, max-age=300').json(document);
  });

  return router;
}
