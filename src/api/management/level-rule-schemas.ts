import { z } from 'zod';
import { achievementKinds } from '../../domain/achievements.ts';
import type { RuleFault } from '../../domain/level-rule-faults.ts';
import { levelStates, type Redecision } from '../../domain/level-rules.ts';
import type { CheckedRule } from '../../services/levels/level-rule-checks.ts';
import type { CheckedStack } from '../../services/curriculum/stack-checks.ts';
import { defined } from '../../shared/defined.ts';
import { idSchema, timestampSchema } from '../schemas.ts';

const idsSchema = z.array(idSchema).max(500, 'must have at most 500 items');

const poolSchema = z
  .union([
    z.strictObject({ achievements: idsSchema }),
    z.strictObject({
      standards: idsSchema,
      kinds: z
        .array(z.enum(achievementKinds))
        .min(1, 'must name at least one kind')
        .max(achievementKinds.length),
    }),
  ])
  .meta({ id: 'Pool', description: 'These achievements, or all of a kind below these standards' });

const said = {
  pool: poolSchema,
  preponderance: z.strictObject({
    minShare: z.number().optional(),
    minCount: z.number().int().optional(),
  }),
  mustHave: idsSchema.default([]),
  boss: z
    .strictObject({
      achievements: idsSchema,
      require: z.enum(['all', 'any']).default('all'),
    })
    .default({ achievements: [], require: 'all' }),
  requirePreviousLevel: z.boolean().default(false),
  achievement: idSchema,
  certify: z.enum(['by-rule', 'by-person']).default('by-rule'),
  state: z.enum(['draft', 'on']).default('on'),
};
export const inputSchema = z.strictObject(said).meta({ id: 'LevelRuleInput' });

const problemSchema = z
  .object({ code: z.string(), path: z.string(), message: z.string() })
  .meta({ id: 'RuleProblem' });

export const problemsSchema = z.array(problemSchema).optional().meta({
  description: 'Why nobody can reach it any more, for those who make rules; empty: all is well',
});

export const unreachableSchema = z
  .object({
    rule: idSchema,
    framework: idSchema,
    strand: idSchema.optional(),
    ordinal: z.number().int(),
    achievement: idSchema,
    state: z.enum(['draft', 'on']),
    problems: z.array(problemSchema),
  })
  .meta({ id: 'UnreachableLevel' });

const presentProblems = (problems: readonly RuleFault[]) =>
  problems.map(({ code, path, sentence }) => ({ code, path, message: sentence }));

export function presentUnreachable({ rule, problems }: Pick<CheckedRule, 'rule' | 'problems'>) {
  const { id, framework, strand, ordinal, achievement, state } = rule;
  return {
    ...defined({ rule: id, framework, strand, ordinal, achievement, state }),
    problems: presentProblems(problems),
  };
}

export const unreachableCreditSchema = z
  .object({
    achievement: idSchema
      .optional()
      .meta({ description: 'The credit, or what the pathway awards' }),
    pathway: idSchema.optional().meta({ description: 'Absent: a composed credit' }),
    problems: z.array(problemSchema),
  })
  .meta({ id: 'UnreachableCredit' });

export function presentUnreachableCredit({ of, id, achievement, problems }: CheckedStack) {
  return {
    ...(achievement && { achievement }),
    ...(of === 'pathway' && { pathway: id }),
    problems: presentProblems(problems),
  };
}

export const redecisionSchema = z
  .object({
    state: z.enum(['running', 'done']),
    done: z.number().int(),
    total: z.number().int(),
    certified: z.number().int(),
    startedAt: timestampSchema,
    finishedAt: timestampSchema.optional(),
  })
  .meta({ id: 'Redecision', description: 'How far everybody was decided anew since it changed' });

/** Nothing for those who are not told. */
export function presentSeenProblems(problems: readonly RuleFault[] | undefined) {
  return problems === undefined ? {} : { problems: presentProblems(problems) };
}

/** Without what only the workers need to know. */
export function presentRedecision(redecision: Redecision | undefined) {
  if (redecision === undefined) return {};
  const { id: _id, ...progress } = redecision;
  return { redecision: progress };
}

export const ruleSchema = z
  .object({
    id: idSchema,
    framework: idSchema,
    strand: idSchema.optional(),
    ordinal: z.number().int(),
    ...said,
    redecision: redecisionSchema.optional(),
    problems: problemsSchema,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'LevelRule' });

const statesSchema = z.object(
  Object.fromEntries(levelStates.map((state) => [state, z.number().int()])),
);
const countedSchema = z.object({ count: z.number().int(), learners: z.array(idSchema) });

export const simulationSchema = z
  .object({
    learners: z.number().int(),
    states: statesSchema,
    certified: countedSchema,
    uncovered: countedSchema,
    now: z.object({ states: statesSchema, uncovered: z.number().int() }).optional(),
  })
  .meta({
    id: 'LevelSimulation',
    description:
      'What the rule would say today: who would be certified, and who is and would not be covered; `now` is the rule that is on',
  });

export const waitingSchema = z
  .object({
    id: idSchema,
    rule: idSchema,
    framework: idSchema,
    strand: idSchema.optional(),
    ordinal: z.number().int(),
    achievement: idSchema,
    learner: idSchema,
    why: z.enum(['by-person', 'revoked']),
    createdAt: timestampSchema,
  })
  .meta({ id: 'WaitingLevel' });

export const waitingCreditSchema = z
  .object({
    id: idSchema,
    achievement: idSchema,
    pathway: idSchema.optional().meta({ description: 'Whose award it is; else it is composed' }),
    learner: idSchema,
    why: z.enum(['by-person', 'revoked']),
    createdAt: timestampSchema,
  })
  .meta({ id: 'WaitingCredit' });

export const certificationSchema = z
  .strictObject({ learner: idSchema })
  .meta({ id: 'LevelCertification' });

export const flaggedSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    achievement: idSchema,
    credential: idSchema,
    state: z.enum(['live', 'revoked']),
    open: z.boolean(),
    /** The award whose revocation took the support away. */
    lost: idSchema,
    lostAt: timestampSchema,
    decision: z.enum(['kept', 'regained']).optional(),
    reason: z.string().optional(),
  })
  .meta({ id: 'FlaggedLevel' });
