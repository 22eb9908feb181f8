import { z } from 'zod';
import { classLimits, type Class } from '../../domain/classes.ts';
import type { ClassService } from '../../services/school/classes.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';

const classSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    teachers: z.array(idSchema),
    learners: z.array(idSchema),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Class' });

const newClassSchema = z
  .strictObject({
    name: textSchema(200),
    teachers: z.array(idSchema).max(classLimits.teachers).optional(),
    learners: z.array(idSchema).max(classLimits.learners).optional(),
  })
  .meta({ id: 'NewClass' });

export function classRoutes(classes: ClassService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/classes',
      tag: 'classes',
      summary: 'Make a class of learners and their teachers',
      body: newClassSchema,
      response: classSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const made = present(await classes.create(actor, body));
        return { body: made, headers: { Location: `/api/v1/classes/${made.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/classes',
      tag: 'classes',
      summary: 'List classes, newest first; those of a teacher or a learner when one is named',
      query: z.strictObject({
        ...pageQuery,
        teacher: idSchema.optional(),
        learner: idSchema.optional(),
      }),
      response: pageOf(classSchema),
      status: 200,
      handle: async ({ actor, query: { teacher, learner, ...page } }) => {
        const { items, ...rest } = await classes.list(actor, { teacher, learner }, page);
        return { body: { items: items.map(present), ...rest } };
      },
    }),
    route({
      method: 'get',
      path: '/classes/:id',
      tag: 'classes',
      summary: 'One class',
      params: idParams,
      response: classSchema,
      status: 200,
      handle: async ({ actor, params }) => ({ body: present(await classes.get(actor, params.id)) }),
    }),
    route({
      method: 'patch',
      path: '/classes/:id',
      tag: 'classes',
      summary: 'Change a class; what is left out stays as it is',
      params: idParams,
      body: newClassSchema.partial().meta({ id: 'ClassChanges' }),
      response: classSchema,
      status: 200,
      handle: async ({ actor, params, body }) => ({
        body: present(await classes.update(actor, params.id, body)),
      }),
    }),
    route({
      method: 'delete',
      path: '/classes/:id',
      tag: 'classes',
      summary: 'Remove a class; its people stay',
      params: idParams,
      status: 204,
      handle: async ({ actor, params }) => {
        await classes.remove(actor, params.id);
        return {};
      },
    }),
  ];
}

function present({ organization: _organization, ...one }: Class) {
  return one;
}
