import { z } from 'zod';
import type { AuditEvent } from '../../domain/audit.ts';
import type { AuditService } from '../../services/audit.ts';
import type { OrganizationService } from '../../services/school/organizations.ts';
import { route, type Route } from '../route.ts';
import { achievementKinds } from '../../domain/achievements.ts';
import { consentScopes } from '../../domain/consents.ts';
import { rollUpPolicySchema } from './progress-schemas.ts';
import {
  cursorHint,
  idSchema,
  languageSchema,
  pageOf,
  pageQuery,
  signedTextSchema,
  textSchema,
  timestampSchema,
  webAddressSchema,
} from '../schemas.ts';

const daySchema = z.iso.date('must be a day such as 2026-12-24');
const supportSchema = z
  .strictObject({
    daysWithoutProgress: z.number().int().min(1).max(365).optional(),
    timesSentBack: z.number().int().min(1).max(20).optional(),
    behindPace: z.boolean().default(false),
    missingLevel: z.boolean().default(false),
    visibleToFamily: z.boolean().default(false),
    pauses: z
      .array(
        z
          .strictObject({ from: daySchema, to: daySchema })
          .refine(({ from, to }) => from <= to, 'must not end before it begins'),
      )
      .max(50)
      .default([]),
  })
  .meta({
    id: 'SupportPolicy',
    description: 'When somebody looks after a learner; what is left out is off',
  });

const policySchema = z
  .strictObject({
    nameInCredential: z.boolean(),
    adultCredentialVisibility: z.enum(['private', 'public']),
    secondReader: z.enum(['never', 'boss', 'always']),
    support: supportSchema,
    calibration: z
      .strictObject({
        share: z.number().min(0).max(1),
        kinds: z.array(z.enum(achievementKinds)).min(1).max(achievementKinds.length).optional(),
      })
      .meta({ id: 'CalibrationPolicy' }),
    digest: z
      .strictObject({ guardians: z.boolean(), learners: z.boolean() })
      .meta({ id: 'DigestPolicy' }),
    guardianConsent: z.array(z.enum(consentScopes)).max(consentScopes.length),
    rollUp: rollUpPolicySchema,
  })
  .meta({ id: 'Policy' });

const termSchema = z.string().regex(/^[a-z]{1,40}$/, 'must be the name of a term');
const word = textSchema(60);

const wordFormsSchema = z
  .strictObject({
    one: word,
    other: word,
    zero: word.optional(),
    two: word.optional(),
    few: word.optional(),
    many: word.optional(),
  })
  .meta({ id: 'WordForms', description: 'A word by the plural categories of its language (CLDR)' });

const maxLanguages = 40;

const organizationSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string().optional(),
    url: z.string().optional(),
    email: z.string().optional(),
    languages: z.array(z.string()).optional(),
    vocabulary: z.record(z.string(), z.record(z.string(), wordFormsSchema)),
    masteryPolicy: z.record(z.string(), z.string()).optional(),
    policy: policySchema,
    createdAt: timestampSchema,
  })
  .meta({ id: 'Organization' });

const organizationChangesSchema = z
  .strictObject({
    name: signedTextSchema(200).optional(),
    description: signedTextSchema(2000).optional(),
    url: webAddressSchema(500).optional(),
    email: z.email('must be an e-mail address').max(254).optional(),
    languages: z.array(languageSchema).min(1).max(maxLanguages).optional(),
    vocabulary: z
      .record(languageSchema, z.record(termSchema, wordFormsSchema.nullable()).nullable())
      .optional()
      .describe('Word by word; null gives a term, or a whole language, back to its defaults'),
    masteryPolicy: z
      .record(languageSchema, textSchema(20_000).nullable())
      .optional()
      .describe('Markdown by language, shown on the public policy page; null takes one away'),
    policy: policySchema.partial().optional(),
  })
  .meta({ id: 'OrganizationChanges' });

const auditEventSchema = z
  .object({
    sequence: z.number().int(),
    at: timestampSchema,
    actor: z.object({ kind: z.string(), id: z.string() }),
    action: z.string(),
    subject: z.string(),
    reason: z.string().optional(),
    details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    previous: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });

export function organizationRoutes(services: {
  organizations: OrganizationService;
  audit: AuditService;
}): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/organization',
      tag: 'organizations',
      summary: 'Your school: profile, vocabulary, policy',
      response: organizationSchema,
      status: 200,
      handle: async ({ actor }) => ({ body: await services.organizations.get(actor) }),
    }),
    route({
      method: 'patch',
      path: '/organization',
      tag: 'organizations',
      summary: 'Change your school; what is left out stays as it is',
      body: organizationChangesSchema,
      response: organizationSchema,
      status: 200,
      handle: async ({ actor, body }) => ({
        body: await services.organizations.update(actor, body),
      }),
    }),
    route({
      method: 'get',
      path: '/audit-events',
      tag: 'organizations',
      summary: 'Every decision, newest first, each chained to the one before',
      query: z.strictObject({
        ...pageQuery,
        cursor: z
          .string()
          .regex(/^\d{1,12}$/, cursorHint)
          .optional(),
      }),
      response: pageOf(auditEventSchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await services.audit.list(actor, query);
        return { body: { items: items.map(presentEvent), ...page } };
      },
    }),
  ];
}

function presentEvent({ organization: _organization, key: _key, ...event }: AuditEvent) {
  return event;
}
