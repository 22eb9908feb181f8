import { Router } from 'express';
import type { Organization } from '../domain/organizations.ts';
import { usualLanguage } from '../domain/vocabulary.ts';
import type { IssuerService } from '../services/credentials/issuers.ts';
import type { Urls } from '../shared/urls.ts';
import { Page } from './components/layout.tsx';
import { Section } from './components/section.tsx';
import { WebLink } from './components/texts.tsx';
import { sendPage, wantsPage } from './page.ts';
import { voiceOf, type Voice } from './wording.ts';

export function issuerPages(issuers: Pick<IssuerService, 'getOrganization'>, urls: Urls): Router {
  const router = Router();

  router.get('/issuers/:id', async (request, response, next) => {
    const { id } = request.params;
    if (!wantsPage(request.get('accept'), id)) {
      next();
      return;
    }
    const school = await issuers.getOrganization(id);
    const view = { school, did: urls.issuerDid(id), keys: urls.didDocument(id) };
    response.vary('Accept-Language');
    const page = <IssuerPage {...view} voice={voiceOf(request, school)} />;
    sendPage(response, page, 'public, max-age=300');
  });

  return router;
}

function IssuerPage({
  school,
  did,
  keys,
  voice,
}: {
  readonly school: Organization;
  readonly did: string;
  /** Where the keys are published. */
  readonly keys: string;
  readonly voice: Voice;
}) {
  const { id, name, description } = school;
  const { texts, say } = voice;
  const words = texts.issuer;
  const language = usualLanguage(school);
  return (
    <Page title={name} description={description ?? words.description(name)} voice={voice} indexed>
      <div class="wrap narrow">
        <p class="eyebrow">{words.eyebrow}</p>
        <h1 lang={language}>{name}</h1>
        {description !== undefined && (
          <p class="lead" lang={language}>
            {description}
          </p>
        )}
        <Section id="about" title={words.about}>
          <Facts school={school} did={did} voice={voice} />
          <p>{words.signed(say)}</p>
          <ul>
            <li>
              <a href={keys}>{words.keys}</a>
            </li>
            <li>
              <a href="/verify">{texts.layout.verify}</a>
            </li>
            <li>
              <a href={`/schools/${id}`}>{words.school(say)}</a>
            </li>
          </ul>
        </Section>
      </div>
    </Page>
  );
}

function Facts({
  school: { url, email },
  did,
  voice: { texts },
}: {
  readonly school: Organization;
  readonly did: string;
  readonly voice: Voice;
}) {
  const words = texts.school;
  return (
    <dl class="facts">
      {url !== undefined && (
        <div>
          <dt>{words.website}</dt>
          <dd>
            <WebLink href={url} text={url} />
          </dd>
        </div>
      )}
      {email !== undefined && (
        <div>
          <dt>{words.email}</dt>
          <dd>
            <a href={`mailto:${email}`}>{email}</a>
          </dd>
        </div>
      )}
      <div>
        <dt>{texts.issuer.identity}</dt>
        <dd>
          <code class="long">{did}</code>
        </dd>
      </div>
    </dl>
  );
}
