import { z } from 'zod';
import { achievementKinds } from '../../domain/achievements.ts';
import { levelStates } from '../../domain/level-rules.ts';
import { standings } from '../../domain/progress.ts';
import { idSchema, timestampSchema } from '../schemas.ts';

export const rollUpRuleSchema = z
  .discriminatedUnion('rule', [
    z.strictObject({ rule: z.literal('highest') }),
    z.strictObject({ rule: z.literal('latest') }),
    z.strictObject({ rule: z.literal('mode'), last: z.number().int().min(2).max(50) }),
    z.strictObject({
      rule: z.literal('decaying-average'),
      weight: z
        .number()
        .gt(0, 'must be above 0 and below 1')
        .lt(1, 'must be above 0 and below 1')
        .default(0.65),
    }),
    z.strictObject({ rule: z.literal('n-times'), times: z.number().int().min(1).max(20) }),
  ])
  .meta({ id: 'RollUpRule' });

/** Answers show a rule as it was written down, so the same schema serves both ways. */
export const rollUpPolicySchema = z
  .strictObject({
    default: rollUpRuleSchema,
    frameworks: z.record(z.uuid('must be the id of a framework'), rollUpRuleSchema).default({}),
  })
  .meta({ id: 'RollUpPolicy' });

/** A moment; it is told as a problem when it is still to come. */
export const momentSchema = timestampSchema.transform((text) => new Date(text));

const evidenceSchema = z
  .object({
    id: idSchema,
    source: z.enum(['review', 'award']),
    achievement: idSchema,
    at: timestampSchema,
    level: z.string(),
    value: z.number(),
  })
  .meta({ id: 'EstimateEvidence', description: 'What one review, or one direct award, found' });

export const overrideSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    standard: idSchema,
    level: z.string(),
    value: z.number(),
    reason: z.string(),
    by: z.string(),
    at: timestampSchema,
    withdrawnAt: timestampSchema.optional(),
    withdrawnBy: z.string().optional(),
  })
  .meta({ id: 'EstimateOverride' });

const estimateSchema = z
  .object({
    /** What is shown: the override's where there is one. */
    level: z.string().optional(),
    value: z.number().optional(),
    computed: z
      .object({
        rule: rollUpRuleSchema,
        level: z.string().optional(),
        value: z.number().optional(),
        why: z.string(),
        seen: z.number().int(),
        evidence: z.array(evidenceSchema),
      })
      .optional(),
    override: overrideSchema.optional(),
  })
  .meta({ id: 'Estimate', description: 'Always with the rule and the evidence that made it' });

const standingSchema = z.object({
  id: idSchema,
  name: z.string(),
  kind: z.enum(achievementKinds),
  level: z.number().int().optional(),
  state: z.enum(standings),
  at: timestampSchema.optional(),
  credential: idSchema.optional(),
  submission: idSchema.optional(),
});

const nextStepSchema = z.object({
  kind: z.enum(['previous-level', 'must-have', 'pool', 'boss']),
  achievements: z.array(idSchema),
  count: z.number().int().optional(),
  words: z.string(),
});

export const levelDecisionSchema = z.object({
  rule: idSchema,
  ordinal: z.number().int(),
  strand: idSchema.optional(),
  achievement: idSchema,
  state: z.enum(levelStates),
  share: z.number(),
  earned: z.number().int(),
  missing: z.number().int(),
  lacking: z.number().int(),
  bossReady: z.boolean(),
});

export const paceSchema = z
  .object({ perMonth: z.number(), setBy: z.string(), setAt: timestampSchema })
  .meta({ id: 'Pace' });

export const progressSchema = z
  .object({
    learner: z.object({ id: idSchema, name: z.string() }),
    asOf: timestampSchema,
    frameworks: z.array(
      z.object({
        id: idSchema,
        title: z.string(),
        rollUp: rollUpRuleSchema,
        decisions: z.array(levelDecisionSchema.extend({ nextSteps: z.array(nextStepSchema) })),
        levels: z.array(
          z.object({
            ordinal: z.number().int().optional(),
            name: z.string().optional(),
            achievements: z.array(standingSchema),
          }),
        ),
        standards: z.array(
          z.object({
            id: idSchema,
            code: z.string().optional(),
            statement: z.string(),
            estimate: estimateSchema.optional(),
          }),
        ),
      }),
    ),
    others: z.array(standingSchema),
    pace: z.object({
      perMonth: z.number(),
      lastMonth: z.number().int(),
      chosen: paceSchema.optional(),
      words: z.string(),
    }),
  })
  .meta({ id: 'Progress' });
