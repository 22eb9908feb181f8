import { Router } from 'express';
import type { z } from 'zod';
import type { IssueWishes, VcApiService } from '../../services/credentials/vc-api.ts';
import { defined } from '../../shared/defined.ts';
import { mountRoutes, route, type MountOptions, type Operation, type Route } from '../route.ts';
import { issueAnswerSchema, issueRequestSchema, statusRequestSchema } from './schemas.ts';

function issuerRoutes(vcApi: VcApiService): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/vc/credentials/issue',
      tag: 'vc-api',
      summary: 'Sign any conforming credential with the key of your school (administrators)',
      body: issueRequestSchema,
      response: issueAnswerSchema,
      status: 201,
      handle: async ({ actor, body: { credential, options } }) => ({
        body: {
          verifiableCredential: await vcApi.issue(actor, credential, toWishes(options)),
        },
      }),
    }),
    route({
      method: 'post',
      path: '/vc/credentials/status',
      tag: 'vc-api',
      summary: 'Revoke, suspend or reinstate a credential (administrators)',
      body: statusRequestSchema,
      status: 200,
      handle: async ({ actor, body }) => {
        await vcApi.setStatus(actor, body);
        return {};
      },
    }),
  ];
}

function toWishes(options: z.infer<typeof issueRequestSchema>['options']): IssueWishes {
  const { credentialId, created, challenge, domain, previousProof } = options ?? {};
  const at = created === undefined ? undefined : new Date(created);
  const purposes = [options?.credentialStatus ?? []]
    .flat()
    .map(({ statusPurpose }) => statusPurpose);
  return defined({ credentialId, created: at, challenge, domain, previousProof, purposes });
}

/** `POST /vc/credentials/issue` and `…/status`; put behind `authenticate`. */
export function vcIssuerRouter(vcApi: VcApiService, options: MountOptions): Router {
  const router = Router();
  mountRoutes(router, issuerRoutes(vcApi), options);
  return router;
}

export function vcIssuerOperations(vcApi: VcApiService): readonly Operation[] {
  return issuerRoutes(vcApi).map((definition) => ({ ...definition, atRoot: true }));
}
