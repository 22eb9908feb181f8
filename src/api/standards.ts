import { Router } from 'express';
import type { PublicStandardService } from '../services/frameworks/public-standards.ts';
import { sendPublicJson } from './public.ts';

/** Standards at their own CASE 1.1 address: what an Alignment's `targetUrl` leads to when a school wrote them here. */
export function standardRouter(standards: PublicStandardService): Router {
  const router = Router();

  router.get('/ims/case/v1p1/CFItems/:identifier', async (request, response) => {
    sendPublicJson(
      response,
      await standards.getItem(request.params.identifier),
      'application/json',
    );
  });
  router.get('/ims/case/v1p1/CFDocuments/:identifier', async (request, response) => {
    const document = await standards.getDocument(request.params.identifier);
    sendPublicJson(response, document, 'application/json');
  });

  return router;
}
