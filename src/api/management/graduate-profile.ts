import { z } from 'zod';
import type {
  CheckedProfile,
  GraduateProfileService,
} from '../../services/curriculum/graduate-profiles.ts';
import { route, type Route } from '../route.ts';
import { idSchema, textSchema, timestampSchema } from '../schemas.ts';

const competency = {
  name: textSchema(200),
  description: textSchema(4_000),
  credits: z.array(idSchema).max(50).meta({ description: 'Achievements of kind credit' }),
};

const profileSchema = z
  .object({
    competencies: z.array(z.object({ id: idSchema, ...competency })),
    learningFramework: z.string(),
    published: z.boolean(),
    updatedAt: timestampSchema,
    warnings: z.array(
      z.object({
        code: z.enum(['competency.without_credit', 'credit.serves_none', 'credit.retired']),
        about: idSchema,
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'GraduateProfile' });

const newProfileSchema = z
  .strictObject({
    competencies: z
      .array(
        z.strictObject({
          id: idSchema.optional().meta({ description: 'Of a competency that is there already' }),
          ...competency,
        }),
      )
      .max(50),
    learningFramework: textSchema(50_000).meta({ description: 'Markdown' }),
    published: z
      .boolean()
      .default(false)
      .meta({ description: 'Shows it to everybody at /schools/{id}/learning-framework' }),
  })
  .meta({ id: 'NewGraduateProfile' });

export function graduateProfileRoutes(profiles: GraduateProfileService): readonly Route[] {
  const shared = {
    tag: 'graduate profile',
    path: '/graduate-profile',
    response: profileSchema,
    status: 200,
  };
  return [
    route({
      ...shared,
      method: 'put',
      summary: 'Say what the school promises every graduate, and which credits serve it',
      body: newProfileSchema,
      handle: async ({ actor, body }) => ({ body: present(await profiles.put(actor, body)) }),
    }),
    route({
      ...shared,
      method: 'get',
      summary: 'The graduate profile, and what does not fit in it yet',
      handle: async ({ actor }) => ({ body: present(await profiles.get(actor)) }),
    }),
  ];
}

function present({ id: _id, ...profile }: CheckedProfile) {
  return profile;
}
