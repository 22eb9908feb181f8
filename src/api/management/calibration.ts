import { z } from 'zod';
import type { AnonymousWork } from '../../services/calibration/anonymous-work.ts';
import type { CalibrationService } from '../../services/calibration/calibration.ts';
import type { NormingService, SeenAnchor } from '../../services/calibration/norming.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';
import { criterionSchema } from './achievement-schemas.ts';
import { presentRubric } from './achievements.ts';

const workSchema = z.object({
  id: idSchema,
  achievement: idSchema.optional(),
  version: z.number().int().optional(),
  name: z.string().optional(),
  criteria: z.string().optional(),
  rubric: z.array(criterionSchema).optional(),
  evidence: z
    .array(
      z.object({
        narrative: z.string().optional(),
        url: z.string().optional(),
        file: z.object({ id: idSchema, type: z.string(), size: z.number() }).optional(),
      }),
    )
    .optional(),
});
const sampleSchema = workSchema.meta({
  id: 'CalibrationSample',
  description: 'Work to judge again, without who made it or what was found',
});

const agreementSchema = z
  .object({
    pairs: z.number().int(),
    exact: z.number().optional(),
    adjacent: z.number().optional(),
    kappa: z.number().optional(),
    kappaUndefined: z.enum(['no-pairs', 'one-level']).optional(),
  })
  .meta({ id: 'Agreement', description: 'Exact, at most one level apart, and Cohen’s kappa' });

const reportSchema = z
  .object({
    overall: agreementSchema,
    criteria: z.array(agreementSchema.extend({ achievement: idSchema, criterion: z.string() })),
    reviewers: z.array(agreementSchema.extend({ reviewer: z.string() })),
  })
  .meta({ id: 'AgreementReport' });

const resultsSchema = z
  .array(z.strictObject({ criterion: idSchema, level: idSchema }))
  .min(1)
  .max(100);
const judgementsSchema = z.array(
  z.object({ criterion: z.string(), level: z.string(), rank: z.number().int() }),
);

const sessionSchema = z
  .object({
    id: idSchema,
    achievement: idSchema,
    title: z.string(),
    createdBy: z.string(),
    createdAt: timestampSchema,
    anchorCount: z.number().int(),
  })
  .meta({ id: 'NormingSession' });

const seenSessionSchema = sessionSchema
  .extend({
    anchors: z.array(
      workSchema.extend({
        own: judgementsSchema.optional(),
        expected: judgementsSchema.optional(),
        others: z.array(judgementsSchema).optional(),
        agreement: agreementSchema.optional(),
      }),
    ),
  })
  .meta({ id: 'SeenNormingSession', description: 'Results show after the own rating' });

const newSessionSchema = z
  .strictObject({
    achievement: idSchema,
    title: textSchema(200),
    anchors: z
      .array(z.strictObject({ submission: idSchema, results: resultsSchema }))
      .min(1)
      .max(20),
  })
  .meta({ id: 'NewNormingSession' });

export function calibrationRoutes(services: {
  calibration: CalibrationService;
  norming: NormingService;
}): readonly Route[] {
  return [...sampleRoutes(services.calibration), ...normingRoutes(services.norming)];
}

function sampleRoutes(calibration: CalibrationService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/calibration/queue',
      tag: 'calibration',
      summary: 'Work that others have judged, to judge again without knowing whose it is',
      query: z.strictObject(pageQuery),
      response: pageOf(sampleSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await calibration.queue(actor, query);
        return { body: { items: items.map(presentWork), ...page } };
      },
    }),
    route({
      method: 'post',
      path: '/calibration/:id/results',
      tag: 'calibration',
      summary: 'What you find; the decision stays as it is',
      params: idParams,
      body: z.strictObject({ results: resultsSchema }).meta({ id: 'CalibrationResults' }),
      status: 204,
      handle: async ({ actor, params, body }) => {
        await calibration.judge(actor, params.id, body.results);
        return {};
      },
    }),
    route({
      method: 'get',
      path: '/calibration/agreement',
      tag: 'calibration',
      summary: 'How far those who judge agree, by criterion and by reviewer',
      query: z.strictObject({
        achievement: idSchema.optional(),
        from: timestampSchema.transform((text) => new Date(text)).optional(),
        to: timestampSchema.transform((text) => new Date(text)).optional(),
      }),
      response: reportSchema,
      status: 200,
      handle: async ({ actor, query }) => ({ body: await calibration.report(actor, query) }),
    }),
  ];
}

function normingRoutes(norming: NormingService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/norming-sessions',
      tag: 'calibration',
      summary: 'Let teachers judge the same work, whose results you agreed on',
      body: newSessionSchema,
      response: sessionSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const session = presentSession(await norming.create(actor, body));
        return { body: session, headers: { Location: `/api/v1/norming-sessions/${session.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/norming-sessions',
      tag: 'calibration',
      summary: 'List norming sessions, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(sessionSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await norming.list(actor, query);
        return { body: { items: items.map(presentSession), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/norming-sessions/:id',
      tag: 'calibration',
      summary: 'The work to judge, and the results of what you have judged',
      params: idParams,
      response: seenSessionSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentSeen(await norming.get(actor, params.id)),
      }),
    }),
    route({
      method: 'post',
      path: '/norming-sessions/:id/ratings',
      tag: 'calibration',
      summary: 'What you find; then you see what others found',
      params: idParams,
      body: z.strictObject({ anchor: idSchema, results: resultsSchema }).meta({ id: 'NewRating' }),
      response: seenSessionSchema,
      status: 201,
      handle: async ({ actor, params, body }) => ({
        body: presentSeen(await norming.rate(actor, params.id, body)),
      }),
    }),
  ];
}

function presentWork({ version, evidence, id }: Partial<AnonymousWork> & { readonly id: string }) {
  if (version === undefined) return { id };
  const { achievement, number, name, criteria, rubric } = version;
  return {
    id,
    achievement,
    version: number,
    name,
    criteria,
    rubric: presentRubric(rubric),
    evidence,
  };
}

type Session = Awaited<ReturnType<NormingService['create']>>;

function presentSession({ id, achievement, title, createdBy, createdAt, anchors }: Session) {
  return { id, achievement, title, createdBy, createdAt, anchorCount: anchors.length };
}

function presentSeen({ session, anchors }: { session: Session; anchors: readonly SeenAnchor[] }) {
  return {
    ...presentSession(session),
    anchors: anchors.map(({ version, evidence, ...seen }) => ({
      ...seen,
      ...presentWork({ id: seen.id, ...(version && { version }), ...(evidence && { evidence }) }),
    })),
  };
}
