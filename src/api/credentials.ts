import { Router, type Response } from 'express';
import type { Credential } from '../domain/awards.ts';
import type { BadgeService } from '../services/credentials/badges.ts';
import type { CredentialService } from '../services/credentials/credentials.ts';

/** Signed credentials at their own address, in every form; only those that their learner made public. */
export function credentialRouter({
  credentials,
  badges,
}: {
  credentials: CredentialService;
  badges: BadgeService;
}): Router {
  const router = Router();

  router.get('/credentials/:id.jwt', async (request, response) => {
    const { jwt } = await credentials.getPublic(request.params.id);
    respond(response).type('text/plain').send(jwt);
  });
  router.get('/credentials/:id.png', async (request, response) => {
    const credential = await credentials.getPublic(request.params.id);
    respond(response)
      .type('image/png')
      .send(Buffer.from(await badges.bakedPng(credential)));
  });
  router.get('/credentials/:id.svg', async (request, response) => {
    const credential = await credentials.getPublic(request.params.id);
    respond(response)
      .type('image/svg+xml')
      .send(await badges.bakedSvg(credential));
  });
  router.get('/credentials/:id.json', async (request, response) => {
    sendDocument(response, await credentials.getPublic(request.params.id), 'application/vc');
  });
  router.get('/credentials/:id', async (request, response) => {
    const credential = await credentials.getPublic(request.params.id);
    sendDocument(response, credential, request.accepts(documentTypes) || 'application/vc');
  });

  return router;
}

const documentTypes = ['application/vc', 'application/ld+json', 'application/json'];

function sendDocument(response: Response, { document }: Credential, type: string): void {
  respond(response).type(type).send(document);
}

/** Its learner may close it at any time, so nobody keeps it without asking again. */
function respond(response: Response): Response {
  return response.set('Cache-Control', 'private, no-cache').vary('Accept');
}
