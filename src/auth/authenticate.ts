import type { RequestHandler, Response } from 'express';
import type { Actor } from '../domain/roles.ts';
import type { ApiKeyService } from '../services/school/api-keys.ts';
import { ServiceError } from '../shared/errors.ts';

/** Finds out who is calling from `Authorization: Bearer <API key>`; answers 401 when that cannot be told. */
export function authenticate(apiKeys: Pick<ApiKeyService, 'authenticate'>): RequestHandler {
  return async (request, response, next) => {
    const [, secret] =
      /^Bearer ([\x21-\x7e]{16,200})$/i.exec(request.get('authorization') ?? '') ?? [];
    if (secret === undefined) {
      throw new ServiceError(
        'unauthenticated',
        'auth.missing',
        'Send an API key: Authorization: Bearer <key>.',
      );
    }
    response.locals.actor = await apiKeys.authenticate(secret);
    next();
  };
}

/** For pages that are looked at before anybody can sign in: the browser asks for a password, which is the API key. */
export function authenticateByPassword(
  apiKeys: Pick<ApiKeyService, 'authenticate'>,
): RequestHandler {
  const byBearer = authenticate(apiKeys);
  return async (request, response, next) => {
    response.set('WWW-Authenticate', 'Basic realm="Cairn: any name, API key as password"');
    const [, given] = /^Basic ([\w+/=]{1,400})$/i.exec(request.get('authorization') ?? '') ?? [];
    if (given === undefined) {
      await byBearer(request, response, next);
      return;
    }
    const [, secret = ''] = /^[^:]*:(.*)$/.exec(Buffer.from(given, 'base64').toString()) ?? [];
    response.locals.actor = await apiKeys.authenticate(secret);
    next();
  };
}

/** The actor that `authenticate` found. */
export function actorOf(response: Response): Actor {
  const actor = response.locals.actor as Actor | undefined;
  if (actor === undefined) throw new Error('authenticate() did not run before this handler');
  return actor;
}
