import { Router } from 'express';
import { listMaxAgeSeconds } from '../domain/status.ts';
import type { StatusListService } from '../services/credentials/status-lists.ts';

/** Status lists: signed, for everybody, and the same for every reader, so that asking tells nothing. */
export function statusListRouter(statusLists: StatusListService): Router {
  const router = Router();

  router.get('/status/:id', async (request, response) => {
    const document = await statusLists.getSigned(request.params.id);
    const type =
      request.accepts(['application/vc', 'application/json']) === 'application/json'
        ? 'json'
        : 'application/vc';
    // As the `ttl` of the list says. Caches then ask again, and get a 304 until something changed.
    response
      .set('Cache-Control', `public, max-age=${listMaxAgeSeconds}, must-revalidate`)
      .vary('Accept')
      .type(type)
      .send(document);
  });

  return router;
}
