import { Router } from 'express';
import type { IssuerService } from '../services/credentials/issuers.ts';
import { sendPublicJson } from './public.ts';

/** Who issues here and with which keys: what a verifier asks for. */
export function issuerRouter(issuers: IssuerService): Router {
  const router = Router();

  router.get('/issuers/:id/did.json', async (request, response) => {
    sendPublicJson(
      response,
      await issuers.getDidDocument(request.params.id),
      'application/did+json',
    );
  });
  router.get('/issuers/:id', async (request, response) => {
    sendPublicJson(response, await issuers.getProfile(request.params.id), 'application/ld+json');
  });
  router.get('/.well-known/jwks.json', async (_request, response) => {
    sendPublicJson(response, await issuers.getJwkSet(), 'application/jwk-set+json');
  });
  router.get('/keys/:kid', async (request, response) => {
    sendPublicJson(response, await issuers.getJwk(request.params.kid), 'application/jwk+json');
  });

  return router;
}
