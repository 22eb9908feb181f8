import { z } from 'zod';
import { achievementKinds } from '../../domain/achievements.ts';
import type { QueueEntry, ReviewQueue } from '../../services/submissions/review-queue.ts';
import type { ReviewService } from '../../services/submissions/reviews.ts';
import { route, type Route } from '../route.ts';
import { cursorHint, idParams, idSchema, pageOf, pageQuery, textSchema } from '../schemas.ts';
import { criterionSchema } from './achievement-schemas.ts';
import { presentRubric } from './achievements.ts';
import { presentSubmission, submissionSchema } from './submissions.ts';

const newReviewSchema = z
  .strictObject({
    achievement: idSchema,
    decision: z.enum(['approve', 'revise', 'decline']),
    results: z
      .array(z.strictObject({ criterion: idSchema, level: idSchema }))
      .max(100)
      .default([]),
    feedback: textSchema(8000).optional(),
    overrideReason: textSchema(2000).optional(),
  })
  .meta({ id: 'NewReview' });

const openReviewSchema = z
  .object({
    achievement: idSchema,
    version: z.number().int(),
    name: z.string(),
    kind: z.enum(achievementKinds),
    criteria: z.string(),
    rubric: z.array(criterionSchema),
    readers: z.number().int(),
    approvedBy: z.array(z.string()),
  })
  .meta({ id: 'OpenReview', description: 'An achievement that waits for a decision' });

const queueEntrySchema = submissionSchema
  .extend({ learnerName: z.string(), open: z.array(openReviewSchema) })
  .meta({ id: 'QueueEntry' });

export function reviewRoutes(services: {
  reviews: ReviewService;
  reviewQueue: ReviewQueue;
}): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/submissions/:id/reviews',
      tag: 'submissions',
      summary: 'Decide on one achievement of a submission',
      params: idParams,
      body: newReviewSchema,
      response: submissionSchema,
      status: 201,
      handle: async ({ actor, params, body }) => ({
        body: presentSubmission(await services.reviews.review(actor, params.id, body)),
      }),
    }),
    route({
      method: 'get',
      path: '/review-queue',
      tag: 'submissions',
      summary: 'What waits for a review, longest waiting first',
      query: z.strictObject({ ...pageQuery, cursor: z.string().max(60, cursorHint).optional() }),
      response: pageOf(queueEntrySchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await services.reviewQueue.list(actor, query);
        return { body: { items: items.map(presentEntry), ...page } };
      },
    }),
  ];
}

function presentEntry({ submission, learnerName, open }: QueueEntry) {
  return {
    ...presentSubmission(submission),
    learnerName,
    open: open.map(({ version, readers, approvedBy }) => ({
      achievement: version.achievement,
      version: version.number,
      name: version.name,
      kind: version.kind,
      criteria: version.criteria,
      rubric: presentRubric(version.rubric),
      readers,
      approvedBy,
    })),
  };
}
