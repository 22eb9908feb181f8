import { Router } from 'express';
import type { IssuerService } from '../services/issuers.ts';
import type { Urls } from '../shared/urls.ts';
import { Page } from './components/layout.tsx';
import { WebLink } from './components/texts.tsx';
import { sendPage, wantsPage } from './page.ts';

type Profile = Awaited<ReturnType<IssuerService['getProfile']>>;

export function issuerPages(issuers: Pick<IssuerService, 'getProfile'>, urls: Urls): Router {
  const router = Router();

  router.get('/issuers/:id', async (request, response, next) => {
    const { id } = request.params;
    if (!wantsPage(request.get('accept'), id)) {
      next();
      return;
    }
    const profile = await issuers.getProfile(id);
    const page = (
      <IssuerPage profile={profile} didDocument={urls.didDocument(id)} school={`/schools/${id}`} />
    );
    sendPage(response, page, 'public, max-age=300');
  });

  return router;
}

function IssuerPage({
  profile,
  didDocument,
  school,
}: {
  readonly profile: Profile;
  readonly didDocument: string;
  readonly school: string;
}) {
  const { name, description, url, email, id } = profile;
  return (
    <Page title={name} description={description ?? `${name} issues Open Badges here.`} indexed>
      <div class="wrap narrow">
        <p class="eyebrow">Issuer</p>
        <h1>{name}</h1>
        {description !== undefined && <p class="lead">{description}</p>}
        <section class="card" aria-labelledby="about">
          <h2 id="about">About this issuer</h2>
          <dl class="facts">
            {url !== undefined && (
              <div>
                <dt>Website</dt>
                <dd>
                  <WebLink href={url} text={url} />
                </dd>
              </div>
            )}
            {email !== undefined && (
              <div>
                <dt>E-mail</dt>
                <dd>
                  <a href={`mailto:${email}`}>{email}</a>
                </dd>
              </div>
            )}
            <div>
              <dt>Identity</dt>
              <dd>
                <code class="long">{id}</code>
              </dd>
            </div>
          </dl>
          <p>
            Every badge of this issuer is signed with a key that is published under this identity.{' '}
            <a href={didDocument}>See its keys</a>, <a href="/verify">verify a badge</a>, or see{' '}
            <a href={school}>what is taught here for mastery</a>.
          </p>
        </section>
      </div>
    </Page>
  );
}
