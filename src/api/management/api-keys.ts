import { z } from 'zod';
import type { ApiKey } from '../../domain/people.ts';
import type { ApiKeyService } from '../../services/school/api-keys.ts';
import { route, type Route } from '../route.ts';
import {
  idParams,
  idSchema,
  pageOf,
  pageQuery,
  rolesSchema,
  textSchema,
  timestampSchema,
} from '../schemas.ts';

const apiKeySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    roles: rolesSchema,
    person: idSchema.optional(),
    expiresAt: timestampSchema.optional(),
    revokedAt: timestampSchema.optional(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'ApiKey' });

const newApiKeySchema = z
  .strictObject({
    name: textSchema(200),
    roles: rolesSchema.min(1).optional(),
    person: idSchema.optional(),
    expiresAt: timestampSchema.transform((text) => new Date(text)).optional(),
  })
  .meta({ id: 'NewApiKey' });

export function apiKeyRoutes(apiKeys: ApiKeyService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api-keys',
      tag: 'organizations',
      summary: 'List the API keys of your school, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(apiKeySchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await apiKeys.list(actor, query);
        return { body: { items: items.map(presentApiKey), ...page } };
      },
    }),
    route({
      method: 'post',
      path: '/api-keys',
      tag: 'organizations',
      summary: 'Make an API key; its secret is shown this once',
      body: newApiKeySchema,
      response: apiKeySchema.extend({ secret: z.string() }),
      status: 201,
      handle: async ({ actor, body }) => {
        const { secret, ...key } = await apiKeys.create(actor, body);
        return { body: { ...presentApiKey(key), secret } };
      },
    }),
    route({
      method: 'delete',
      path: '/api-keys/:id',
      tag: 'organizations',
      summary: 'Revoke an API key at once',
      params: idParams,
      status: 204,
      handle: async ({ actor, params }) => {
        await apiKeys.revoke(actor, params.id);
        return {};
      },
    }),
  ];
}

function presentApiKey({ organization: _organization, ...key }: ApiKey) {
  return key;
}
