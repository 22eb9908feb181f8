import type { Urls } from '../shared/urls.ts';
import type { Badge } from './badge.ts';
import { EvidenceList } from './components/evidence.tsx';
import { Page } from './components/layout.tsx';
import { Rubric } from './components/rubric.tsx';
import { Section } from './components/section.tsx';
import { Sharing } from './components/sharing.tsx';
import { Standards } from './components/standards.tsx';
import { Day, Markdown, WebLink } from './components/texts.tsx';
import { Checks, OutcomeBanner } from './components/verification.tsx';
import { capitalize } from '../domain/vocabulary.ts';
import type { VerificationResult } from './outcomes.ts';
import type { Voice } from './wording.ts';

export interface CredentialView {
  readonly id: string;
  readonly badge: Badge;
  readonly result: VerificationResult;
  /** The name of its level, as it stands in the credential. */
  readonly level: string | undefined;
  /** English, with the words of the school. */
  readonly voice: Voice;
}

export function CredentialPage({ urls, ...view }: CredentialView & { readonly urls: Urls }) {
  const { id, badge, result, level, voice } = view;
  const { language } = badge;
  const { say } = voice;
  return (
    <Page
      title={badge.name}
      description={badge.description ?? badge.name}
      head={<Sharing id={id} badge={badge} urls={urls} />}
    >
      <div class="wrap badge-page">
        <Hero {...view} />
        <div class="badge-main">
          <OutcomeBanner result={result} heading="h2" brief={result.outcome === 'valid'} />
          <About badge={badge} level={level} voice={voice} />
          {badge.rubric.length > 0 && (
            <Section id="rubric" title="How it was judged" language={language}>
              <Rubric
                rows={badge.rubric}
                caption="What was reached, and what was required"
                voice={voice}
              />
            </Section>
          )}
          {badge.evidence.length > 0 && (
            <Section
              id="evidence"
              title={capitalize(say('evidence', 'several'))}
              language={language}
            >
              <EvidenceList evidence={badge.evidence} guarded={urls.evidence('')} />
            </Section>
          )}
          {badge.standards.length > 0 && (
            <Section
              id="standards"
              title={voice.texts.achievement.standards(say)}
              language={language}
            >
              <Standards standards={badge.standards} codes={badge.codes} />
            </Section>
          )}
          <Section id="checks" title="What we checked">
            <Checks checks={result.checks} />
          </Section>
          <VerifyElsewhere id={id} badge={badge} urls={urls} voice={voice} />
        </div>
      </div>
    </Page>
  );
}

function Hero({ id, badge, level, voice: { say } }: CredentialView) {
  const { name, earner, issuer, awardedOn, validUntil, language } = badge;
  return (
    <div class="badge-hero">
      <div class="badge-picture">
        <img
          src={`/credentials/${id}.png`}
          alt={`${capitalize(say('badge'))}: ${name}`}
          width="320"
          height="320"
        />
      </div>
      <div class="badge-head">
        {level !== undefined && <p class="chip">{level}</p>}
        <h1 lang={language}>{name}</h1>
        <dl class="facts">
          <Fact term="Earned by">{earner ?? `Not named in this ${say('badge')}`}</Fact>
          <Fact term="Issued by">
            <WebLink href={issuer.url} text={issuer.name ?? issuer.id ?? 'Unnamed issuer'} />
          </Fact>
          {awardedOn !== undefined && (
            <Fact term="Awarded">
              <Day at={awardedOn} />
            </Fact>
          )}
          <Fact term="Valid">
            {validUntil === undefined ? (
              'No expiry date'
            ) : (
              <>
                {'Until '}
                <Day at={validUntil} />
              </>
            )}
          </Fact>
        </dl>
        <Downloads id={id} say={say} />
      </div>
    </div>
  );
}

function Fact({
  term,
  children,
}: {
  readonly term: string;
  readonly children: preact.ComponentChildren;
}) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Downloads({ id, say }: { readonly id: string; readonly say: Voice['say'] }) {
  return (
    <nav class="downloads" aria-label={`Download this ${say('badge')}`}>
      <span class="downloads-title">Download</span>
      {['png', 'svg', 'json', 'jwt'].map((suffix) => (
        <a
          class="button button-quiet"
          href={`/credentials/${id}.${suffix}`}
          download={`badge.${suffix}`}
        >
          {suffix.toUpperCase()}
        </a>
      ))}
    </nav>
  );
}

function About({ badge, level, voice }: Pick<CredentialView, 'badge' | 'level' | 'voice'>) {
  const { say } = voice;
  const { description, narrative, criteria, language, achievement, version } = badge;
  const tags = badge.tags.filter((tag) => tag !== level);
  return (
    <Section id="about" title="What it stands for" language={language}>
      {description !== undefined && <p class="lead">{description}</p>}
      {criteria !== undefined && (
        <>
          <h3 lang={voice.language}>What had to be shown</h3>
          <Markdown text={criteria} top={4} />
        </>
      )}
      {narrative !== undefined && (
        <>
          <h3 lang={voice.language}>{`What this ${say('learner')} did`}</h3>
          <Markdown text={narrative} top={4} />
        </>
      )}
      {tags.length > 0 && (
        <ul class="tags" aria-label="Subjects">
          {tags.map((tag) => (
            <li>{tag}</li>
          ))}
        </ul>
      )}
      {achievement !== undefined && (
        <p class="note" lang={voice.language}>
          <WebLink
            href={definitionOf(achievement, version)}
            text={`The full definition of this ${say('achievement')}`}
          />
        </p>
      )}
    </Section>
  );
}

function definitionOf(achievement: string, version: string | undefined): string {
  return version === undefined ? achievement : `${achievement}/versions/${version}`;
}

function VerifyElsewhere({
  id,
  badge,
  urls,
  voice: { say },
}: Pick<CredentialView, 'id' | 'badge' | 'voice'> & { readonly urls: Urls }) {
  const address = urls.credential(id);
  return (
    <Section id="elsewhere" title="Verify it yourself">
      <p>
        {`You need not take this page’s word for it. The ${say('badge')} is signed with the issuer’s own key, so any Open Badges 3.0 verifier comes to the same answer.`}
      </p>
      <ul>
        <li>
          Download the picture or the JSON and give it to any verifier, or{' '}
          <a href={`/verify?url=${encodeURIComponent(address)}`}>check a copy that you were sent</a>
          .
        </li>
        <li>
          Compare the issuer’s identity: <code class="long">{badge.issuer.id}</code>. The name of
          the website in it is what the issuer controls.
        </li>
        <li>
          {`The address of this ${say('badge')} is `}
          <code class="long">{address}</code>.
        </li>
      </ul>
    </Section>
  );
}
