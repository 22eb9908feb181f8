import express, { Router } from 'express';
import { z } from 'zod';
import { findTextFault } from '../domain/texts.ts';
import type { OrganizationService } from '../services/school/organizations.ts';
import { notFound } from '../shared/errors.ts';
import type { Urls } from '../shared/urls.ts';
import { sendPage } from './page.ts';
import { assertOwnForm } from './same-site.ts';
import { SetupDonePage, SetupPage } from './setup-page.tsx';

const setupForm = z.object({
  name: z
    .string('must not be empty')
    .trim()
    .max(200, 'must have at most 200 characters')
    .superRefine((name, context) => {
      const fault = findTextFault(name);
      if (fault !== undefined) context.addIssue(fault);
    }),
});

/** The first school, made by whoever has the one-time link. */
export function setupPages(
  organizations: Pick<OrganizationService, 'canSetUp' | 'setUp'>,
  urls: Urls,
): Router {
  const router = Router();

  router.use('/setup/:token', (request, response, next) => {
    if (!organizations.canSetUp(request.params.token)) throw notFound('setup_link');
    // Browsers name the origin of a form only under a policy that lets them.
    response.set('Referrer-Policy', 'same-origin');
    next();
  });

  router.get('/setup/:token', (request, response) => {
    sendPage(response, <SetupPage token={request.params.token} />, 'no-store');
  });

  router.post(
    '/setup/:token',
    express.urlencoded({ extended: false, limit: 10_000 }),
    async (request, response) => {
      assertOwnForm(request, urls.base);
      const { token } = request.params;
      const form = setupForm.safeParse(request.body ?? {});
      if (!form.success) {
        const error = `The name of the school ${form.error.issues[0]?.message ?? 'is not right'}.`;
        const { name } = (request.body ?? {}) as { name?: unknown };
        response.status(422);
        const value = typeof name === 'string' ? name : '';
        sendPage(response, <SetupPage token={token} name={value} error={error} />, 'no-store');
        return;
      }
      const { organization, secret } = await organizations.setUp(token, form.data.name);
      const done = <SetupDonePage organization={organization} secret={secret} base={urls.base} />;
      sendPage(response, done, 'no-store');
    },
  );

  return router;
}
