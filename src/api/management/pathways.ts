import { z } from 'zod';
import { pathwayLimits } from '../../domain/pathways.ts';
import type {
  LearnerPathways,
  LearnerPathwayService,
} from '../../services/curriculum/learner-pathways.ts';
import type { SeenPathway } from '../../services/curriculum/pathway-reading.ts';
import type { PathwayService } from '../../services/curriculum/pathways.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';
import {
  presentRedecision,
  presentSeenProblems,
  problemsSchema,
  redecisionSchema,
} from './level-rule-schemas.ts';

const kindSchema = z.enum(['ordered', 'free']);
const stateSchema = z.enum(['draft', 'active', 'retired']);

const awardSchema = z
  .strictObject({ achievement: idSchema, need: z.number().int() })
  .meta({ id: 'PathwayAward', description: 'Awarded by itself to whoever holds `need` steps' });

const pathwaySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    kind: kindSchema,
    steps: z.array(z.object({ achievement: idSchema, requires: z.array(idSchema) })),
    award: awardSchema.optional(),
    state: stateSchema,
    redecision: redecisionSchema.optional(),
    problems: problemsSchema,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Pathway' });

const newPathway = {
  name: textSchema(200),
  description: textSchema(20_000).meta({ description: 'Markdown' }),
  kind: kindSchema,
  steps: z
    .array(
      z.strictObject({
        achievement: idSchema,
        requires: z.array(idSchema).max(pathwayLimits.requires).optional(),
      }),
    )
    .max(pathwayLimits.steps),
  award: awardSchema.optional(),
  state: z.enum(['draft', 'active']).optional(),
};

const newPathwaySchema = z.strictObject(newPathway).meta({ id: 'NewPathway' });
const pathwayChangesSchema = z
  .strictObject({ ...newPathway, award: awardSchema.nullable().optional() })
  .partial()
  .meta({ id: 'PathwayChanges', description: 'What is left out stays; null takes the award away' });

const namedSchema = z.object({ id: idSchema, name: z.string() });

const learnerPathwaySchema = z
  .object({
    id: idSchema,
    name: z.string(),
    kind: kindSchema,
    earned: z.number().int(),
    steps: z.array(
      namedSchema.extend({
        state: z.enum(['earned', 'open', 'locked']),
        missing: z.array(namedSchema).meta({ description: 'What has to be held first and is not' }),
      }),
    ),
    award: namedSchema
      .extend({
        need: z.number().int(),
        lacking: z.number().int(),
        state: z.enum(['open', 'ready', 'held']),
      })
      .optional(),
  })
  .meta({ id: 'LearnerPathway' });

export function learnerPathwayRoutes(pathways: LearnerPathwayService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/learners/:id/pathways',
      tag: 'pathways',
      summary: 'Where a learner stands on each pathway: what is open, what waits for what',
      params: idParams,
      response: z.object({ items: z.array(learnerPathwaySchema) }),
      status: 200,
      handle: async ({ actor, params }) => {
        const found = await pathways.listOf(actor, params.id);
        return { body: { items: found.pathways.map((one) => presentStand(one, found)) } };
      },
    }),
  ];
}

export function pathwayRoutes(pathways: PathwayService): readonly Route[] {
  const one = { tag: 'pathways', params: idParams, response: pathwaySchema, status: 200 };
  return [
    route({
      method: 'post',
      path: '/pathways',
      tag: 'pathways',
      summary: 'Make a pathway: achievements in an order or free, and what is awarded for them',
      body: newPathwaySchema,
      response: pathwaySchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const made = presentPathway(await pathways.create(actor, body));
        return { body: made, headers: { Location: `/api/v1/pathways/${made.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/pathways',
      tag: 'pathways',
      summary: 'List pathways, newest first',
      query: z.strictObject({ ...pageQuery, state: stateSchema.optional() }),
      response: pageOf(pathwaySchema),
      status: 200,
      handle: async ({ actor, query: { state, ...page } }) => {
        const { items, ...rest } = await pathways.list(actor, { state }, page);
        return { body: { items: items.map(presentPathway), ...rest } };
      },
    }),
    route({
      ...one,
      method: 'get',
      path: '/pathways/:id',
      summary: 'One pathway',
      handle: async ({ actor, params }) => ({
        body: presentPathway(await pathways.get(actor, params.id)),
      }),
    }),
    route({
      ...one,
      method: 'patch',
      path: '/pathways/:id',
      summary: 'Change a pathway; what is left out stays as it is',
      body: pathwayChangesSchema,
      handle: async ({ actor, params, body }) => ({
        body: presentPathway(await pathways.update(actor, params.id, body)),
      }),
    }),
    route({
      ...one,
      method: 'post',
      path: '/pathways/:id/retire',
      summary: 'End a pathway; what was awarded stays',
      handle: async ({ actor, params }) => ({
        body: presentPathway(await pathways.retire(actor, params.id)),
      }),
    }),
  ];
}

function presentPathway({
  organization: _organization,
  revision: _revision,
  redecision,
  problems,
  ...rest
}: SeenPathway) {
  return { ...rest, ...presentRedecision(redecision), ...presentSeenProblems(problems) };
}

function presentStand(
  { pathway: { id, name, kind }, decision }: LearnerPathways['pathways'][number],
  { names }: LearnerPathways,
) {
  const named = (one: string) => ({ id: one, name: names.get(one) ?? one });
  const { steps, earned, award } = decision;
  return {
    ...{ id, name, kind, earned },
    steps: steps.map(({ achievement, state, missing }) => ({
      ...named(achievement),
      state,
      missing: missing.map(named),
    })),
    ...(award && {
      award: {
        ...named(award.achievement),
        ...{ need: award.need, lacking: award.lacking },
        state: award.held ? 'held' : award.lacking === 0 ? 'ready' : 'open',
      },
    }),
  };
}
