import { z } from 'zod';
import { achievementKinds } from '../../domain/achievements.ts';
import { courseLimits, type Course } from '../../domain/courses.ts';
import type { CourseService, CourseView } from '../../services/curriculum/courses.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';

const stateSchema = z.enum(['active', 'retired']);

const course = {
  id: idSchema,
  name: z.string(),
  description: z.string(),
  achievements: z.array(idSchema),
  state: stateSchema,
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
};

const courseSchema = z.object(course).meta({ id: 'Course' });

const courseViewSchema = z
  .object({
    ...course,
    groups: z.array(
      z.object({
        framework: z
          .object({ id: idSchema, title: z.string() })
          .optional()
          .meta({ description: 'Absent: what belongs to no framework, such as credits' }),
        achievements: z.array(
          z.object({
            id: idSchema,
            name: z.string(),
            kind: z.enum(achievementKinds),
            level: z.number().int().optional(),
            levelName: z.string().optional(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'CourseView' });

const newCourseSchema = z
  .strictObject({
    name: textSchema(200),
    description: textSchema(20_000).meta({ description: 'Markdown' }),
    achievements: z
      .array(idSchema)
      .min(1, 'must name at least one achievement')
      .max(courseLimits.achievements),
  })
  .meta({ id: 'NewCourse' });

export function courseRoutes(courses: CourseService): readonly Route[] {
  const one = { tag: 'courses', params: idParams, response: courseSchema, status: 200 };
  return [
    route({
      method: 'post',
      path: '/courses',
      tag: 'courses',
      summary: 'Make a course of achievements, also of several frameworks',
      body: newCourseSchema,
      response: courseSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const made = presentCourse(await courses.create(actor, body));
        return { body: made, headers: { Location: `/api/v1/courses/${made.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/courses',
      tag: 'courses',
      summary: 'List courses, newest first',
      query: z.strictObject({ ...pageQuery, state: stateSchema.optional() }),
      response: pageOf(courseSchema),
      status: 200,
      handle: async ({ actor, query: { state, ...page } }) => {
        const { items, ...rest } = await courses.list(actor, { state }, page);
        return { body: { items: items.map(presentCourse), ...rest } };
      },
    }),
    route({
      ...one,
      method: 'get',
      path: '/courses/:id',
      summary: 'One course, its achievements under their frameworks',
      response: courseViewSchema,
      handle: async ({ actor, params }) => ({
        body: presentView(await courses.get(actor, params.id)),
      }),
    }),
    route({
      ...one,
      method: 'patch',
      path: '/courses/:id',
      summary: 'Change a course; what is left out stays as it is',
      body: newCourseSchema.partial().meta({ id: 'CourseChanges' }),
      handle: async ({ actor, params, body }) => ({
        body: presentCourse(await courses.update(actor, params.id, body)),
      }),
    }),
    route({
      ...one,
      method: 'post',
      path: '/courses/:id/retire',
      summary: 'End a course; its achievements stay',
      handle: async ({ actor, params }) => ({
        body: presentCourse(await courses.retire(actor, params.id)),
      }),
    }),
  ];
}

function presentCourse({ organization: _organization, ...rest }: Course) {
  return rest;
}

function presentView({ groups, ...rest }: CourseView) {
  return {
    ...presentCourse(rest),
    groups: groups.map(({ framework, achievements }) => ({
      ...(framework && { framework }),
      achievements: achievements.map(({ achievement: id, name, kind, level, levelName }) => ({
        ...{ id, name, kind },
        ...(level === undefined ? {} : { level }),
        ...(levelName === undefined ? {} : { levelName }),
      })),
    })),
  };
}
