import { Router } from 'express';
import { evidenceIsPrivate } from '../domain/files.ts';

/**
 * Credentials name files by this address, and no stranger is shown one: what was handed in and what never was look
 * the same.
 */
export function evidenceRouter(): Router {
  const router = Router();

  router.get('/evidence/:id', () => {
    throw evidenceIsPrivate();
  });

  return router;
}
