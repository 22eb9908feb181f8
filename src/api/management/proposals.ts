import { z } from 'zod';
import { proposalKinds, type Proposal } from '../../domain/proposals.ts';
import type { ProposalService } from '../../services/curriculum/proposals.ts';
import { route, type Route } from '../route.ts';
import {
  idParams,
  idSchema,
  pageOf,
  pageQuery,
  signedTextSchema,
  textSchema,
  timestampSchema,
} from '../schemas.ts';

const kindSchema = z.enum(proposalKinds);
const stateSchema = z.enum(['open', 'accepted', 'declined']);

const proposalSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    kind: kindSchema,
    title: z.string(),
    text: z.string(),
    about: z.array(idSchema),
    state: stateSchema,
    outcome: z
      .object({ noun: z.enum(['achievement', 'pathway']), id: idSchema })
      .optional()
      .meta({ description: 'The draft that was made of it' }),
    history: z.array(
      z.object({
        kind: z.enum(['proposed', 'edited', 'accepted', 'declined']),
        by: z.string(),
        at: timestampSchema,
        title: z.string(),
        text: z.string(),
        reason: z.string().optional(),
      }),
    ),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Proposal' });

// What is accepted becomes the words of a draft, which will be signed.
const title = signedTextSchema(200);
const text = signedTextSchema(2_000);
const reason = textSchema(2_000);

const newProposalSchema = z
  .strictObject({
    kind: kindSchema,
    title,
    text,
    about: z
      .array(idSchema)
      .max(50)
      .refine((ids) => new Set(ids).size === ids.length, 'must name each achievement once')
      .default([])
      .meta({ description: 'Achievements: the steps of a pathway, the one that evidence is for' }),
  })
  .meta({ id: 'NewProposal' });

export function proposalRoutes(proposals: ProposalService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/proposals',
      tag: 'proposals',
      summary: 'Propose an achievement, a pathway or a kind of evidence',
      body: newProposalSchema,
      response: proposalSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const made = present(await proposals.create(actor, body));
        return { body: made, headers: { Location: `/api/v1/proposals/${made.id}` } };
      },
    }),
    route({
      method: 'get',
      path: '/proposals',
      tag: 'proposals',
      summary: 'List proposals, newest first; learners see their own',
      query: z.strictObject({
        ...pageQuery,
        learner: idSchema.optional(),
        state: stateSchema.optional(),
      }),
      response: pageOf(proposalSchema),
      status: 200,
      handle: async ({ actor, query: { learner, state, ...page } }) => {
        const { items, ...rest } = await proposals.list(actor, { learner, state }, page);
        return { body: { items: items.map(present), ...rest } };
      },
    }),
    ...verdictRoutes(proposals),
  ];
}

function verdictRoutes(proposals: ProposalService): readonly Route[] {
  const one = { tag: 'proposals', params: idParams, response: proposalSchema, status: 200 };
  return [
    route({
      ...one,
      method: 'get',
      path: '/proposals/:id',
      summary: 'One proposal with its history',
      handle: async ({ actor, params }) => ({
        body: present(await proposals.get(actor, params.id)),
      }),
    }),
    route({
      ...one,
      method: 'post',
      path: '/proposals/:id/accept',
      summary:
        'Accept: makes a draft of it, or adds the kind of evidence to the achievement’s draft',
      body: z.strictObject({ reason: reason.optional() }),
      handle: async ({ actor, params, body }) => ({
        body: present(await proposals.decide(actor, params.id, { kind: 'accepted', ...body })),
      }),
    }),
    route({
      ...one,
      method: 'post',
      path: '/proposals/:id/edit',
      summary: 'Put it in other words, and say why; what was written before stays readable',
      body: z.strictObject({ title: title.optional(), text: text.optional(), reason }),
      handle: async ({ actor, params, body }) => ({
        body: present(await proposals.decide(actor, params.id, { kind: 'edited', ...body })),
      }),
    }),
    route({
      ...one,
      method: 'post',
      path: '/proposals/:id/decline',
      summary: 'Decline, and say why',
      body: z.strictObject({ reason }),
      handle: async ({ actor, params, body }) => ({
        body: present(await proposals.decide(actor, params.id, { kind: 'declined', ...body })),
      }),
    }),
  ];
}

function present({ organization: _organization, revision: _revision, ...rest }: Proposal) {
  return rest;
}
