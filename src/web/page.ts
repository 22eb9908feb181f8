import type { Response } from 'express';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { namesHtml } from '../shared/negotiate.ts';

/** Sends a whole document. Pages are made for one moment and one reader unless `cache` says otherwise. */
export function sendPage(response: Response, page: VNode, cache = 'private, no-cache'): void {
  response
    .set('Cache-Control', cache)
    .vary('Accept')
    .type('html')
    .send(`<!doctype html>${renderToString(page)}`);
}

/**
 * Whether this address is asked for as a page. A suffix (`.png`, `.json`) always wins over `Accept`: such an id is
 * left to the machine form.
 */
export function wantsPage(accept: string | undefined, id = ''): boolean {
  return namesHtml(accept) && !id.includes('.');
}
