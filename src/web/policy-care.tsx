import type { Organization } from '../domain/organizations.ts';
import { rollUp, type Observation, type RollUpRule } from '../domain/roll-ups.ts';
import type { PublishedFramework } from '../services/school/public-schools.ts';
import { Section } from './components/section.tsx';
import type { Voice } from './wording.ts';

type Policy = Organization['policy'];

/** How several judgements become one, with an example that the real function works out. */
export function PolicyRollUp({
  rules,
  frameworks,
  usual,
  voice,
}: {
  readonly rules: Policy['rollUp'];
  readonly frameworks: readonly PublishedFramework[];
  /** The language of what says nothing about its own. */
  readonly usual: string;
  readonly voice: Voice;
}) {
  const words = voice.texts.policy.rollUp;
  const others = frameworks.flatMap((framework) => {
    const rule = rules.frameworks[framework.id];
    return rule === undefined ? [] : [{ ...framework, rule }];
  });
  return (
    <Section id="roll-up" title={words.title}>
      <p>{describeRule(rules.default, voice)}</p>
      <p>{showExample(rules.default, voice)}</p>
      {others.map(({ title, language = usual, rule }) => (
        <>
          <h3 lang={language}>{title}</h3>
          <p>{`${describeRule(rule, voice)} ${showExample(rule, voice)}`}</p>
        </>
      ))}
      <p>{words.override}</p>
    </Section>
  );
}

function describeRule(rule: RollUpRule, { texts, language }: Voice): string {
  const { rules } = texts.policy.rollUp;
  switch (rule.rule) {
    case 'highest':
    case 'latest':
      return rules[rule.rule];
    case 'mode':
      return rules.mode(rule.last);
    case 'n-times':
      return rules['n-times'](rule.times);
    case 'decaying-average': {
      const format = new Intl.NumberFormat(language, {
        style: 'percent',
        maximumFractionDigits: 1,
      });
      return rules['decaying-average'](format.format(rule.weight));
    }
  }
}

const scale = ['1', '2', '3', '4'];
const exampleSteps = [2, 4, 3, 3];

function showExample(rule: RollUpRule, { texts }: Voice): string {
  const observations = exampleSteps.map((step, index): Observation => ({
    id: String(index),
    source: 'review',
    achievement: 'example',
    at: new Date(index),
    value: (step - 1) / (scale.length - 1),
    level: String(step),
    scale,
  }));
  const level = rollUp(rule, observations)?.level;
  return texts.policy.rollUp.example(exampleSteps.join(', '), level);
}

/** When somebody steps in, and what families have to agree to; nothing where the school has set nothing. */
export function PolicyCare({ policy, voice }: { readonly policy: Policy; readonly voice: Voice }) {
  const { support, guardianConsent } = policy;
  const { texts, say } = voice;
  const reasons = listReasons(support, voice);
  const words = texts.policy;
  return (
    <>
      {reasons.length > 0 && (
        <Section id="support" title={words.support.title}>
          <p>{words.support.text(say)}</p>
          <Items items={reasons} />
          {support.pauses.length > 0 && <p>{words.support.pauses}</p>}
          <p>{words.support.seen[support.visibleToFamily ? 'true' : 'false'](say)}</p>
        </Section>
      )}
      {guardianConsent.length > 0 && (
        <Section id="consent" title={words.consent.title}>
          <p>{words.consent.text(say)}</p>
          <Items items={guardianConsent.map((scope) => words.consent.scopes[scope](say))} />
        </Section>
      )}
    </>
  );
}

function listReasons(support: Policy['support'], { texts, say }: Voice): readonly string[] {
  const { daysWithoutProgress, timesSentBack, behindPace, missingLevel } = support;
  const words = texts.policy.support;
  return [
    ...(daysWithoutProgress === undefined ? [] : [words.days(daysWithoutProgress)]),
    ...(timesSentBack === undefined ? [] : [words.sentBack(timesSentBack)]),
    ...(behindPace ? [words.behindPace(say)] : []),
    ...(missingLevel ? [words.missingLevel(say)] : []),
  ];
}

function Items({ items }: { readonly items: readonly string[] }) {
  return (
    <ul class="conditions">
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  );
}
