import { z } from 'zod';
import type { Credential } from '../../domain/awards.ts';
import { credentialStates } from '../../domain/status.ts';
import type { CredentialService } from '../../services/credentials/credentials.ts';
import type { CredentialStatusService } from '../../services/credentials/credential-status.ts';
import type { Urls } from '../../shared/urls.ts';
import { route, type Answer, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';

const credentialSummarySchema = z
  .object({
    id: idSchema,
    /** Its public address; it answers once the credential is public. */
    url: z.string(),
    award: idSchema,
    learner: idSchema,
    achievement: idSchema,
    version: z.number().int(),
    visibility: z.enum(['private', 'public']),
    /** As the status lists say. */
    state: z.enum(credentialStates),
    issuedAt: timestampSchema,
  })
  .meta({ id: 'CredentialSummary' });

const credentialSchema = credentialSummarySchema
  .extend({ document: z.looseObject({}), jwt: z.string() })
  .meta({ id: 'Credential' });

/** The reason is for the audit log: staff see it, the learner and the public do not. */
const statusDecisionSchema = z
  .strictObject({ reason: textSchema(1_000) })
  .meta({ id: 'StatusDecision' });

export function credentialRoutes({
  credentials,
  credentialStatus,
  urls,
}: {
  credentials: CredentialService;
  credentialStatus: CredentialStatusService;
  urls: Urls;
}): readonly Route[] {
  const summary = ({
    document: _document,
    jwt: _jwt,
    organization: _organization,
    ...rest
  }: Credential) => ({
    ...rest,
    url: urls.credential(rest.id),
  });
  const whole = (credential: Credential): Answer => ({
    body: {
      ...summary(credential),
      document: JSON.parse(credential.document) as unknown,
      jwt: credential.jwt,
    },
  });
  const visibilityRoute = (
    verb: 'publish' | 'unpublish',
    visibility: Credential['visibility'],
    text: string,
  ) =>
    route({
      method: 'post',
      path: `/credentials/:id/${verb}`,
      tag: 'credentials',
      summary: text,
      params: idParams,
      response: credentialSummarySchema,
      status: 200,
      handle: async ({ actor, params }) => ({
        body: summary(await credentials.setVisibility(actor, params.id, visibility)),
      }),
    });

  const statusRoute = (verb: 'revoke' | 'suspend' | 'reinstate', text: string) =>
    route({
      method: 'post',
      path: `/credentials/:id/${verb}`,
      tag: 'credentials',
      summary: text,
      params: idParams,
      body: statusDecisionSchema,
      status: 204,
      handle: async ({ actor, params, body }) => {
        await credentialStatus[verb](actor, params.id, body.reason);
        return {};
      },
    });

  return [
    route({
      method: 'get',
      path: '/credentials',
      tag: 'credentials',
      summary: 'List credentials, newest award first; learners see their own',
      query: z.strictObject({
        ...pageQuery,
        learner: idSchema.optional(),
        achievement: idSchema.optional(),
        state: z.enum(credentialStates).optional(),
      }),
      response: pageOf(credentialSummarySchema),
      status: 200,
      handle: async ({ actor, query }) => {
        const { items, ...page } = await credentials.list(actor, query, query);
        return { body: { items: items.map(summary), ...page } };
      },
    }),
    route({
      method: 'get',
      path: '/credentials/:id',
      tag: 'credentials',
      summary: 'One credential with both signed forms, public or not',
      params: idParams,
      response: credentialSchema,
      status: 200,
      handle: async ({ actor, params }) => whole(await credentials.get(actor, params.id)),
    }),
    visibilityRoute('publish', 'public', 'Open a credential to everybody at its public address'),
    visibilityRoute(
      'unpublish',
      'private',
      'Close a credential: its public address answers 404 again',
    ),
    statusRoute('revoke', 'Take a credential back for ever'),
    statusRoute('suspend', 'Put a credential on hold'),
    statusRoute('reinstate', 'End the suspension of a credential'),
  ];
}
