import { z } from 'zod';
import type { LearnerPlanService } from '../../services/progress/estimate-overrides.ts';
import type { ChartService } from '../../services/progress/charts.ts';
import type { HistoryService } from '../../services/progress/history.ts';
import type { MatrixService } from '../../services/progress/matrix.ts';
import type { ProgressService } from '../../services/progress/progress.ts';
import type { ReportService } from '../../services/progress/reports.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, textSchema } from '../schemas.ts';
import { chartRoutes } from './charts.ts';
import { matrixRoutes } from './matrices.ts';
import { presentOverride, presentProgress } from './progress-present.ts';
import { historyRoutes, reportRoutes } from './reports.ts';
import { momentSchema, overrideSchema, paceSchema, progressSchema } from './progress-schemas.ts';

export interface ProgressServices {
  readonly progress: ProgressService;
  readonly learnerPlans: LearnerPlanService;
  readonly matrices: MatrixService;
  readonly history: HistoryService;
  readonly charts: ChartService;
  readonly reports: ReportService;
}

const newOverrideSchema = z
  .strictObject({ standard: idSchema, level: textSchema(200), reason: textSchema(1_000) })
  .meta({ id: 'NewEstimateOverride' });

export function progressRoutes(services: ProgressServices): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/learners/:id/progress',
      tag: 'progress',
      summary:
        'What a learner has, what is next and what the next level asks; as of a moment, of one framework or all',
      params: idParams,
      query: z.strictObject({ asOf: momentSchema.optional(), framework: idSchema.optional() }),
      response: progressSchema,
      status: 200,
      handle: async ({ actor, params, query }) => ({
        body: presentProgress(await services.progress.get(actor, params.id, query)),
      }),
    }),
    ...planRoutes(services.learnerPlans),
    ...matrixRoutes(services.matrices),
    ...chartRoutes(services.charts),
    ...historyRoutes(services.history),
    ...reportRoutes(services.reports),
  ];
}

function planRoutes(plans: LearnerPlanService): readonly Route[] {
  return [
    route({
      method: 'put',
      path: '/learners/:id/pace',
      tag: 'progress',
      summary: 'The pace a learner chooses, in achievements a month; null takes it back',
      params: idParams,
      body: z
        .strictObject({ perMonth: z.number().gt(0).max(100).nullable() })
        .meta({ id: 'NewPace' }),
      response: z.object({ pace: paceSchema.optional() }),
      status: 200,
      handle: async ({ actor, params, body }) => {
        const { pace } = await plans.setPace(actor, params.id, body.perMonth ?? undefined);
        return { body: pace === undefined ? {} : { pace } };
      },
    }),
    route({
      method: 'get',
      path: '/learners/:id/overrides',
      tag: 'progress',
      summary: 'Estimates that a person decided, newest first, those taken back too',
      params: idParams,
      response: z.object({ items: z.array(overrideSchema) }),
      status: 200,
      handle: async ({ actor, params }) => ({
        body: { items: (await plans.list(actor, params.id)).map(presentOverride) },
      }),
    }),
    route({
      method: 'post',
      path: '/learners/:id/overrides',
      tag: 'progress',
      summary: 'Decide an estimate by a person’s judgement, with a reason',
      params: idParams,
      body: newOverrideSchema,
      response: overrideSchema,
      status: 201,
      handle: async ({ actor, params, body }) => ({
        body: presentOverride(await plans.override(actor, params.id, body)),
      }),
    }),
    route({
      method: 'delete',
      path: '/learners/:id/overrides/:override',
      tag: 'progress',
      summary: 'Take it back: the computed estimate is shown again',
      params: z.strictObject({ id: idSchema, override: idSchema }),
      response: overrideSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentOverride(await plans.withdraw(actor, params.id, params.override)),
      }),
    }),
  ];
}
