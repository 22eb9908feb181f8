import { z } from 'zod';
import { achievementKinds } from '../../domain/achievements.ts';
import { standings } from '../../domain/progress.ts';
import type { MatrixService } from '../../services/progress/matrix.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageQuery, timestampSchema } from '../schemas.ts';
import { presentDecision } from './progress-present.ts';
import { levelDecisionSchema, rollUpRuleSchema } from './progress-schemas.ts';

const learnerSchema = z.object({ id: idSchema, name: z.string() });

const matrixSchema = z
  .object({
    achievements: z.array(
      z.object({
        id: idSchema,
        name: z.string(),
        kind: z.enum(achievementKinds),
        level: z.number().int().optional(),
      }),
    ),
    items: z.array(
      z.object({
        learner: learnerSchema,
        decisions: z.array(levelDecisionSchema),
        cells: z
          .record(
            idSchema,
            z.object({
              state: z.enum(standings),
              at: timestampSchema.optional(),
              credential: idSchema.optional(),
              submission: idSchema.optional(),
            }),
          )
          .meta({ description: 'By achievement; what is open is left out' }),
      }),
    ),
    next: z.string().optional(),
  })
  .meta({ id: 'Matrix' });

const standardsMatrixSchema = z
  .object({
    rollUp: rollUpRuleSchema,
    standards: z.array(
      z.object({ id: idSchema, code: z.string().optional(), statement: z.string() }),
    ),
    items: z.array(
      z.object({
        learner: learnerSchema,
        cells: z
          .record(
            idSchema,
            z.object({
              level: z.string().optional(),
              value: z.number().optional(),
              seen: z.number().int(),
              overridden: z.boolean(),
            }),
          )
          .meta({ description: 'By standard; the evidence stands in the progress of the learner' }),
      }),
    ),
    next: z.string().optional(),
  })
  .meta({ id: 'StandardsMatrix' });

const classQuery = { class: idSchema.optional() };
const levelQuery = { ...classQuery, level: z.coerce.number().int().min(1).max(100).optional() };
const shared = { method: 'get', tag: 'progress', params: idParams, status: 200 } as const;

export function matrixRoutes(matrices: MatrixService): readonly Route[] {
  return [
    route({
      ...shared,
      path: '/frameworks/:id/matrix',
      summary: 'Learners by achievements of a framework or level; of a class or the whole school',
      query: z.strictObject({ ...pageQuery, ...levelQuery }),
      response: matrixSchema,
      handle: async ({ actor, params, query: { limit, cursor, ...query } }) => ({
        body: presentMatrix(await matrices.page(actor, params.id, query, { limit, cursor })),
      }),
    }),
    route({
      ...shared,
      path: '/frameworks/:id/matrix.csv',
      summary: 'The same as a sheet, all learners of it',
      query: z.strictObject(levelQuery),
      produces: 'text/csv',
      handle: async ({ actor, params, query }) => ({
        headers: { 'Content-Disposition': 'attachment; filename="matrix.csv"' },
        content: await matrices.sheet(actor, params.id, query),
      }),
    }),
    route({
      ...shared,
      path: '/frameworks/:id/standards-matrix',
      summary: 'Learners by standards: the estimate of each',
      query: z.strictObject({ ...pageQuery, ...classQuery }),
      response: standardsMatrixSchema,
      handle: async ({ actor, params, query: { limit, cursor, ...query } }) => ({
        body: presentStandards(
          await matrices.standardsPage(actor, params.id, query, { limit, cursor }),
        ),
      }),
    }),
    route({
      ...shared,
      path: '/frameworks/:id/standards-matrix.csv',
      summary: 'The same as a sheet, all learners of it',
      query: z.strictObject(classQuery),
      produces: 'text/csv',
      handle: async ({ actor, params, query }) => ({
        headers: { 'Content-Disposition': 'attachment; filename="standards.csv"' },
        content: await matrices.standardsSheet(actor, params.id, query),
      }),
    }),
  ];
}

type Page<Name extends 'page' | 'standardsPage'> = Awaited<ReturnType<MatrixService[Name]>>;

function presentMatrix({ achievements, items, next }: Page<'page'>) {
  return {
    achievements: achievements.map(({ id, current, listed: { kind, level } }) => ({
      id,
      name: current.name,
      kind,
      ...(level === undefined ? {} : { level }),
    })),
    items: items.map(({ learner: { id, name }, decisions, cells }) => ({
      learner: { id, name },
      decisions: decisions.map(presentDecision),
      cells: Object.fromEntries(cells),
    })),
    ...(next === undefined ? {} : { next }),
  };
}

function presentStandards({ rollUp, standards, items, next }: Page<'standardsPage'>) {
  return {
    rollUp,
    standards: standards.map(({ standard, framework: _framework, ...rest }) => ({
      id: standard,
      ...rest,
    })),
    items: items.map(({ learner: { id, name }, cells }) => ({
      learner: { id, name },
      cells: Object.fromEntries(
        [...cells].map(([standard, { computed, override, ...shown }]) => [
          standard,
          { ...shown, seen: computed?.seen ?? 0, overridden: override !== undefined },
        ]),
      ),
    })),
    ...(next === undefined ? {} : { next }),
  };
}
