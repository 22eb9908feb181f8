import type { Request } from 'express';
import { forbidden } from '../shared/errors.ts';

/**
 * Refuses forms that another site's page sends in somebody's name. Browsers say where a form comes from by
 * `Sec-Fetch-Site`, those over plain http by `Origin`; what says neither is no browser.
 */
export function assertOwnForm(request: Request, base: string): void {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const own =
    site === undefined
      ? origin === undefined || isOwnOrigin(origin, request, base)
      : site === 'same-origin';
  if (own) return;
  throw forbidden(
    'form.other_site',
    'This form was sent from another website. Open it here again.',
  );
}

function isOwnOrigin(origin: string, request: Request, base: string): boolean {
  if (origin === new URL(base).origin) return true;
  return URL.canParse(origin) && new URL(origin).host === request.get('host');
}
