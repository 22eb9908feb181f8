import express, { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { VcApiService } from '../../services/vc-api.ts';
import { invalid } from '../../shared/errors.ts';
import { parse, parseJson, type Operation } from '../route.ts';
import {
  verifyAnswerSchema,
  verifyPresentationAnswerSchema,
  verifyPresentationRequestSchema,
  verifyRequestSchema,
} from './schemas.ts';

const maxBytes = 5_000_000;

/** What everybody may ask: a bad credential is a 200 that says so, a request that holds none is a 400. */
export function vcVerifierRouter(vcApi: VcApiService, limit: RequestHandler): Router {
  const router = Router();
  const readBytes = express.raw({ type: () => true, limit: maxBytes });

  router.post('/vc/credentials/verify', limit, readBytes, async (request, response) => {
    const { verifiableCredential, options = {} } = readBody(verifyRequestSchema, request);
    const report = await vcApi.verifyCredential(verifiableCredential);
    const { credential, problemDetails, results, verified } = report;
    response.set('Cache-Control', 'no-store').json({
      verified,
      ...(options.returnCredential === true && { credential }),
      ...(options.returnProblemDetails !== false && { problemDetails }),
      ...(options.returnResults !== false && { results }),
    });
  });

  router.post('/vc/presentations/verify', limit, readBytes, async (request, response) => {
    const body = readBody(verifyPresentationRequestSchema, request);
    const { verifiablePresentation, options = {} } = body;
    const report = await vcApi.verifyPresentation(verifiablePresentation, options);
    response.set('Cache-Control', 'no-store').json({
      ...report,
      ...(options.returnPresentation === true && { verifiablePresentation }),
    });
  });

  return router;
}

function readBody<T>(schema: z.ZodType<T>, request: Request): T {
  const bytes: unknown = request.body;
  const text = Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
  const body = parse('request.invalid', schema, parseJson(text));
  if (body === undefined) throw invalid('request.invalid', 'Send what is to be verified as JSON.');
  return body;
}

const verification = {
  method: 'post',
  tag: 'vc-api',
  status: 200,
  atRoot: true,
  open: true,
} as const;

export const vcVerifierOperations: readonly Operation[] = [
  {
    ...verification,
    path: '/vc/credentials/verify',
    summary: 'Verify a credential; a bad one is an answer, too',
    body: verifyRequestSchema,
    response: verifyAnswerSchema,
  },
  {
    ...verification,
    path: '/vc/presentations/verify',
    summary: 'Verify a presentation and every credential in it',
    body: verifyPresentationRequestSchema,
    response: verifyPresentationAnswerSchema,
  },
];
