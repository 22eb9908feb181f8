import type { AchievementVersion } from '../domain/achievements.ts';
import type { Organization } from '../domain/organizations.ts';
import { usualLanguage } from '../domain/vocabulary.ts';
import { Page } from './components/layout.tsx';
import { Section } from './components/section.tsx';
import { WebLink } from './components/texts.tsx';
import type { Voice } from './wording.ts';

interface SchoolView {
  readonly school: Organization;
  readonly achievements: { readonly items: readonly AchievementVersion[]; readonly next?: string };
  readonly hasLearningFramework: boolean;
  readonly did: string;
  readonly voice: Voice;
}

export function SchoolPage(view: SchoolView) {
  const { school, achievements, hasLearningFramework, did, voice } = view;
  const { id, name, description } = school;
  const { texts, say } = voice;
  const words = texts.school;
  const language = usualLanguage(school);
  return (
    <Page title={name} description={words.description(name)} voice={voice} indexed>
      <div class="wrap narrow">
        <p class="eyebrow">{words.eyebrow(say)}</p>
        <h1 lang={language}>{name}</h1>
        {description !== undefined && (
          <p class="lead" lang={language}>
            {description}
          </p>
        )}
        <p class="actions">
          <a class="button" href={`/policy/${id}`}>
            {words.policy}
          </a>
          {hasLearningFramework && (
            <a class="button button-quiet" href={`/schools/${id}/learning-framework`}>
              {words.framework}
            </a>
          )}
        </p>
        <Section id="achievements" title={words.achievements(say)}>
          <Achievements achievements={achievements} school={school} voice={voice} />
        </Section>
        <About school={school} did={did} voice={voice} />
      </div>
    </Page>
  );
}

function Achievements({
  achievements,
  school,
  voice,
}: Omit<SchoolView, 'did' | 'hasLearningFramework'>) {
  const { texts, say } = voice;
  const { items, next } = achievements;
  if (items.length === 0) return <p>{texts.school.none}</p>;
  return (
    <>
      <ul class="plain-list standards">
        {items.map(({ achievement, kind, name, levelName, language = usualLanguage(school) }) => (
          <li>
            <a href={`/achievements/${achievement}`} lang={language}>
              {name}
            </a>
            <span class="note">
              {texts.achievement.kinds[kind](say)}
              {levelName !== undefined && (
                <>
                  {' · '}
                  <span lang={language}>{levelName}</span>
                </>
              )}
            </span>
          </li>
        ))}
      </ul>
      {next !== undefined && (
        <p>
          <a href={`/schools/${school.id}?cursor=${next}`}>{texts.school.more}</a>
        </p>
      )}
    </>
  );
}

function About({ school, did, voice }: Pick<SchoolView, 'school' | 'did' | 'voice'>) {
  const { id, url, email } = school;
  const words = voice.texts.school;
  return (
    <Section id="about" title={words.about}>
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
          <dt>{words.identity}</dt>
          <dd>
            <a href={`/issuers/${id}`}>
              <code class="long">{did}</code>
            </a>
          </dd>
        </div>
      </dl>
    </Section>
  );
}
