import { z } from 'zod';
import { maxContextBytes, type AddedContext } from '../../domain/contexts.ts';
import type { ContextService } from '../../services/verification/contexts.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, timestampSchema } from '../schemas.ts';

const contextSchema = z
  .object({
    id: idSchema,
    url: z.string(),
    sha256: z.string(),
    size: z.number().int(),
    addedBy: z.object({ kind: z.string(), id: z.string() }),
    addedAt: timestampSchema,
  })
  .meta({ id: 'Context' });

const newContextSchema = z
  .strictObject({
    url: z
      .url({ protocol: /^https$/, error: 'must be an https address' })
      .max(500)
      .refine((url) => !/[#\s]/.test(url), 'must have no fragment')
      .describe('what credentials name it by; it is never fetched'),
    content: z
      .string()
      .max(maxContextBytes)
      .regex(/^\s*\{/, 'must be the text of a JSON object')
      .describe('the file, as text'),
  })
  .meta({ id: 'NewContext' });

export function contextRoutes(contexts: ContextService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/contexts',
      tag: 'organizations',
      summary: 'List the JSON-LD contexts that were added for verifying, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(contextSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await contexts.list(actor, query);
        return { body: { items: items.map(presentContext), ...page } };
      },
    }),
    route({
      method: 'post',
      path: '/contexts',
      tag: 'organizations',
      summary:
        'Add a JSON-LD context for verifying, by its bytes; it never changes and signs nothing',
      body: newContextSchema,
      response: contextSchema,
      status: 201,
      handle: async ({ actor, body }) => ({
        body: presentContext(await contexts.add(actor, body)),
      }),
    }),
    route({
      method: 'delete',
      path: '/contexts/:id',
      tag: 'organizations',
      summary: 'Remove an added context: what uses it cannot be verified any more',
      params: idParams,
      status: 204,
      handle: async ({ actor, params }) => {
        await contexts.remove(actor, params.id);
        return {};
      },
    }),
  ];
}

function presentContext({ content: _content, ...context }: AddedContext) {
  return context;
}
