import { Router } from 'express';
import { capitalize, termsOf } from '../domain/vocabulary.ts';
import type { GraduateProfileService, PublicProfile } from '../services/graduate-profiles.ts';
import { Page } from './components/layout.tsx';
import { Section } from './components/section.tsx';
import { Day, Markdown } from './components/texts.tsx';
import { sendPage, wantsPage } from './page.ts';

type Competency = PublicProfile['competencies'][number];

/** What the school promises every graduate, and what its credits stand for: for families and for those who admit. */
export function learningFrameworkPages(
  profiles: Pick<GraduateProfileService, 'getPublic'>,
): Router {
  const router = Router();

  router.get('/schools/:id/learning-framework', async (request, response, next) => {
    if (!wantsPage(request.get('accept'))) {
      next();
      return;
    }
    const profile = await profiles.getPublic(request.params.id);
    // A change shows at once.
    sendPage(response, <LearningFrameworkPage {...profile} />, 'public, no-cache');
  });

  return router;
}

function LearningFrameworkPage(profile: PublicProfile) {
  const { organization, language, learningFramework, competencies, updatedAt } = profile;
  const title = `Learning framework of ${organization.name}`;
  return (
    <Page
      title={title}
      description={`What ${organization.name} promises every graduate, and what its credits stand for.`}
      indexed
    >
      <div class="wrap narrow">
        <p class="eyebrow">
          <a href={`/schools/${organization.id}`} lang={language}>
            {organization.name}
          </a>
        </p>
        <h1>Learning framework</h1>
        <p class="note">
          {'Last changed on '}
          <Day at={updatedAt.toISOString()} />
        </p>
        <div class="card" lang={language}>
          <Markdown text={learningFramework} top={2} />
        </div>
        {competencies.length > 0 && (
          <Section id="graduates" title="What every graduate can do">
            {competencies.map((competency) => (
              <CompetencyEntry competency={competency} profile={profile} />
            ))}
          </Section>
        )}
      </div>
    </Page>
  );
}

function CompetencyEntry({
  competency: { id, name, description, credits },
  profile: { organization, language },
}: {
  readonly competency: Competency;
  readonly profile: PublicProfile;
}) {
  const say = termsOf(organization, language);
  return (
    <article aria-labelledby={`competency-${id}`}>
      <h3 id={`competency-${id}`} lang={language}>
        {name}
      </h3>
      <div lang={language}>
        <Markdown text={description} top={4} />
      </div>
      {credits.length > 0 && (
        <>
          <h4 lang={language}>{capitalize(say('credit', 'several'))}</h4>
          <ul class="standards">
            {credits.map((credit) => (
              <li lang={language}>
                <a href={`/achievements/${credit.id}`}>{credit.name}</a>
                {credit.tier !== undefined && <span class="note">{` (${credit.tier})`}</span>}
                <br />
                {credit.description}
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  );
}
