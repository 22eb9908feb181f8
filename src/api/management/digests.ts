import { z } from 'zod';
import type { DigestService } from '../../services/digests.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, timestampSchema } from '../schemas.ts';

const names = z.array(z.string());
const digestSchema = z
  .object({
    id: idSchema,
    week: z.string(),
    language: z.string(),
    text: z.string(),
    learners: z.array(
      z.object({
        learner: idSchema,
        name: z.string(),
        words: z.object({
          submitted: names,
          inReview: names,
          earned: names,
          returned: z.array(z.object({ name: z.string(), feedback: z.string() })),
          stuck: names,
        }),
      }),
    ),
    createdAt: timestampSchema,
  })
  .meta({ id: 'Digest', description: 'What one person reads about one week' });

export function digestRoutes(digests: DigestService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/people/:id/digests',
      tag: 'people',
      summary: 'The weekly letters that were written to you, newest first',
      params: idParams,
      query: z.strictObject(pageQuery),
      response: pageOf(digestSchema),
      status: 200,
      handle: async ({ actor, params, query }) => {
        const { items, ...page } = await digests.list(actor, params.id, query);
        const present = items.map(
          ({ organization: _organization, person: _person, ...digest }) => digest,
        );
        return { body: { items: present, ...page } };
      },
    }),
  ];
}
