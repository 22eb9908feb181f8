import { Router } from 'express';
import { capitalize } from '../domain/vocabulary.ts';
import type {
  GraduateProfileService,
  PublicProfile,
} from '../services/curriculum/graduate-profiles.ts';
import { Page } from './components/layout.tsx';
import { Section } from './components/section.tsx';
import { Day, Markdown } from './components/texts.tsx';
import { sendPage, wantsPage } from './page.ts';
import { voiceOf, type Voice } from './wording.ts';

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
    const voice = voiceOf(request, profile.organization);
    response.vary('Accept-Language');
    // A change shows at once.
    sendPage(
      response,
      <LearningFrameworkPage profile={profile} voice={voice} />,
      'public, no-cache',
    );
  });

  return router;
}

interface ProfileView {
  readonly profile: PublicProfile;
  readonly voice: Voice;
}

function LearningFrameworkPage({ profile, voice }: ProfileView) {
  const { organization, language, learningFramework, competencies, updatedAt } = profile;
  const words = voice.texts.learningFramework;
  const { name } = organization;
  return (
    <Page title={words.heading(name)} description={words.description(name)} voice={voice} indexed>
      <div class="wrap narrow">
        <p class="eyebrow">
          <a href={`/schools/${organization.id}`} lang={language}>
            {name}
          </a>
        </p>
        <h1>{words.title}</h1>
        <p class="note">
          {words.changed}
          <Day at={updatedAt.toISOString()} language={voice.language} />
        </p>
        <div class="card" lang={language}>
          <Markdown text={learningFramework} top={2} />
        </div>
        {competencies.length > 0 && (
          <Section id="graduates" title={words.graduates}>
            {competencies.map((competency) => (
              <CompetencyEntry competency={competency} profile={profile} voice={voice} />
            ))}
          </Section>
        )}
      </div>
    </Page>
  );
}

function CompetencyEntry({
  competency: { id, name, description, credits },
  profile: { language },
  voice: { texts, say },
}: ProfileView & { readonly competency: Competency }) {
  const { tiers } = texts.learningFramework;
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
          <h4>{capitalize(say('credit', 'several'))}</h4>
          <ul class="standards">
            {credits.map((credit) => (
              <li>
                <a href={`/achievements/${credit.id}`} lang={language}>
                  {credit.name}
                </a>
                {credit.tier !== undefined && (
                  <span class="note">{` (${tiers[credit.tier]})`}</span>
                )}
                <br />
                <span lang={language}>{credit.description}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  );
}
