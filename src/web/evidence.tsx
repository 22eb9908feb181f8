import { Router } from 'express';
import { evidenceIsPrivate } from '../domain/files.ts';
import { Page } from './components/layout.tsx';
import { sendPage, wantsPage } from './page.ts';

/** Where the address of a file in a credential leads: the same words for every id. */
export function evidencePage(): Router {
  const router = Router();

  router.get('/evidence/:id', (request, response, next) => {
    if (!wantsPage(request.get('accept'), request.params.id)) {
      next();
      return;
    }
    response.status(404);
    sendPage(response, <EvidencePage />, 'no-store');
  });

  return router;
}

function EvidencePage() {
  return (
    <Page title="Evidence is private">
      <div class="wrap narrow error-page">
        <h1>Evidence is private</h1>
        <p class="lead">{evidenceIsPrivate().message}</p>
        <p>Ask the learner, or the school that issued the badge.</p>
        <p class="actions">
          <a class="button" href="/verify">
            Verify a badge
          </a>
        </p>
      </div>
    </Page>
  );
}
