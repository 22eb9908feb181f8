import type { AchievementKind, AchievementVersion } from '../domain/achievements.ts';
import type { PublishedAchievement } from '../services/achievements.ts';
import type { RubricRow } from './badge.ts';
import { Page } from './components/layout.tsx';
import { Rubric } from './components/rubric.tsx';
import { Section } from './components/section.tsx';
import { Standards } from './components/standards.tsx';
import { Day, Markdown } from './components/texts.tsx';

const kindNames: Readonly<Record<AchievementKind, string>> = {
  microcredential: 'Microcredential',
  boss: 'Boss: draws on several skills of its level',
  level: 'Level certificate',
  credit: 'Mastery credit',
};

export interface AchievementView {
  readonly published: PublishedAchievement;
  readonly issuer: { readonly id: string; readonly name: string };
}

export function AchievementPage({ published, issuer }: AchievementView) {
  const { version } = published;
  const { achievement, number, name, description, language } = version;
  return (
    <Page title={name} description={description} indexed>
      <div class="wrap badge-page">
        <div class="badge-hero">
          <div class="badge-picture">
            <img
              src={`/achievements/${achievement}/versions/${number}/image.png`}
              alt={`Badge: ${name}`}
              width="320"
              height="320"
            />
          </div>
          <div class="badge-head">
            {version.levelName !== undefined && <p class="chip">{version.levelName}</p>}
            <h1 lang={language}>{name}</h1>
            <Facts version={version} issuer={issuer} />
          </div>
        </div>
        <div class="badge-main">
          <VersionNote {...published} />
          <Definition version={version} />
        </div>
      </div>
    </Page>
  );
}

function Facts({
  version,
  issuer,
}: {
  readonly version: AchievementVersion;
  readonly issuer: AchievementView['issuer'];
}) {
  return (
    <dl class="facts">
      <div>
        <dt>Kind</dt>
        <dd>{kindNames[version.kind]}</dd>
      </div>
      <div>
        <dt>Issued by</dt>
        <dd>
          <a href={`/issuers/${issuer.id}`}>{issuer.name}</a>
        </dd>
      </div>
      <div>
        <dt>Version</dt>
        <dd>
          {`${version.number}, published `}
          <Day at={version.publishedAt.toISOString()} />
        </dd>
      </div>
    </dl>
  );
}

function VersionNote({ version, newest, state }: PublishedAchievement) {
  const isOld = version.number < newest;
  if (!isOld && state === 'published') return null;
  return (
    <div class="notice">
      {state === 'retired' && (
        <p>This achievement is no longer awarded. Badges that were awarded stay as they are.</p>
      )}
      {isOld && (
        <p>
          {`This is version ${version.number}, as badges that were awarded for it quote it. `}
          <a href={`/achievements/${version.achievement}`}>See the newest version</a>.
        </p>
      )}
    </div>
  );
}

function Definition({ version }: { readonly version: AchievementVersion }) {
  const { description, criteria, language, evidencePolicy, tags } = version;
  return (
    <>
      <Section id="about" title="What it stands for" language={language}>
        <p class="lead">{description}</p>
        <h3>What has to be shown</h3>
        <Markdown text={criteria} top={4} />
        {evidencePolicy.instructions !== undefined && (
          <>
            <h3>What to hand in</h3>
            <Markdown text={evidencePolicy.instructions} top={4} />
          </>
        )}
        {tags.length > 0 && (
          <ul class="tags" aria-label="Subjects">
            {tags.map((tag) => (
              <li>{tag}</li>
            ))}
          </ul>
        )}
      </Section>
      {version.rubric.length > 0 && (
        <Section id="rubric" title="How it is judged" language={language}>
          <Rubric
            rows={toRows(version)}
            caption="The steps of each criterion, and what is required"
          />
        </Section>
      )}
      {version.alignments.length > 0 && (
        <Section id="standards" title="Standards it speaks to" language={language}>
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
