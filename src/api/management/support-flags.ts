import { z } from 'zod';
import { flagStates, supportLimits } from '../../domain/support-flags.ts';
import { flagKinds } from '../../domain/support.ts';
import type { SeenFlag } from '../../services/help/support-flag-views.ts';
import type { SupportFlagService } from '../../services/help/support-flags.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';

const flagSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    kind: z.enum(flagKinds),
    achievement: idSchema.optional(),
    state: z.enum(flagStates),
    /** In plain words, for the learner and their family too. */
    summary: z.string(),
    raisedAt: timestampSchema,
    owner: idSchema.optional(),
    ownerName: z.string().optional(),
    resolvedAt: timestampSchema.optional(),
    /** Days, times or achievements, as the kind says. Staff only, as all that follows. */
    count: z.number().int().optional(),
    previous: idSchema.optional(),
    raisedBy: z.object({ kind: z.string(), id: z.string() }).optional(),
    log: z
      .array(z.object({ id: idSchema, by: z.string(), at: timestampSchema, text: z.string() }))
      .optional(),
    resolution: z.enum(['by-person', 'fact-gone', 'rule-off']).optional(),
    outcome: z.string().optional(),
  })
  .meta({ id: 'SupportFlag', description: 'A learner whom somebody should look after' });

const words = textSchema(supportLimits.logText);
const newFlagSchema = z
  .strictObject({ learner: idSchema, achievement: idSchema.optional(), text: words })
  .meta({ id: 'NewSupportFlag' });

export function supportFlagRoutes(flags: SupportFlagService): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/support-flags',
      tag: 'support',
      summary: 'Who should be looked after, newest first; learners and guardians see theirs',
      query: z.strictObject({
        ...pageQuery,
        state: z.enum(flagStates).optional(),
        learner: idSchema.optional(),
        owner: idSchema.optional(),
      }),
      response: pageOf(flagSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await flags.list(actor, query, query);
        return { body: { items: items.map(presentFlag), ...page } };
      },
    }),
    route({
      method: 'post',
      path: '/support-flags',
      tag: 'support',
      summary: 'Raise a flag by hand, with words that only staff read',
      body: newFlagSchema,
      response: flagSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const flag = presentFlag(await flags.raise(actor, body));
        return { body: flag, headers: { Location: `/api/v1/support-flags/${flag.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/support-flags/:id',
      tag: 'support',
      summary: 'One flag; the log is for staff only',
      params: idParams,
      response: flagSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentFlag(await flags.get(actor, params.id)),
      }),
    }),
    route({
      method: 'post',
      path: '/support-flags/:id/take',
      tag: 'support',
      summary: 'Look after this from now on',
      params: idParams,
      response: flagSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentFlag(await flags.take(actor, params.id)),
      }),
    }),
    route({
      method: 'post',
      path: '/support-flags/:id/log',
      tag: 'support',
      summary: 'Write down what was done; only staff read it',
      params: idParams,
      body: z.strictObject({ text: words }).meta({ id: 'SupportLogEntry' }),
      response: flagSchema,
      status: 201,
      handle: async ({ actor, params, body }) => ({
        body: presentFlag(await flags.log(actor, params.id, body.text)),
      }),
    }),
    route({
      method: 'post',
      path: '/support-flags/:id/resolve',
      tag: 'support',
      summary: 'Say what came of it; only staff read that',
      params: idParams,
      body: z.strictObject({ outcome: words }).meta({ id: 'SupportOutcome' }),
      response: flagSchema,
      status: 200,
      handle: async ({ actor, params, body }) => ({
        body: presentFlag(await flags.resolve(actor, params.id, body.outcome)),
      }),
    }),
  ];
}

function presentFlag({ flag, summary, ownerName, staff }: SeenFlag) {
  const { organization: _organization, owner, ...all } = flag;
  const { id, learner, kind, achievement, state, raisedAt, resolvedAt } = flag;
  const forFamily = { id, learner, kind, achievement, state, raisedAt, resolvedAt };
  return { ...(staff ? { ...all, owner } : forFamily), id, summary, ownerName };
}
