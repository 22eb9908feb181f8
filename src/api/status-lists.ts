import { Router } from 'express';
import type { StatusListService } from '../services/status-lists.ts';

/** Status lists: signed, for everybody, and the same for every reader, so that asking tells nothing. */
export function statusListRouter(statusLists: StatusListService): Router {
  const router = Router();

  router.get('/status/:id', async (request, response) => {
    const document = await statusLists.getSigned(request.params.id);
    const type =
      request.accepts(['application/vc', 'application/json']) === 'application/json'
        ? 'json'
        : 'application/vc';
    // Caches ask again each time and get a 304 until something changed: a change is seen at once.
    response.set('Cache-Control', 'public, no-cache').vary('Accept').type(type).send(document);
  });

  return router;
}
