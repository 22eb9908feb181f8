import { Router } from 'express';
import type { PublicStandardService } from '../services/frameworks/public-standards.ts';
import { Page } from './components/layout.tsx';
import { usualLanguage } from '../domain/vocabulary.ts';
import type { IssuerService } from '../services/credentials/issuers.ts';
import { sendPage, wantsPage } from './page.ts';
import { voiceOf, type Voice } from './wording.ts';

type Found = Awaited<ReturnType<PublicStandardService['get']>>;

export function standardPages({
  publicStandards,
  issuers,
}: {
  publicStandards: Pick<PublicStandardService, 'get'>;
  issuers: Pick<IssuerService, 'getOrganization'>;
}): Router {
  const router = Router();

  router.get('/ims/case/v1p1/CFItems/:identifier', async (request, response, next) => {
    if (!wantsPage(request.get('accept'))) {
      next();
      return;
    }
    const found = await publicStandards.get(request.params.identifier);
    const school = await issuers.getOrganization(found.standard.organization);
    const language = found.framework.language ?? usualLanguage(school);
    const page = <StandardPage {...found} language={language} voice={voiceOf(request, school)} />;
    response.vary('Accept-Language');
    sendPage(response, page, 'public, max-age=300');
  });

  return router;
}

interface StandardView extends Found {
  /** Of what the publisher wrote. */
  readonly language: string;
  readonly voice: Voice;
}

function StandardPage({ standard, framework, language, voice }: StandardView) {
  const { code, statement, educationLevel, type } = standard;
  const { say } = voice;
  const words = voice.texts.standard;
  const facts = [
    [words.framework(say), framework.title],
    [words.kind, type],
    [words.grade, educationLevel.join(', ')],
    [words.state, standard.state === 'retired' ? words.retired : words.current],
  ].filter(([, value]) => value !== undefined && value !== '');
  return (
    <Page
      title={code ?? framework.title}
      description={statement.slice(0, 160)}
      voice={voice}
      indexed
    >
      <div class="wrap narrow">
        <p class="eyebrow">{words.eyebrow(say)}</p>
        <h1>{code ?? words.eyebrow(say)}</h1>
        <p class="lead" lang={language}>
          {statement}
        </p>
        <section class="card" aria-labelledby="about">
          <h2 id="about">{words.about}</h2>
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
