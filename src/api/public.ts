import type { RequestHandler, Response } from 'express';

/** Browsers ask first whether a page from elsewhere may send a credential to be verified: it may. */
export const allowPreflight: RequestHandler = (request, response, next) => {
  if (request.method !== 'OPTIONS') {
    next();
    return;
  }
  response
    .set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Allow-Methods': 'GET, HEAD, POST',
      'Access-Control-Allow-Headers': 'Accept, Content-Type',
      'Access-Control-Max-Age': '86400',
    })
    .status(204)
    .end();
};

const fiveMinutes = 'public, max-age=300';

/** Public addresses are for everybody's programs: any origin may read them, also as an image inside a page. */
export const openToAll: RequestHandler = (_request, response, next) => {
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': 'ETag',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  });
  next();
};

export function sendPublicJson(
  response: Response,
  body: object,
  type: string,
  cache = fiveMinutes,
): void {
  response.set('Cache-Control', cache).vary('Accept').type(type).send(JSON.stringify(body));
}
