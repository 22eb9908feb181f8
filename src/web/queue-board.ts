import type { RequestListener } from 'node:http';
import { Router } from 'express';
import helmet from 'helmet';
import { ServiceError } from '../shared/errors.ts';

/**
 * The queue board of somebody else's making, for reading only. Its page sets styles of its own on elements and asks a
 * host elsewhere for letters, which it does without.
 */
export function queueBoardRouter(open: () => Promise<RequestListener>): Router {
  const router = Router();
  let board: RequestListener | undefined;
  router.use(
    helmet.contentSecurityPolicy({
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    }),
  );
  router.use(async (request, response) => {
    if (!['GET', 'HEAD'].includes(request.method)) {
      throw new ServiceError(
        'forbidden',
        'queue.read_only',
        'The queue board is for reading only.',
      );
    }
    board ??= await open();
    board(request, response);
  });
  return router;
}
