import { z } from 'zod';
import { chartKinds, type ChartService } from '../../services/progress/charts.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema } from '../schemas.ts';

const query = z.strictObject({
  framework: idSchema,
  kind: z.enum(chartKinds).default('competency'),
});

/** To be hung on a wall: for learners, families and staff. */
export function chartRoutes(charts: ChartService): readonly Route[] {
  const shared = { method: 'get', tag: 'progress', params: idParams, query, status: 200 } as const;
  return [
    route({
      ...shared,
      path: '/learners/:id/chart.svg',
      summary: 'A chart of one framework with a badge, or a hole, for every achievement',
      produces: 'image/svg+xml',
      handle: async ({ actor, params, query }) => ({
        content: await charts.svg(actor, params.id, query),
      }),
    }),
    route({
      ...shared,
      path: '/learners/:id/chart.pdf',
      summary: 'The same to print: tagged A4 pages',
      produces: 'application/pdf',
      handle: async ({ actor, params, query }) => ({
        content: await charts.pdf(actor, params.id, query),
      }),
    }),
  ];
}
