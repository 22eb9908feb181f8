import { z } from 'zod';
import { mentorshipOutcomes, mentorshipStates } from '../../domain/mentoring.ts';
import type { MentorOfferService } from '../../services/help/mentor-offers.ts';
import type { SeenMentorship } from '../../services/help/mentorship-views.ts';
import type { MentorshipService } from '../../services/help/mentorships.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, timestampSchema } from '../schemas.ts';

const offerSchema = z
  .object({ id: idSchema, person: idSchema, achievement: idSchema, createdAt: timestampSchema })
  .meta({ id: 'MentorOffer' });

const suggestionSchema = z
  .object({
    mentor: idSchema,
    /** Only where it may be known before they agree. */
    name: z.string().optional(),
    adult: z.boolean(),
    /** How many they are asked by, or help, already. */
    open: z.number().int(),
  })
  .meta({ id: 'MentorSuggestion' });

const mentorshipSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    mentor: idSchema,
    achievement: idSchema,
    flag: idSchema.optional(),
    state: z.enum(mentorshipStates),
    learnerName: z.string().optional(),
    mentorName: z.string().optional(),
    askedAt: timestampSchema,
    acceptedAt: timestampSchema.optional(),
    closedAt: timestampSchema.optional(),
    outcome: z.enum(mentorshipOutcomes).optional(),
  })
  .meta({ id: 'Mentorship', description: 'Where a minor takes part, names show after acceptance' });

const newMentorshipSchema = z
  .strictObject({
    learner: idSchema,
    mentor: idSchema,
    achievement: idSchema,
    flag: idSchema.optional(),
  })
  .meta({ id: 'NewMentorship' });

const byAchievement = z.strictObject({ achievement: idSchema });

export function mentoringRoutes(services: {
  mentorOffers: MentorOfferService;
  mentorships: MentorshipService;
}): readonly Route[] {
  return [...offerRoutes(services.mentorOffers), ...mentorshipRoutes(services.mentorships)];
}

function offerRoutes(offers: MentorOfferService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/learners/:id/mentoring',
      tag: 'support',
      summary: 'Offer to help others with what you hold',
      params: idParams,
      body: byAchievement.meta({ id: 'NewMentorOffer' }),
      response: offerSchema,
      status: 201,
      handle: async ({ actor, params, body }) => ({
        body: presentOffer(await offers.offer(actor, params.id, body.achievement)),
      }),
    }),
    route({
      method: 'get',
      path: '/learners/:id/mentoring',
      tag: 'support',
      summary: 'What somebody offers to help with',
      params: idParams,
      response: z.object({ items: z.array(offerSchema) }),
      status: 200,
      handle: async ({ actor, params }) => ({
        body: { items: (await offers.list(actor, params.id)).map(presentOffer) },
      }),
    }),
    route({
      method: 'delete',
      path: '/learners/:id/mentoring',
      tag: 'support',
      summary: 'Offer this no longer, or nothing any more; what is going on goes on',
      params: idParams,
      query: byAchievement.partial(),
      status: 204,
      handle: async ({ actor, params, query }) => {
        await offers.stop(actor, params.id, query.achievement);
        return {};
      },
    }),
    route({
      method: 'get',
      path: '/learners/:id/mentor-suggestions',
      tag: 'support',
      summary: 'Who could help with this: holds it, offers it, and has the fewest others',
      params: idParams,
      query: byAchievement.partial(),
      response: z.object({ items: z.array(suggestionSchema) }),
      status: 200,
      handle: async ({ actor, params, query }) => ({
        body: { items: await offers.suggest(actor, params.id, query.achievement) },
      }),
    }),
  ];
}

function mentorshipRoutes(mentorships: MentorshipService): readonly Route[] {
  const answerRoute = (verb: 'accept' | 'decline', summary: string) =>
    route({
      method: 'post',
      path: `/mentorships/:id/${verb}`,
      tag: 'support',
      summary,
      params: idParams,
      response: mentorshipSchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: presentMentorship(await mentorships[verb](actor, params.id)),
      }),
    });

  return [
    route({
      method: 'post',
      path: '/mentorships',
      tag: 'support',
      summary: 'Ask somebody to help a learner: staff do, or the learner',
      body: newMentorshipSchema,
      response: mentorshipSchema,
      status: 201,
      handle: async ({ actor, body }) => ({
        body: presentMentorship(await mentorships.ask(actor, body)),
      }),
    }),
    route({
      method: 'get',
      path: '/mentorships',
      tag: 'support',
      summary: 'Who helps whom, newest first; others than staff see their own',
      query: z.strictObject({
        ...pageQuery,
        learner: idSchema.optional(),
        mentor: idSchema.optional(),
        flag: idSchema.optional(),
        state: z.enum(mentorshipStates).optional(),
      }),
      response: pageOf(mentorshipSchema),
      status: 200,
      handle: async ({ actor, query: { limit, cursor, ...filter } }) => {
        const { items, ...page } = await mentorships.list(actor, filter, { limit, cursor });
        return { body: { items: items.map(presentMentorship), ...page } };
      },
    }),
    answerRoute('accept', 'Say yes, as the mentor who was asked'),
    answerRoute('decline', 'Say no, as the mentor who was asked'),
    route({
      method: 'post',
      path: '/mentorships/:id/end',
      tag: 'support',
      summary: 'End it and say what came of it',
      params: idParams,
      body: z.strictObject({ outcome: z.enum(mentorshipOutcomes) }).meta({ id: 'MentorshipEnd' }),
      response: mentorshipSchema,
      status: 200,
      handle: async ({ actor, params, body }) => ({
        body: presentMentorship(await mentorships.end(actor, params.id, body.outcome)),
      }),
    }),
  ];
}

function presentOffer({
  id,
  person,
  achievement,
  createdAt,
}: {
  id: string;
  person: string;
  achievement: string;
  createdAt: Date;
}) {
  return { id, person, achievement, createdAt };
}

function presentMentorship({ mentorship, learnerName, mentorName }: SeenMentorship) {
  const { organization: _organization, askedBy: _askedBy, ...rest } = mentorship;
  return { ...rest, learnerName, mentorName };
}
