import { Router } from 'express';
import type { IssuerService } from '../services/credentials/issuers.ts';
import { Logo } from './components/logo.tsx';
import { Page } from './components/layout.tsx';
import { sendPage } from './page.ts';

interface Issuer {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

export function welcomePage(issuers: Pick<IssuerService, 'listOrganizations'>): Router {
  const router = Router();

  router.get('/', async (_request, response) => {
    const page = <WelcomePage issuers={await issuers.listOrganizations()} />;
    sendPage(response, page, 'public, max-age=60');
  });

  return router;
}

function WelcomePage({ issuers }: { readonly issuers: readonly Issuer[] }) {
  const [issuer] = issuers;
  return (
    <Page
      title={issuer?.name ?? 'Welcome'}
      description="Badges for what has been mastered, signed so that anybody can verify them."
      indexed
    >
      <div class="wrap welcome">
        <div class="welcome-head">
          <div>
            {issuers.length === 1 && <p class="eyebrow">{issuer?.name}</p>}
            <h1>Learning that anybody can verify</h1>
            <p class="lead">
              {issuer === undefined
                ? 'This Cairn is new: no school uses it yet. Whoever started it finds a set-up link in its output.'
                : 'Every badge here names its standards, its level and its evidence, and is signed by the school that stands behind it.'}
            </p>
            <p class="actions">
              <a class="button" href="/verify">
                Verify a badge
              </a>
              <a class="button button-quiet" href="/api/docs">
                API reference
              </a>
            </p>
          </div>
          <Logo />
        </div>
        {issuers.length > 0 && <Schools issuers={issuers} />}
        <section class="steps" aria-labelledby="how">
          <h2 id="how">How a badge comes to be</h2>
          <ol>
            <li>
              <h3>Standards, cut small</h3>
              <p>
                The school turns its standards into achievements, each at one level with one rubric.
              </p>
            </li>
            <li>
              <h3>Work, looked at</h3>
              <p>
                Learners hand in evidence. Teachers judge it by the rubric, as often as it takes.
              </p>
            </li>
            <li>
              <h3>A badge, signed</h3>
              <p>What was reached is signed as an Open Badge that its earner keeps and shows.</p>
            </li>
          </ol>
        </section>
      </div>
    </Page>
  );
}

function Schools({ issuers }: { readonly issuers: readonly Issuer[] }) {
  return (
    <section class="card" aria-labelledby="who">
      <h2 id="who">Who issues here</h2>
      <ul class="plain-list">
        {issuers.map(({ id, name, description }) => (
          <li>
            <a href={`/issuers/${id}`}>{name}</a>
            {description !== undefined && <span class="note">{description}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
