import type { AchievementVersion } from '../domain/achievements.ts';
import type { PublishedAchievement } from '../services/achievements/achievements.ts';
import type { RubricRow } from './badge.ts';
import { Page } from './components/layout.tsx';
import { Rubric } from './components/rubric.tsx';
import { Section } from './components/section.tsx';
import { Standards } from './components/standards.tsx';
import { Day, Markdown } from './components/texts.tsx';
import type { Voice } from './wording.ts';

export interface AchievementView {
  readonly published: PublishedAchievement;
  readonly issuer: { readonly id: string; readonly name: string };
  /** Of what the school wrote. */
  readonly language: string;
  readonly voice: Voice;
}

export function AchievementPage({ published, issuer, language, voice }: AchievementView) {
  const { version } = published;
  const { achievement, number, name, description } = version;
  return (
    <Page title={name} description={description} voice={voice} indexed>
      <div class="wrap badge-page">
        <div class="badge-hero">
          <div class="badge-picture">
            <img
              src={`/achievements/${achievement}/versions/${number}/image.png`}
              alt={voice.texts.achievement.picture(name)}
              width="320"
              height="320"
            />
          </div>
          <div class="badge-head">
            {version.levelName !== undefined && (
              <p class="chip" lang={language}>
                {version.levelName}
              </p>
            )}
            <h1 lang={language}>{name}</h1>
            <Facts version={version} issuer={issuer} voice={voice} />
          </div>
        </div>
        <div class="badge-main">
          <VersionNote published={published} voice={voice} />
          <Definition version={version} language={language} voice={voice} />
        </div>
      </div>
    </Page>
  );
}

function Facts({
  version,
  issuer,
  voice: { texts, say, language },
}: {
  readonly version: AchievementVersion;
  readonly issuer: AchievementView['issuer'];
  readonly voice: Voice;
}) {
  const words = texts.achievement;
  return (
    <dl class="facts">
      <div>
        <dt>{words.kind}</dt>
        <dd>{words.kinds[version.kind](say)}</dd>
      </div>
      <div>
        <dt>{words.issuedBy}</dt>
        <dd>
          <a href={`/issuers/${issuer.id}`}>{issuer.name}</a>
        </dd>
      </div>
      <div>
        <dt>{words.version}</dt>
        <dd>
          {words.published(version.number)}
          <Day at={version.publishedAt.toISOString()} language={language} />
        </dd>
      </div>
      <div>
        <dt>{words.decides}</dt>
        <dd>
          <a href={`/policy/${issuer.id}`}>{words.policy(say)}</a>
        </dd>
      </div>
    </dl>
  );
}

function VersionNote({
  published: { version, newest, state },
  voice: { texts, say },
}: Pick<AchievementView, 'published' | 'voice'>) {
  const words = texts.achievement;
  const isOld = version.number < newest;
  if (!isOld && state === 'published') return null;
  return (
    <div class="notice">
      {state === 'retired' && <p>{words.retired(say)}</p>}
      {isOld && (
        <p>
          {words.old(version.number)}
          <a href={`/achievements/${version.achievement}`}>{words.newest}</a>.
        </p>
      )}
    </div>
  );
}

function Definition({
  version,
  language,
  voice,
}: Pick<AchievementView, 'language' | 'voice'> & { readonly version: AchievementVersion }) {
  const { description, criteria, evidencePolicy, tags } = version;
  const { say } = voice;
  const words = voice.texts.achievement;
  return (
    <>
      <Section id="about" title={words.about} language={language}>
        <p class="lead">{description}</p>
        <h3 lang={voice.language}>{words.criteria}</h3>
        <Markdown text={criteria} top={4} />
        <HandIn evidencePolicy={evidencePolicy} voice={voice} />
        {tags.length > 0 && (
          <ul class="tags" aria-label={words.subjects}>
            {tags.map((tag) => (
              <li>{tag}</li>
            ))}
          </ul>
        )}
      </Section>
      {version.rubric.length > 0 && (
        <Section id="rubric" title={words.rubric(say)} language={language}>
          {version.evidencePolicy.selfAssessment === true && (
            <p lang={voice.language}>{words.selfAssessment(say)}</p>
          )}
          <Rubric rows={toRows(version)} caption={words.caption(say)} voice={voice} />
        </Section>
      )}
      {version.alignments.length > 0 && (
        <Section id="standards" title={words.standards(say)} language={language}>
          <Standards
            standards={version.alignments.map(({ code, statement, uri, framework }) => ({
              name: code === undefined ? statement : `${code} ${statement}`,
              address: uri,
              framework: framework.title,
            }))}
          />
        </Section>
      )}
    </>
  );
}

/** What learners are told to hand in, and what they may. */
function HandIn({
  evidencePolicy: { instructions, accepted = [] },
  voice: { language, texts, say },
}: Pick<AchievementVersion, 'evidencePolicy'> & Pick<AchievementView, 'voice'>) {
  if (instructions === undefined && accepted.length === 0) return null;
  const words = texts.achievement;
  return (
    <>
      <h3 lang={language}>{words.handIn(say)}</h3>
      {instructions !== undefined && <Markdown text={instructions} top={4} />}
      {accepted.length > 0 && (
        <>
          <p lang={language}>{words.welcome}</p>
          <ul>
            {accepted.map((kind) => (
              <li>{kind}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function toRows({ rubric }: AchievementVersion): readonly RubricRow[] {
  return rubric.map(({ name, description, levels, requiredLevel }) => ({
    name,
    description,
    levels: levels.map((level) => ({
      name: level.name,
      description: level.description,
      reached: false,
      required: level.id === requiredLevel,
    })),
  }));
}
