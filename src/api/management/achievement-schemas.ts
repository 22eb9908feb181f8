import { z } from 'zod';
import { achievementKinds } from '../../domain/achievements.ts';
import { languagePattern } from '../../domain/publishing.ts';
import { idSchema, signedTextSchema as signedText, timestampSchema } from '../schemas.ts';

const kindSchema = z.enum(achievementKinds);
const levelSchema = z.number().int().min(1).max(99);

const templateSchema = z.strictObject({
  kind: z.literal('template'),
  shape: z.enum(['circle', 'hexagon', 'shield', 'stone', 'square']),
  color: z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a color such as #1f5f8b'),
  icon: z.string().max(40),
});

const newImageSchema = z.discriminatedUnion('kind', [
  templateSchema,
  z.strictObject({ kind: z.literal('upload'), file: idSchema }),
]);

const newCriterionSchema = z
  .strictObject({
    name: signedText(200),
    description: signedText(2000).optional(),
    levels: z
      .array(
        z.strictObject({
          name: signedText(100),
          description: signedText(2000).optional(),
          points: z.number().min(0).max(1_000_000).optional(),
        }),
      )
      .max(12, 'must have at most 12 levels')
      .meta({ description: 'From lowest to highest' }),
    requiredLevel: signedText(100).meta({ description: 'Name of one of the levels' }),
  })
  .meta({ id: 'NewCriterion' });

const newContent = {
  kind: kindSchema,
  name: signedText(200),
  description: signedText(2000),
  criteria: signedText(20_000).meta({ description: 'Markdown: what a learner must show' }),
  standards: z.array(idSchema).max(100, 'must name at most 100 standards'),
  level: levelSchema.optional(),
  rubric: z.array(newCriterionSchema).max(20, 'must have at most 20 criteria'),
  evidencePolicy: z
    .strictObject({
      minItems: z.number().int().min(0).max(20).optional(),
      instructions: signedText(4000).optional(),
      selfAssessment: z.boolean().optional(),
      accepted: z
        .array(signedText(200))
        .max(20, 'must name at most 20 kinds of evidence')
        .optional()
        .meta({ description: 'Kinds of evidence that are welcome; others are not refused' }),
    })
    .optional(),
  image: newImageSchema.optional(),
  language: z.string().regex(languagePattern, 'must be a code such as en or pt-BR').optional(),
  tags: z.array(signedText(60)).max(30, 'must have at most 30 tags').optional(),
};

export const newAchievementSchema = z.strictObject(newContent).meta({ id: 'NewAchievement' });

export const achievementChangesSchema = z
  .strictObject({
    ...newContent,
    level: levelSchema.nullable().optional(),
    language: newContent.language.nullable(),
    image: newImageSchema.nullable().optional(),
  })
  .partial()
  .meta({
    id: 'AchievementChanges',
    description: 'What is left out stays; null takes a level or language away, or resets the image',
  });

export const criterionSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string().optional(),
    levels: z.array(
      z.object({
        id: idSchema,
        name: z.string(),
        description: z.string().optional(),
        points: z.number().optional(),
      }),
    ),
    requiredLevel: idSchema.meta({ description: 'Id of one of the levels' }),
    requiredLevelName: z.string(),
  })
  .meta({ id: 'Criterion' });

const content = {
  kind: kindSchema,
  name: z.string(),
  description: z.string(),
  criteria: z.string(),
  standards: z.array(idSchema),
  level: levelSchema.optional(),
  rubric: z.array(criterionSchema),
  evidencePolicy: z.object({
    minItems: z.number().int(),
    instructions: z.string().optional(),
    selfAssessment: z.boolean().optional(),
    accepted: z.array(z.string()).optional(),
  }),
  image: z.discriminatedUnion('kind', [
    templateSchema,
    z.object({ kind: z.literal('upload'), width: z.number().int(), height: z.number().int() }),
  ]),
  language: z.string().optional(),
  tags: z.array(z.string()),
};

export const achievementSchema = z
  .object({
    id: idSchema,
    state: z.enum(['draft', 'published', 'retired']),
    version: z.number().int().meta({ description: 'The newest published version; 0 for none' }),
    ...content,
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Achievement' });

export const achievementVersionSchema = z
  .object({
    achievement: idSchema,
    number: z.number().int(),
    ...content,
    levelName: z.string().optional(),
    levelCount: z.number().int().optional(),
    alignments: z.array(
      z.object({
        id: idSchema,
        standard: idSchema,
        identifier: z.string(),
        uri: z.string(),
        statement: z.string(),
        code: z.string().optional(),
        framework: z.object({ id: idSchema, title: z.string() }),
      }),
    ),
    publishedAt: timestampSchema,
  })
  .meta({ id: 'AchievementVersion' });
