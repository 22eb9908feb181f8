import { Router, type Request, type RequestHandler } from 'express';
import { z } from 'zod';
import type { DidError, DidResolver } from '../../services/verification/did-resolver.ts';
import type { Operation } from '../route.ts';
import { resolutionSchema } from './schemas.ts';

const statuses: Readonly<Record<DidError, number>> = {
  invalidDid: 400,
  notFound: 404,
  methodNotSupported: 501,
};
const result = 'application/did-resolution';
const documentTypes = ['application/did+ld+json', 'application/did+json', 'application/did'];
const path = '/1.0/identifiers/';

/** DID Resolution over HTTP: the whole result, or the document alone for who asks for that. */
export function identifierRouter(resolver: DidResolver, limit: RequestHandler): Router {
  const router = Router();

  router.get(`${path}:did`, limit, async (request, response) => {
    const found = await resolver.resolve(didOf(request));
    response.set('Cache-Control', 'no-store').vary('Accept');
    if ('error' in found) {
      const { error, message } = found;
      response.status(statuses[error]);
      send(response, result, describe(null, { error, message }));
      return;
    }
    const { document } = found;
    const type = request.accepts([
      result,
      'application/json',
      'application/ld+json',
      ...documentTypes,
    ]);
    const isDocument = typeof type === 'string' && documentTypes.includes(type);
    if (isDocument) send(response, type, document);
    else send(response, result, describe(document, { contentType: 'application/did+ld+json' }));
  });

  return router;
}

function send(response: Parameters<RequestHandler>[1], type: string, body: object): void {
  response.type(type).send(JSON.stringify(body));
}

function describe(didDocument: object | null, didResolutionMetadata: object) {
  return {
    '@context': 'https://w3id.org/did-resolution/v1',
    didDocument,
    didResolutionMetadata,
    didDocumentMetadata: {},
  };
}

/**
 * did:web writes the colon of a port as `%3A`. Some callers encode the DID for the address, others put it there
 * as it is: then the `%3A` is part of the DID.
 */
function didOf({ path: address, params }: Request): string {
  const raw = address.slice(path.length);
  const isAsItIs = raw.startsWith('did:') && !raw.includes('%25');
  return isAsItIs ? raw : String(params.did);
}

export const identifierOperations: readonly Operation[] = [
  {
    method: 'get',
    path: `${path}:did`,
    tag: 'vc-api',
    summary: 'Resolve a DID (did:key, did:jwk, did:web)',
    params: z.strictObject({ did: z.string() }),
    response: resolutionSchema,
    status: 200,
    atRoot: true,
    open: true,
  },
];
