import { z } from 'zod';
import type { Award } from '../../domain/awards.ts';
import type { AwardService } from '../../services/awards/awards.ts';
import type { IssuanceService } from '../../services/awards/issuances.ts';
import { route, type Route } from '../route.ts';
import {
  idParams,
  idSchema,
  pageOf,
  pageQuery,
  signedTextSchema,
  textSchema,
  timestampSchema,
  webAddressSchema,
} from '../schemas.ts';

const stateSchema = z.enum(['requested', 'queued', 'signing', 'issued', 'failed']);

export const issuanceSchema = z
  .object({
    id: idSchema,
    state: stateSchema,
    /** Address-free id of the credential, once it is there. */
    credential: idSchema.optional(),
    learner: idSchema,
    achievement: idSchema,
    version: z.number().int(),
    attempts: z.number().int(),
    requestedAt: timestampSchema,
    issuedAt: timestampSchema.optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'Issuance' });

const newAwardSchema = z
  .strictObject({
    learner: idSchema,
    achievement: idSchema,
    narrative: signedTextSchema(16_000).optional(),
    evidence: z
      .array(
        z.strictObject({
          name: signedTextSchema(200),
          narrative: textSchema(16_000).optional(),
          url: webAddressSchema(2_000).optional(),
        }),
      )
      .max(20, 'must have at most 20 items')
      .default([]),
    results: z
      .array(z.strictObject({ criterion: idSchema, level: idSchema }))
      .max(100)
      .default([]),
    /** Why a boss is awarded before a level rule opens it; for leads. */
    overrideReason: textSchema(2_000).optional(),
  })
  .meta({ id: 'NewAward' });

export function awardRoutes(services: {
  awards: AwardService;
  issuances: IssuanceService;
}): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/awards',
      tag: 'awards',
      summary: 'Award an achievement without a submission; its credential follows in a moment',
      body: newAwardSchema,
      response: issuanceSchema,
      status: 202,
      handle: async ({ actor, body }) => {
        const issuance = presentIssuance(await services.awards.awardDirectly(actor, body));
        return { body: issuance, headers: { Location: `/api/v1/issuances/${issuance.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/issuances',
      tag: 'awards',
      summary: 'List issuances, newest first; `state=failed` are the ones that need a person',
      query: z.strictObject({ ...pageQuery, state: stateSchema.optional() }),
      response: pageOf(issuanceSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await services.issuances.list(actor, query, query);
        return { body: { items: items.map(presentIssuance), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/issuances/:id',
      tag: 'awards',
      summary: 'How far an award is on its way to a credential',
      params: idParams,
      response: issuanceSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentIssuance(await services.issuances.get(actor, params.id)),
      }),
    }),
    route({
      method: 'post',
      path: '/issuances/:id/retry',
      tag: 'awards',
      summary: 'Take a failed issuance up again',
      params: idParams,
      response: issuanceSchema,
      status: 202,
      handle: async ({ actor, params }) => ({
        body: presentIssuance(await services.issuances.retry(actor, params.id)),
      }),
    }),
  ];
}

export function presentIssuance({ id, learner, achievement, version, issuance }: Award) {
  const { state, credential, attempts, requestedAt, issuedAt, error } = issuance;
  return {
    id,
    state,
    ...(state === 'issued' ? { credential } : {}),
    learner,
    achievement,
    version,
    attempts,
    requestedAt,
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(error === undefined ? {} : { error }),
  };
}
