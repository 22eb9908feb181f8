import { z } from 'zod';
import { compositionLimits, creditTiers } from '../../domain/compositions.ts';
import type {
  CreditList,
  CreditService,
  CreditView,
  SeenComposition,
} from '../../services/curriculum/credits.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, timestampSchema } from '../schemas.ts';
import {
  presentRedecision,
  presentSeenProblems,
  presentUnreachableCredit,
  problemsSchema,
  redecisionSchema,
  unreachableCreditSchema,
} from './level-rule-schemas.ts';

const idsSchema = z.array(idSchema).max(compositionLimits.achievements);
const certifySchema = z.enum(['by-rule', 'by-person']);

const compositionSchema = z
  .object({
    achievement: idSchema,
    tier: z.enum(creditTiers),
    all: z.array(idSchema),
    any: z.object({ achievements: z.array(idSchema), count: z.number().int() }).optional(),
    certify: certifySchema,
    redecision: redecisionSchema.optional(),
    problems: problemsSchema,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Composition' });

const newCompositionSchema = z
  .strictObject({
    tier: z.enum(creditTiers),
    all: idsSchema
      .default([])
      .meta({ description: 'Achievements and levels that all have to be held' }),
    any: z
      .strictObject({ achievements: idsSchema, count: z.number().int() })
      .optional()
      .meta({ description: 'So many of these have to be held as well' }),
    certify: certifySchema.default('by-rule'),
  })
  .meta({ id: 'NewComposition' });

const partSchema = z.object({ id: idSchema, name: z.string(), held: z.boolean() });

const creditSchema = z
  .object({
    achievement: idSchema,
    name: z.string(),
    state: z.enum(['open', 'in_progress', 'ready', 'held']),
    tier: z.enum(creditTiers).optional(),
    certify: certifySchema.optional(),
    all: z.array(partSchema),
    any: z
      .object({
        count: z.number().int(),
        lacking: z.number().int().meta({ description: 'How many more of these are needed' }),
        achievements: z.array(partSchema),
      })
      .optional(),
    missing: z.array(z.object({ id: idSchema, name: z.string() })),
    awardedAt: timestampSchema.optional(),
  })
  .meta({ id: 'LearnerCredit' });

export function creditRoutes(credits: CreditService): readonly Route[] {
  const one = { tag: 'credits', params: idParams, status: 200 };
  return [
    route({
      ...one,
      method: 'put',
      path: '/achievements/:id/composition',
      summary:
        'Say what a mastery credit is made of; it is awarded by itself unless a person is to',
      body: newCompositionSchema,
      response: compositionSchema,
      handle: async ({ actor, params, body: { any, ...body } }) => ({
        body: presentComposition(
          await credits.putComposition(actor, params.id, { ...body, ...(any && { any }) }),
        ),
      }),
    }),
    route({
      ...one,
      method: 'get',
      path: '/achievements/:id/composition',
      summary: 'What a mastery credit is made of',
      response: compositionSchema,
      handle: async ({ actor, params }) => ({
        body: presentComposition(await credits.getComposition(actor, params.id)),
      }),
    }),
    route({
      method: 'get',
      path: '/credits/unreachable',
      tag: 'credits',
      summary: 'Credits and pathways that nobody can reach any more, as something is retired',
      response: z.object({ items: z.array(unreachableCreditSchema) }),
      status: 200,
      handle: async ({ actor }) => ({
        body: { items: (await credits.listUnreachable(actor)).map(presentUnreachableCredit) },
      }),
    }),
    route({
      ...one,
      method: 'get',
      path: '/learners/:id/credits',
      summary: 'A learner’s mastery credits, and what is missing for those that are not held',
      response: z.object({ items: z.array(creditSchema) }),
      handle: async ({ actor, params }) => {
        const list = await credits.listOf(actor, params.id);
        return { body: { items: list.credits.map((credit) => presentCredit(credit, list)) } };
      },
    }),
  ];
}

function presentComposition({
  id,
  organization: _organization,
  redecision,
  problems,
  ...rest
}: SeenComposition) {
  return {
    ...{ achievement: id, ...rest },
    ...presentRedecision(redecision),
    ...presentSeenProblems(problems),
  };
}

function presentCredit(
  { achievement, name, composition, decision, awardedAt }: CreditView,
  { names }: CreditList,
) {
  const nameOf = (id: string) => ({ id, name: names.get(id) ?? id });
  return {
    ...{ achievement, name },
    state: decision?.state ?? 'held',
    ...presentParts(composition, decision, nameOf),
    missing: (decision?.missing ?? []).map(nameOf),
    ...(awardedAt && { awardedAt }),
  };
}

function presentParts(
  composition: CreditView['composition'],
  decision: CreditView['decision'],
  nameOf: (id: string) => { id: string; name: string },
) {
  if (composition === undefined) return { all: [] };
  const { tier, certify, all, any } = composition;
  const earned = new Set(decision?.earned);
  const part = (id: string) => ({ ...nameOf(id), held: earned.has(id) });
  return {
    ...{ tier, certify },
    all: all.map(part),
    ...(any && {
      any: {
        count: any.count,
        lacking: decision?.lacking ?? 0,
        achievements: any.achievements.map(part),
      },
    }),
  };
}
