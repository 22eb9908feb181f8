import { z } from 'zod';
import type { Digest } from '../../domain/digests.ts';
import type { DigestService, UndeliveredLetter } from '../../services/letters/digests.ts';
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
    mail: z
      .object({
        state: z.enum(['waiting', 'sending', 'sent', 'failed', 'withheld']),
        at: timestampSchema,
        reason: z.string().optional(),
      })
      .optional(),
    createdAt: timestampSchema,
  })
  .meta({ id: 'Digest', description: 'What one person reads about one week' });

const undeliveredSchema = z
  .object({
    person: idSchema,
    name: z.string(),
    email: z.string().optional(),
    week: z.string(),
    at: timestampSchema,
    reason: z.string().optional().meta({
      description:
        'What the mail server answered (`550`), or `late`: the week was over before it could be sent',
    }),
  })
  .meta({ id: 'UndeliveredLetter', description: 'Whose letter did not arrive, and why' });

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
        return { body: { items: items.map(present), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/letters/undelivered',
      tag: 'people',
      summary: 'Whose weekly letters could not be delivered, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(undeliveredSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await digests.listUndelivered(actor, query);
        return { body: { items: items.map(presentUndelivered), ...page } };
      },
    }),
  ];
}

function present({ organization: _organization, person: _person, mail, ...digest }: Digest) {
  if (mail === undefined) return digest;
  const { due: _due, attempts: _attempts, ...told } = mail;
  return { ...digest, mail: told };
}

function presentUndelivered({ reader, week, mail: { at, reason } }: UndeliveredLetter) {
  const { id: person, name, email } = reader;
  return { person, name, email, week, at, reason };
}
