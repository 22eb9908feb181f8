import { Router } from 'express';
import type { PublicStandardService } from '../services/public-standards.ts';
import { Page } from './components/layout.tsx';
import { sendPage, wantsPage } from './page.ts';

type Found = Awaited<ReturnType<PublicStandardService['get']>>;

export function standardPages(standards: Pick<PublicStandardService, 'get'>): Router {
  const router = Router();

  router.get('/ims/case/v1p1/CFItems/:identifier', async (request, response, next) => {
    if (!wantsPage(request.get('accept'))) {
      next();
      return;
    }
    const found = await standards.get(request.params.identifier);
    sendPage(response, <StandardPage {...found} />, 'public, max-age=300');
  });

  return router;
}

function StandardPage({ standard, framework }: Found) {
  const { code, statement, educationLevel, type } = standard;
  const facts = [
    ['Framework', framework.title],
    ['Kind', type],
    ['Grade', educationLevel.join(', ')],
    ['State', standard.state === 'retired' ? 'Retired: no new badge points at it' : 'In use'],
  ].filter(([, value]) => value !== undefined && value !== '');
  return (
    <Page title={code ?? framework.title} description={statement.slice(0, 160)} indexed>
      <div class="wrap narrow">
        <p class="eyebrow">Standard</p>
        <h1>{code ?? 'A standard'}</h1>
        <p class="lead">{statement}</p>
        <section class="card" aria-labelledby="about">
          <h2 id="about">About this standard</h2>
          <dl class="facts">
            {facts.map(([name, value]) => (
              <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Page>
  );
}
