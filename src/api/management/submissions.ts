import { z } from 'zod';
import { evidenceLimits, type Evidence } from '../../domain/evidence.ts';
import { submissionLimits, type Submission } from '../../domain/submissions.ts';
import type { SubmissionService } from '../../services/submissions/submissions.ts';
import { route, type Route } from '../route.ts';
import {
  idParams,
  idSchema,
  pageOf,
  pageQuery,
  signedTextSchema,
  textSchema,
  timestampSchema,
  webAddressSchema,
} from '../schemas.ts';
import { fileSchema, presentFile } from './files.ts';

const evidenceSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    narrative: z.string().optional(),
    url: z.string().optional(),
    file: fileSchema.optional(),
  })
  .meta({ id: 'Evidence' });

const submissionStateSchema = z.enum(['draft', 'submitted', 'decided', 'withdrawn']);

const decisionSchema = z
  .object({
    achievement: idSchema,
    version: z.number().int(),
    state: z.enum(['pending', 'approved', 'revise', 'declined']),
    /** The way to the credential: `GET /issuances/{id}`. */
    issuance: idSchema.optional(),
    credential: idSchema.optional(),
    alreadyAwarded: z.boolean().optional(),
  })
  .meta({ id: 'SubmissionDecision' });

const reviewSchema = z
  .object({
    id: idSchema,
    achievement: idSchema,
    version: z.number().int(),
    reviewer: z.string(),
    decision: z.enum(['approve', 'revise', 'decline']),
    results: z.array(z.object({ id: idSchema, criterion: z.string(), level: z.string() })),
    feedback: z.string().optional(),
    overrideReason: z.string().optional(),
    at: timestampSchema,
    round: z.number().int(),
  })
  .meta({ id: 'Review' });

const selfAssessmentSchema = z
  .object({
    achievement: idSchema,
    version: z.number().int(),
    round: z.number().int(),
    results: z.array(
      z.object({ criterion: z.string(), level: z.string(), comment: z.string().optional() }),
    ),
  })
  .meta({ id: 'SelfAssessment' });

export const submissionSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    course: idSchema.optional(),
    state: submissionStateSchema,
    round: z.number().int(),
    decisions: z.array(decisionSchema),
    evidence: z.array(evidenceSchema),
    earlierEvidence: z.array(
      z.object({ round: z.number().int(), evidence: z.array(evidenceSchema) }),
    ),
    reviews: z.array(reviewSchema),
    selfAssessments: z.array(selfAssessmentSchema),
    submittedAt: timestampSchema.optional(),
    /** When each round was handed in. */
    handedIn: z.array(timestampSchema).optional(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Submission' });

const newEvidenceSchema = z
  .strictObject({
    name: signedTextSchema(200),
    narrative: textSchema(evidenceLimits.narrativeBytes).optional(),
    url: webAddressSchema(2_000).optional(),
    file: idSchema.optional(),
  })
  .meta({ id: 'NewEvidence' });

const achievementsSchema = z
  .array(idSchema)
  .min(1, 'must name at least one achievement')
  .max(submissionLimits.achievements)
  .refine((ids) => new Set(ids).size === ids.length, 'must name each achievement once');

const newSelfAssessmentSchema = z
  .array(
    z.strictObject({
      achievement: idSchema,
      results: z
        .array(
          z.strictObject({
            criterion: idSchema,
            level: idSchema,
            comment: textSchema(2_000).optional(),
          }),
        )
        .max(100),
    }),
  )
  .max(submissionLimits.achievements)
  .meta({
    description: 'How the learner sees the work; the reviewer finds it beside the evidence',
  });

const newSubmissionSchema = z
  .strictObject({
    learner: idSchema.optional(),
    achievements: achievementsSchema.optional(),
    course: idSchema
      .optional()
      .meta({ description: 'Hands in for its achievements: those named, or all that are open' }),
    evidence: z.array(newEvidenceSchema).max(evidenceLimits.items).default([]),
    selfAssessment: newSelfAssessmentSchema.optional(),
    submit: z.boolean().optional(),
  })
  .refine(({ achievements, course }) => achievements !== undefined || course !== undefined, {
    path: ['achievements'],
    message: 'must name at least one achievement',
  })
  .meta({ id: 'NewSubmission' });

const submissionChangesSchema = z
  .strictObject({
    achievements: achievementsSchema.optional(),
    evidence: z.array(newEvidenceSchema).max(evidenceLimits.items).optional(),
    selfAssessment: newSelfAssessmentSchema.optional(),
  })
  .meta({ id: 'SubmissionChanges' });

export function submissionRoutes(submissions: SubmissionService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/submissions',
      tag: 'submissions',
      summary: 'Start a submission; with `submit` it is handed in at once',
      body: newSubmissionSchema,
      response: submissionSchema,
      status: 201,
      handle: async ({ actor, body }) => {
        const submission = presentSubmission(await submissions.create(actor, body));
        return {
          body: submission,
          headers: { Location: `/api/v1/submissions/${submission.id}` },
        };
      },
    }),
    route({
      method: 'get',
      path: '/submissions',
      tag: 'submissions',
      summary: 'List submissions, newest first; learners see their own',
      query: z.strictObject({
        ...pageQuery,
        learner: idSchema.optional(),
        state: submissionStateSchema.optional(),
      }),
      response: pageOf(submissionSchema),
      status: 200,
      handle: async ({ actor, query: { learner, state, ...page } }) => {
        const { items, ...rest } = await submissions.list(actor, { learner, state }, page);
        return { body: { items: items.map(presentSubmission), ...rest } };
      },
    }),
    ...oneSubmissionRoutes(submissions),
  ];
}

function oneSubmissionRoutes(submissions: SubmissionService): readonly Route[] {
  const shared = { tag: 'submissions', params: idParams, response: submissionSchema, status: 200 };
  return [
    route({
      ...shared,
      method: 'get',
      path: '/submissions/:id',
      summary: 'One submission with its evidence, reviews and decisions',
      handle: async ({ actor, params }) => ({
        body: presentSubmission(await submissions.get(actor, params.id)),
      }),
    }),
    route({
      ...shared,
      method: 'patch',
      path: '/submissions/:id',
      summary: 'Change a draft, or the evidence of what was sent back',
      body: submissionChangesSchema,
      handle: async ({ actor, params, body }) => ({
        body: presentSubmission(await submissions.edit(actor, params.id, body)),
      }),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/submissions/:id/submit',
      summary: 'Hand in, or hand in again after it was sent back',
      handle: async ({ actor, params }) => ({
        body: presentSubmission(await submissions.submit(actor, params.id)),
      }),
    }),
    route({
      ...shared,
      method: 'post',
      path: '/submissions/:id/withdraw',
      summary: 'Take back what is not decided',
      handle: async ({ actor, params }) => ({
        body: presentSubmission(await submissions.withdraw(actor, params.id)),
      }),
    }),
  ];
}

export function presentSubmission({
  organization: _organization,
  audited: _audited,
  revision: _revision,
  ...submission
}: Submission) {
  return {
    ...submission,
    decisions: submission.decisions.map(presentDecision),
    evidence: submission.evidence.map(presentEvidence),
    earlierEvidence: submission.earlierEvidence.map(({ round, evidence }) => ({
      round,
      evidence: evidence.map(presentEvidence),
    })),
    reviews: submission.reviews.map(({ reviewerKind: _kind, ...review }) => review),
    selfAssessments: submission.selfAssessments ?? [],
  };
}

/** An award that was held already became no credential, so none is promised. */
function presentDecision(decision: Submission['decisions'][number]) {
  const { achievement, version, state, award, credential, settled } = decision;
  if (settled === 'already-awarded') return { achievement, version, state, alreadyAwarded: true };
  return {
    achievement,
    version,
    state,
    ...(award === undefined ? {} : { issuance: award }),
    ...(credential === undefined ? {} : { credential }),
  };
}

function presentEvidence({ file, ...evidence }: Evidence) {
  if (file === undefined) return evidence;
  return { ...evidence, file: presentFile({ ...file, id: file.blob }) };
}
