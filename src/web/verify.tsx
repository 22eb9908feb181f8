import {
  Router,
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { VerificationService } from '../services/verification/verification.ts';
import { ServiceError } from '../shared/errors.ts';
import { statusOf } from '../shared/http-problem.ts';
import { namesHtml } from '../shared/negotiate.ts';
import type { Urls } from '../shared/urls.ts';
import { readBadge } from './badge.ts';
import { sendPage } from './page.ts';
import { parseVerifyForm, readVerifyForm, type VerifyInput } from './verify-form.ts';
import { VerifyPage, VerifyResultPage, type VerifyFields } from './verify-page.tsx';

/** Verifies anything that a form can carry, also from a program; bodies that are no form are left to the API. */
export function verifyPages(
  verification: VerificationService,
  { urls, limit }: { urls: Urls; limit: RequestHandler },
): Router {
  const router = Router();

  router.get('/verify', (request, response) => {
    const { url, vc } = request.query;
    sendPage(response, <VerifyPage fields={readFields({ url, text: vc })} />);
  });

  router.post(
    '/verify',
    onlyForms,
    limit,
    readVerifyForm,
    async (request: Request, response: Response) => {
      const result = await verifyInput(verification, parseVerifyForm(request));
      if (!namesHtml(request.get('accept'))) {
        response
          .set({ 'Cache-Control': 'no-store', 'Access-Control-Allow-Origin': '*' })
          .json(result);
        return;
      }
      const badge = readBadge(result.credential);
      const page = <VerifyResultPage result={result} badge={badge} base={urls.base} />;
      sendPage(response, page, 'no-store');
    },
    formErrors,
  );

  return router;
}

const onlyForms: RequestHandler = (request, _response, next) => {
  if (request.is('multipart/form-data') === 'multipart/form-data') next();
  else next('route');
};

function verifyInput(verification: VerificationService, input: VerifyInput) {
  switch (input.kind) {
    case 'file':
      return verification.verify(input.bytes);
    case 'text':
      return verification.verify(input.text);
    case 'url':
      return verification.verifyUrl(input.url);
  }
}

/** What can be put right in the form is said beside the form. */
const formErrors: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (!(error instanceof ServiceError) || !namesHtml(request.get('accept'))) {
    next(error);
    return;
  }
  const fields = readFields((request.body ?? {}) as Readonly<Record<string, unknown>>);
  response.status(statusOf(error));
  sendPage(response, <VerifyPage fields={fields} error={error.message} />, 'no-store');
};

function readFields({ url, text }: Readonly<Record<string, unknown>>): VerifyFields {
  return {
    ...(typeof url === 'string' && { url: url.slice(0, 2_000) }),
    ...(typeof text === 'string' && { text: text.slice(0, maxPrefilled) }),
  };
}

const maxPrefilled = 100_000;
