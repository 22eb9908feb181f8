import { z } from 'zod';
import { achievementKinds } from '../../domain/achievements.ts';
import { historySteps } from '../../domain/history.ts';
import type { HistoryService } from '../../services/progress/history.ts';
import type { ReportService } from '../../services/progress/reports.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, timestampSchema } from '../schemas.ts';
import { momentSchema } from './progress-schemas.ts';

const historySchema = z
  .object({
    items: z.array(
      z.object({
        start: z.iso.date(),
        earned: z.number().int(),
        revoked: z.number().int(),
        submitted: z.number().int(),
        returned: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'History' });

const historyQuery = z.strictObject({ by: z.enum(historySteps).default('week') });

export function historyRoutes(history: HistoryService): readonly Route[] {
  const shared = { method: 'get', params: idParams, response: historySchema, status: 200 } as const;
  return [
    route({
      ...shared,
      path: '/learners/:id/history',
      tag: 'progress',
      summary: 'What a learner earned, handed in and got back, week by week or month by month',
      query: historyQuery,
      handle: async ({ actor, params, query }) => ({
        body: { items: await history.ofLearner(actor, params.id, query.by) },
      }),
    }),
    route({
      ...shared,
      path: '/classes/:id/history',
      tag: 'classes',
      summary: 'The same for all learners of a class together',
      query: historyQuery,
      handle: async ({ actor, params, query }) => ({
        body: { items: await history.ofClass(actor, params.id, query.by) },
      }),
    }),
  ];
}

const period = { from: momentSchema.optional(), to: momentSchema.optional() };
const shownPeriod = { from: timestampSchema, to: timestampSchema };
const count = z.number().int();

export function reportRoutes(reports: ReportService): readonly Route[] {
  const shared = { method: 'get', tag: 'reports', status: 200 } as const;
  return [
    route({
      ...shared,
      path: '/reports/standards-without-achievements',
      summary: 'Standards of a framework that no published achievement points at',
      query: z.strictObject({ framework: idSchema }),
      response: z.object({
        standards: count,
        items: z.array(
          z.object({ id: idSchema, code: z.string().optional(), statement: z.string() }),
        ),
      }),
      handle: async ({ actor, query }) => ({
        body: await reports.listBareStandards(actor, query.framework),
      }),
    }),
    route({
      ...shared,
      path: '/reports/achievements-nobody-earns',
      summary: 'What nobody earned in a period; the last year, when none is given',
      query: z.strictObject(period),
      response: z.object({
        ...shownPeriod,
        items: z.array(
          z.object({ id: idSchema, name: z.string(), kind: z.enum(achievementKinds) }),
        ),
      }),
      handle: async ({ actor, query }) => ({ body: await reports.listUnearned(actor, query) }),
    }),
    route({
      ...shared,
      path: '/reports/review-times',
      summary: 'Hours from handing in to the decision, by achievement or by reviewer',
      query: z.strictObject({
        ...period,
        by: z.enum(['achievement', 'reviewer']).default('achievement'),
      }),
      response: z.object({
        ...shownPeriod,
        by: z.string(),
        items: z.array(
          z.object({
            id: z.string(),
            name: z.string().optional(),
            reviews: count,
            medianHours: z.number(),
            p90Hours: z.number(),
          }),
        ),
      }),
      handle: async ({ actor, query }) => ({ body: await reports.listReviewTimes(actor, query) }),
    }),
    route({
      ...shared,
      path: '/reports/resubmissions',
      summary: 'How often work comes back, and how often it is met in the end',
      query: z.strictObject(period),
      response: z.object({
        ...shownPeriod,
        items: z.array(
          z.object({
            ...{ id: idSchema, name: z.string(), decided: count, returned: count, again: count },
            ...{ metAtOnce: count, metLater: count, declined: count },
            returnedShare: z.number(),
          }),
        ),
      }),
      handle: async ({ actor, query }) => ({ body: await reports.listResubmissions(actor, query) }),
    }),
  ];
}
