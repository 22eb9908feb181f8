import express, { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { VcApiService } from '../../services/credentials/vc-api.ts';
import { invalid } from '../../shared/errors.ts';
import { parse, parseJson, type Operation } from '../route.ts';
import {
  verifyAnswerSchema,
  verifyPresentationAnswerSchema,
  verifyPresentationRequestSchema,
  verifyRequestSchema,
} from './verify-schemas.ts';

const maxBytes = 1_000_000;

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** What everybody may ask: a bad credential is a 200 that says so, a request that holds none is a 400. */
export function vcVerifierRouter(vcApi: VcApiService, limit: RequestHandler): Router {
  const router = Router();
  const readBytes = express.raw({ type: () => true, limit: maxBytes });

  router.use('/vc', noStore);

  router.post('/vc/credentials/verify', limit, readBytes, async (request, response) => {
    const { verifiableCredential, options = {} } = readBody(verifyRequestSchema, request);
    const { outcome, report } = await vcApi.verifyCredential(verifiableCredential, options);
    const { credential, problemDetails, results, verified } = report;
    response.status(statusOf(verified, outcome, options.checks)).json({
      verified,
      ...(options.returnCredential === true && { credential }),
      ...(options.returnProblemDetails !== false && { problemDetails }),
      ...(options.returnResults !== false && { results }),
    });
  });

  router.post('/vc/presentations/verify', limit, readBytes, async (request, response) => {
    const body = readBody(verifyPresentationRequestSchema, request);
    const { verifiablePresentation, options = {} } = body;
    const { outcome, report } = await vcApi.verifyPresentation(verifiablePresentation, options);
    response.status(statusOf(report.verified, outcome, options.checks)).json({
      ...report,
      ...(options.returnPresentation === true && { verifiablePresentation }),
    });
  });

  return router;
}

/**
 * Who names `checks` speaks the form of this API before VCALM, which the test suites of W3C still use: there 400 says
 * that what was named does not hold, or, where nothing was named, that something speaks against it.
 */
function statusOf(verified: boolean, outcome: string, checks?: readonly string[]): number {
  if (verified || checks === undefined) return 200;
  return checks.length > 0 || outcome === 'invalid' ? 400 : 200;
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
