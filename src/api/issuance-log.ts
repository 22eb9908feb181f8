import { Router } from 'express';
import type { IssuanceLogService } from '../services/credentials/issuance-log.ts';
import { sendPublicJson } from './public.ts';

/** What an issuer has issued, without saying what: for whoever wants to hold it to that later. */
export function issuanceLogRouter(log: IssuanceLogService): Router {
  const router = Router();

  router.get('/log/checkpoint', async (_request, response) => {
    const checkpoints = await log.listCheckpoints();
    sendPublicJson(response, { checkpoints }, 'application/json', 'public, no-cache');
  });
  router.get('/log/proofs/:id', async (request, response) => {
    const proof = await log.getProof(request.params.id);
    sendPublicJson(response, proof, 'application/json', 'no-store');
  });

  return router;
}
