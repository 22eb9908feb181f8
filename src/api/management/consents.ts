import { z } from 'zod';
import { consentScopes, type Consent } from '../../domain/consents.ts';
import type { ConsentService } from '../../services/school/consents.ts';
import { route, type Route } from '../route.ts';
import { idParams, idSchema, pageOf, pageQuery, textSchema, timestampSchema } from '../schemas.ts';

const scopeSchema = z.enum(consentScopes);
const consentSchema = z
  .object({
    id: idSchema,
    learner: idSchema,
    scope: scopeSchema,
    act: z.enum(['given', 'withdrawn']),
    by: z.string(),
    at: timestampSchema,
    textVersion: z.string(),
    text: z.string().optional(),
  })
  .meta({ id: 'Consent', description: 'A word that is kept: the last one for a scope counts' });

const newConsentSchema = z
  .strictObject({
    scope: scopeSchema,
    textVersion: textSchema(100),
    text: textSchema(10_000).optional(),
  })
  .meta({ id: 'NewConsent' });

export function consentRoutes(consents: ConsentService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/learners/:id/consents',
      tag: 'people',
      summary: 'Agree to something for a learner: their guardian, or the adult learner',
      params: idParams,
      body: newConsentSchema,
      response: consentSchema,
      status: 201,
      handle: async ({ actor, params, body }) => ({
        body: presentConsent(await consents.give(actor, params.id, body)),
      }),
    }),
    route({
      method: 'post',
      path: '/learners/:id/consents/withdraw',
      tag: 'people',
      summary: 'Take a consent back; what rested on it is closed at once',
      params: idParams,
      body: z.strictObject({ scope: scopeSchema }).meta({ id: 'ConsentWithdrawal' }),
      response: consentSchema,
      status: 201,
      handle: async ({ actor, params, body }) => ({
        body: presentConsent(await consents.withdraw(actor, params.id, body.scope)),
      }),
    }),
    route({
      method: 'get',
      path: '/learners/:id/consents',
      tag: 'people',
      summary: 'What was agreed to for a learner and taken back, newest first',
      params: idParams,
      query: z.strictObject(pageQuery),
      response: pageOf(consentSchema),
      status: 200,
      handle: async ({ actor, params, query }) => {
        const { items, ...page } = await consents.list(actor, params.id, query);
        return { body: { items: items.map(presentConsent), ...page } };
      },
    }),
  ];
}

function presentConsent({ organization: _organization, ...consent }: Consent) {
  return consent;
}
