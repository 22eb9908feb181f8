import type { Organization } from '../domain/organizations.ts';
import { usualLanguage } from '../domain/vocabulary.ts';
import type { PublicPolicy } from '../services/school/public-schools.ts';
import { Page } from './components/layout.tsx';
import { Section } from './components/section.tsx';
import { Markdown } from './components/texts.tsx';
import { PolicyCare, PolicyRollUp } from './policy-care.tsx';
import { PolicyCalibration, PolicyDigest, PolicyTogether } from './policy-practice.tsx';
import { PolicyLevels } from './policy-levels.tsx';
import type { Voice } from './wording.ts';

interface PolicyView extends PublicPolicy {
  readonly voice: Voice;
  /** The school's own text. */
  readonly prose: { readonly language: string; readonly text: string } | undefined;
}

/** The rules that are in force, in sentences: a paragraph for each setting that there is, and none besides. */
export function PolicyPage(view: PolicyView) {
  const { school, frameworks, voice, prose } = view;
  const { id, name } = school;
  const words = voice.texts.policy;
  return (
    <Page title={words.title} description={words.description(name)} voice={voice} indexed>
      <div class="wrap narrow policy">
        <p class="eyebrow">
          <a href={`/schools/${id}`} lang={usualLanguage(school)}>
            {name}
          </a>
        </p>
        <h1>{words.heading(name)}</h1>
        <p class="lead">{words.lead}</p>
        {prose !== undefined && (
          <Section id="prose" title={words.prose}>
            <div lang={prose.language}>
              <Markdown text={prose.text} />
            </div>
          </Section>
        )}
        <Judging policy={school.policy} voice={voice} />
        <Section id="again" title={words.again}>
          <p>{words.againText(voice.say)}</p>
        </Section>
        <PolicyLevels frameworks={frameworks} usual={usualLanguage(school)} voice={voice} />
        <PolicyRollUp
          rules={school.policy.rollUp}
          frameworks={frameworks}
          usual={usualLanguage(school)}
          voice={voice}
        />
        <PolicyCalibration policy={school.policy} voice={voice} />
        <PolicyTogether {...view} />
        <PolicyCare policy={school.policy} voice={voice} />
        <PolicyDigest policy={school.policy} voice={voice} />
        <Signed policy={school.policy} voice={voice} />
        <Section id="recorded" title={words.recorded}>
          <p>{words.recordedText}</p>
        </Section>
      </div>
    </Page>
  );
}

interface PartView {
  readonly policy: Organization['policy'];
  readonly voice: Voice;
}

function Judging({ policy, voice: { texts, say } }: PartView) {
  const words = texts.policy;
  return (
    <Section id="judging" title={words.judging}>
      <p>{words.rubric(say)}</p>
      <p>{words.required(say)}</p>
      <p>{`${words.readers[policy.secondReader](say)} ${words.ownWork}`}</p>
      <p>{words.override(say)}</p>
      <p>{words.selfAssessment(say)}</p>
    </Section>
  );
}

function Signed({ policy, voice: { texts, say } }: PartView) {
  const words = texts.policy;
  const named = policy.nameInCredential ? 'true' : 'false';
  return (
    <>
      <Section id="signed" title={words.signed}>
        <p>{words.signedText(say)}</p>
        <p>{`${words.named[named]} ${words.visibility[policy.adultCredentialVisibility]}`}</p>
      </Section>
      <Section id="withdrawn" title={words.withdrawn}>
        <p>{words.suspended}</p>
        <p>{words.revoked}</p>
      </Section>
    </>
  );
}
