import type { ErrorRequestHandler } from 'express';
import { toProblem } from '../shared/http-problem.ts';
import { namesHtml } from '../shared/negotiate.ts';
import { Page } from './components/layout.tsx';
import { sendPage } from './page.ts';
import type { Log } from '../shared/log.ts';

interface Words {
  readonly title: string;
  readonly help: string;
}

const words: Readonly<Record<number, Words>> = {
  403: { title: 'This is not allowed', help: 'Go back and try it from the page itself.' },
  404: {
    title: 'There is nothing to see here',
    help: 'The address may be mistyped, or what was here is not public: earners decide who sees their badges. Ask whoever gave you the link.',
  },
  410: {
    title: 'This is gone',
    help: 'It was taken away at the wish of the person it was about.',
  },
  422: { title: 'That did not work', help: 'Go back, change it and try again.' },
  429: { title: 'One moment, please', help: 'Wait a minute, then try again.' },
  500: {
    title: 'Something went wrong',
    help: 'It is our fault, not yours. If it happens again, tell the school the number below.',
  },
  503: { title: 'Not available right now', help: 'Please try again in a little while.' },
  507: { title: 'No room left', help: 'Nothing that is there is lost. Try again later.' },
};
const otherWords: Words = { title: 'That did not work', help: 'Go back and try again.' };

/** Errors as a page, for those who read pages; everybody else is answered by the next handler. */
export function errorPages(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent || !namesHtml(request.get('accept')) || isApi(request.path)) {
      next(error);
      return;
    }
    const { status, detail } = toProblem(error);
    const requestId = response.locals.requestId as string | undefined;
    if (status === 500) log.error({ event: 'request.failed', requestId, error }, 'request failed');
    response.status(status);
    if (status === 503) response.set('Retry-After', '5');
    const page = (
      <ErrorPage
        {...(words[status] ?? otherWords)}
        // What is absent and what is not public must look the same, whatever it is.
        detail={status === 404 ? undefined : detail}
        requestId={status === 500 ? requestId : undefined}
      />
    );
    sendPage(response, page, 'no-store');
  };
}

function isApi(path: string): boolean {
  return path.startsWith('/api/v1/');
}

function ErrorPage({
  title,
  help,
  detail,
  requestId,
}: Words & { readonly detail: string | undefined; readonly requestId: string | undefined }) {
  return (
    <Page title={title}>
      <div class="wrap narrow error-page">
        <h1>{title}</h1>
        {detail !== undefined && <p class="lead">{detail}</p>}
        <p>{help}</p>
        {requestId !== undefined && (
          <p class="note">
            Number: <code>{requestId}</code>
          </p>
        )}
        <p class="actions">
          <a class="button" href="/verify">
            Verify a badge
          </a>
          <a class="button button-quiet" href="/">
            Start page
          </a>
        </p>
      </div>
    </Page>
  );
}
