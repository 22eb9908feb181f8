import { z } from 'zod';
import { erasureReasons } from '../../domain/erasures.ts';
import type { Person } from '../../domain/people.ts';
import type { ErasureService } from '../../services/erasure/erasures.ts';
import type { PersonService } from '../../services/school/people.ts';
import { route, type Route } from '../route.ts';
import { paceSchema } from './progress-schemas.ts';
import {
  idParams,
  idSchema,
  languageSchema,
  pageOf,
  pageQuery,
  rolesSchema,
  signedTextSchema,
  textSchema,
  timestampSchema,
} from '../schemas.ts';

const personSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    email: z.string().optional(),
    roles: rolesSchema,
    sourcedId: z.string().optional(),
    guardianOf: z.array(idSchema),
    adult: z.boolean(),
    language: z.string().optional(),
    /** Whether they want the weekly letter. */
    digest: z.boolean().optional(),
    pace: paceSchema.optional(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'Person' });

const newPersonSchema = z
  .strictObject({
    name: signedTextSchema(200),
    email: z.email('must be an e-mail address').max(254).optional(),
    roles: rolesSchema.min(1, 'must name at least one role'),
    sourcedId: textSchema(255).optional(),
    guardianOf: z.array(idSchema).max(50).optional(),
    adult: z.boolean().optional(),
    language: languageSchema.optional(),
    digest: z.boolean().optional(),
  })
  .meta({ id: 'NewPerson' });

export function personRoutes({
  people,
  erasures,
}: {
  people: PersonService;
  erasures: ErasureService;
}): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/people',
      tag: 'people',
      summary: 'Add somebody to your school',
      body: newPersonSchema,
      response: personSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const person = presentPerson(await people.add(actor, body));
        return { body: person, headers: { Location: `/api/v1/people/${person.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/people',
      tag: 'people',
      summary: 'List the people of your school, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(personSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await people.list(actor, query);
        return { body: { items: items.map(presentPerson), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/people/:id',
      tag: 'people',
      summary: 'One person',
      params: idParams,
      response: personSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentPerson(await people.get(actor, params.id)),
      }),
    }),
    route({
      method: 'patch',
      path: '/people/:id',
      tag: 'people',
      summary: 'Change a person; what is left out stays as it is',
      params: idParams,
      body: newPersonSchema.partial().meta({ id: 'PersonChanges' }),
      response: personSchema,
      status: 200,
      handle: async ({ actor, params, body }) => ({
        body: presentPerson(await people.update(actor, params.id, body)),
      }),
    }),
    route({
      method: 'delete',
      path: '/people/:id',
      tag: 'people',
      summary:
        'Erase a person: profile, work, evidence and credentials; what they hold counts as revoked',
      params: idParams,
      query: z.strictObject({ reason: z.enum(erasureReasons).default('requested') }),
      status: 204,
      handle: async ({ actor, params, query }) => {
        await erasures.erase(actor, params.id, query.reason);
        return {};
      },
    }),
  ];
}

function presentPerson({ organization: _organization, ...person }: Person) {
  return person;
}
