import express, { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { VerificationService } from '../services/verification/verification.ts';
import { invalid } from '../shared/errors.ts';
import { parse, parseJson } from './route.ts';

const maxBytes = 5_000_000;
/** No credential as text is larger; only its thread needs to see what is. */
const maxJsonBytes = 512 * 1024;

const urlRequest = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: 'must be a web address' }).max(2_000),
});

/** `POST /verify`: a credential in, the checks out. A bad credential is a 200 that says so. */
export function verifyRouter(verification: VerificationService, limit: RequestHandler): Router {
  const router = Router();

  router.post(
    '/verify',
    limit,
    express.raw({ type: () => true, limit: maxBytes }),
    async (request, response) => {
      const result = await verifyBody(verification, request);
      response.set('Cache-Control', 'no-store').json(result);
    },
  );

  return router;
}

async function verifyBody(verification: VerificationService, request: Request) {
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
    throw invalid(
      'verify.nothing',
      'Send a credential: JSON, a compact JWS as text/plain, or a PNG or SVG image.',
    );
  }
  if (!isJson(request) || bytes.length > maxJsonBytes) return verification.verify(bytes);
  const body = parseJson(bytes.toString('utf8'));
  if (typeof body !== 'object' || body === null) {
    throw invalid('verify.not_an_object', 'A credential is a JSON object.');
  }
  if ('url' in body && !('@context' in body)) {
    const { url } = parse('request.invalid', urlRequest, body) ?? { url: '' };
    return verification.verifyUrl(url);
  }
  return verification.verify(bytes.toString('utf8'));
}

function isJson(request: Request): boolean {
  return request.is('json') !== false || request.is('+json') !== false;
}
