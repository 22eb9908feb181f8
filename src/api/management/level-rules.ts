import { z } from 'zod';
import type { Award } from '../../domain/awards.ts';
import type { SeenRule } from '../../services/levels/level-rule-reading.ts';
import type { LevelRuleService, RuleInput } from '../../services/levels/level-rules.ts';
import type { LevelSimulationService } from '../../services/levels/level-simulation.ts';
import type {
  LevelVerdictService,
  Waiting,
  WaitingCredit,
} from '../../services/levels/level-verdicts.ts';
import { defined } from '../../shared/defined.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema } from '../schemas.ts';
import { issuanceSchema, presentIssuance } from './awards.ts';
import {
  certificationSchema,
  flaggedSchema,
  inputSchema,
  presentSeenProblems,
  presentRedecision,
  presentUnreachable,
  ruleSchema,
  simulationSchema,
  unreachableSchema,
  waitingCreditSchema,
  waitingSchema,
} from './level-rule-schemas.ts';

const placeParams = z.strictObject({
  id: idSchema,
  ordinal: z.coerce.number().int().min(1).max(100),
});
const strandQuery = z.strictObject({ strand: idSchema.optional() });
const path = '/frameworks/:id/level-rules/:ordinal';

type Place = z.infer<typeof placeParams>;
type Strand = z.infer<typeof strandQuery>;

export interface LevelServices {
  readonly levelRules: LevelRuleService;
  readonly levelSimulation: LevelSimulationService;
  readonly levelVerdicts: LevelVerdictService;
}

export function levelRuleRoutes(services: LevelServices): readonly Route[] {
  return [
    ...ruleRoutes(services),
    ...simulateRoutes(services),
    ...verdictRoutes(services),
    ...creditVerdictRoutes(services),
  ];
}

function ruleRoutes({ levelRules }: LevelServices): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/frameworks/:id/level-rules',
      tag: 'level rules',
      summary: 'The rules of a framework, by strand and level',
      params: idParams,
      response: z.object({ items: z.array(ruleSchema) }),
      status: 200,
      handle: async ({ actor, params }) => ({
        body: { items: (await levelRules.list(actor, params.id)).map(presentRule) },
      }),
    }),
    route({
      method: 'get',
      path: '/level-rules/unreachable',
      tag: 'level rules',
      summary: 'Rules that nobody can reach any more, as what they ask for was retired',
      response: z.object({ items: z.array(unreachableSchema) }),
      status: 200,
      handle: async ({ actor }) => ({
        body: { items: (await levelRules.listUnreachable(actor)).map(presentUnreachable) },
      }),
    }),
    route({
      method: 'get',
      path,
      tag: 'level rules',
      summary: 'The rule of a level of a framework, or (`strand`) of one strand of it',
      params: placeParams,
      query: strandQuery,
      response: ruleSchema,
      status: 200,
      handle: async ({ actor, params, query }) => ({
        body: presentRule(await levelRules.see(actor, placeOf(params, query))),
      }),
    }),
    route({
      method: 'put',
      path,
      tag: 'level rules',
      summary: 'Say what certifies a level; everybody is decided anew in the background',
      params: placeParams,
      query: strandQuery,
      body: inputSchema,
      response: ruleSchema,
      status: 200,
      handle: async ({ actor, params, query, body }) => ({
        body: presentRule(await levelRules.put(actor, placeOf(params, query), inputOf(body))),
      }),
    }),
    route({
      method: 'delete',
      path,
      tag: 'level rules',
      summary: 'Remove a rule; the levels that it certified stay',
      params: placeParams,
      query: strandQuery,
      status: 204,
      handle: async ({ actor, params, query }) => {
        await levelRules.remove(actor, placeOf(params, query));
        return {};
      },
    }),
  ];
}

function simulateRoutes({ levelSimulation }: LevelServices): readonly Route[] {
  return [
    route({
      method: 'post',
      path: `${path}/simulate`,
      tag: 'level rules',
      summary: 'What a rule would say of the learners of today, without saving it',
      params: placeParams,
      query: strandQuery,
      body: inputSchema,
      response: simulationSchema,
      status: 200,
      handle: async ({ actor, params, query, body }) => ({
        body: await levelSimulation.simulate(actor, placeOf(params, query), inputOf(body)),
      }),
    }),
  ];
}

function verdictRoutes({ levelVerdicts }: LevelServices): readonly Route[] {
  return [
    route({
      method: 'post',
      path: `${path}/certify`,
      tag: 'level rules',
      summary: 'Certify the level of a learner who has reached it',
      params: placeParams,
      query: strandQuery,
      body: certificationSchema,
      response: issuanceSchema,
      status: 202,
      handle: async ({ actor, params, query, body }) => {
        return accept(await levelVerdicts.certify(actor, placeOf(params, query), body.learner));
      },
    }),
    route({
      method: 'get',
      path: '/level-rules/waiting',
      tag: 'level rules',
      summary: 'Who has reached a level and waits for a person to certify it, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(waitingSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await levelVerdicts.listWaiting(actor, query);
        return { body: { items: items.map(presentWaiting), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/level-rules/flagged',
      tag: 'level rules',
      summary: 'Certified levels that lost a support and do not hold without it, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(flaggedSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await levelVerdicts.listFlagged(actor, query);
        return { body: { items: items.flatMap(presentFlagged), ...page } };
      },
    }),
    route({
      method: 'post',
      path: '/level-rules/flagged/:id/resolve',
      tag: 'level rules',
      summary: 'Keep a level in spite of its lost support, or revoke it; `id` is the award',
      params: idParams,
      body: z
        .strictObject({ decision: z.enum(['keep', 'revoke']), reason: textSchema(2_000) })
        .meta({ id: 'FlaggedLevelDecision' }),
      response: flaggedSchema,
      status: 200,
      handle: async ({ actor, params, body }) => {
        const [flagged] = presentFlagged(await levelVerdicts.resolveFlag(actor, params.id, body));
        return { body: flagged };
      },
    }),
  ];
}

function creditVerdictRoutes({ levelVerdicts }: LevelServices): readonly Route[] {
  const one = {
    method: 'post',
    params: idParams,
    body: certificationSchema,
    response: issuanceSchema,
    status: 202,
  } as const;
  return [
    route({
      ...one,
      path: '/achievements/:id/composition/certify',
      tag: 'credits',
      summary: 'Certify the credit of a learner who has everything that it is made of',
      handle: async ({ actor, params: { id }, body: { learner } }) =>
        accept(await levelVerdicts.certifyCredit(actor, { of: 'composition', id }, learner)),
    }),
    route({
      ...one,
      path: '/pathways/:id/certify',
      tag: 'pathways',
      summary: 'Certify what a pathway awards for a learner who has enough of its steps',
      handle: async ({ actor, params: { id }, body: { learner } }) =>
        accept(await levelVerdicts.certifyCredit(actor, { of: 'pathway', id }, learner)),
    }),
    route({
      method: 'get',
      path: '/credits/waiting',
      tag: 'credits',
      summary:
        'Who has what a credit or the award of a pathway asks for, and waits for a person, newest first',
      query: z.strictObject(pageQuery),
      response: pageOf(waitingCreditSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await levelVerdicts.listWaitingCredits(actor, query);
        return { body: { items: items.map(presentWaitingCredit), ...page } };
      },
    }),
  ];
}

function accept(award: Award) {
  const issuance = presentIssuance(award);
  return { body: issuance, headers: { Location: `/api/v1/issuances/${issuance.id}` } };
}

function placeOf({ id, ordinal }: Place, { strand }: Strand) {
  return { framework: id, ordinal, strand };
}

function inputOf({ preponderance, ...input }: z.infer<typeof inputSchema>): RuleInput {
  return { ...input, preponderance: defined(preponderance) };
}

function presentRule({ organization: _organization, redecision, problems, ...rule }: SeenRule) {
  return {
    ...rule,
    ...presentRedecision(redecision),
    ...presentSeenProblems(problems),
  };
}

function presentWaiting({ id, rule, learner, why, createdAt, of }: Waiting) {
  const { framework, strand, ordinal, achievement } = of;
  const place = defined({ framework, strand, ordinal, achievement });
  return { id, rule, ...place, learner, why, createdAt };
}

function presentWaitingCredit({ id, rule, learner, why, createdAt, of }: WaitingCredit) {
  const { achievement } = of.rule;
  const pathway = of.of === 'pathway' ? { pathway: rule } : {};
  return { id, achievement, ...pathway, learner, why, createdAt };
}

function presentFlagged({ id, learner, achievement, state, issuance, lostSupport }: Award) {
  if (lostSupport === undefined) return [];
  const { open, award: lost, at: lostAt, end } = lostSupport;
  return [
    defined({
      id,
      learner,
      achievement,
      credential: issuance.credential,
      state,
      open: open && state === 'live',
      lost,
      lostAt,
      decision: end?.decision,
      reason: end?.reason,
    }),
  ];
}
