import type { PublishedFramework, PublishedRule } from '../services/school/public-schools.ts';
import { Section } from './components/section.tsx';
import type { Voice } from './wording.ts';

/** Every framework with its levels, and by which rule each is certified. */
export function PolicyLevels({
  frameworks,
  usual,
  voice,
}: {
  readonly frameworks: readonly PublishedFramework[];
  /** The language of what says nothing about its own. */
  readonly usual: string;
  readonly voice: Voice;
}) {
  const { texts, say } = voice;
  const leveled = frameworks.filter(({ levels }) => levels.length > 0);
  if (leveled.length === 0) return null;
  const hasRules = leveled.some(({ rules }) => rules.length > 0);
  return (
    <Section id="levels" title={texts.policy.levels(say)}>
      {hasRules && <p>{texts.policy.levelsText(say)}</p>}
      {leveled.map((framework) => (
        <Framework
          framework={framework}
          language={framework.language ?? usual}
          usual={usual}
          voice={voice}
        />
      ))}
    </Section>
  );
}

function Framework({
  framework: { title, levels, rules },
  language,
  usual,
  voice,
}: {
  readonly framework: PublishedFramework;
  readonly language: string;
  readonly usual: string;
  readonly voice: Voice;
}) {
  return (
    <>
      <h3 lang={language}>{title}</h3>
      <ul class="plain-list">
        {levels.map(({ ordinal, name, description }) => (
          <li>
            <h4 lang={usual}>{name}</h4>
            <p class="note" lang={usual}>
              {description}
            </p>
            {rules
              .filter((rule) => rule.ordinal === ordinal)
              .map((rule) => (
                <Rule rule={rule} language={language} usual={usual} voice={voice} />
              ))}
          </li>
        ))}
      </ul>
    </>
  );
}

function Rule({
  rule,
  language,
  usual,
  voice,
}: {
  readonly rule: PublishedRule;
  readonly language: string;
  readonly usual: string;
  readonly voice: Voice;
}) {
  const { say } = voice;
  const words = voice.texts.policy.rule;
  const { strand, mustHave, boss } = rule;
  const bossText =
    boss.require === 'all' ? words.bossAll(say, boss.achievements.length) : words.bossAny(say);
  return (
    <>
      {strand !== undefined && <h5 lang={language}>{strand}</h5>}
      <ul class="conditions">
        {rule.requirePreviousLevel && <li>{words.previous(say)}</li>}
        <li>{describeAmount(rule, voice)}</li>
        {mustHave.length > 0 && <Names text={words.mustHave} all={mustHave} language={usual} />}
        {boss.achievements.length > 0 && (
          <Names text={bossText} all={boss.achievements} language={usual} />
        )}
        <li>{words.certify[rule.certify]}</li>
      </ul>
    </>
  );
}

function Names({
  text,
  all,
  language,
}: {
  readonly text: string;
  readonly all: readonly { readonly id: string; readonly name: string }[];
  readonly language: string;
}) {
  return (
    <li>
      {`${text} `}
      {all.map(({ id, name }, index) => (
        <>
          {index > 0 && ', '}
          <a href={`/achievements/${id}`} lang={language}>
            {name}
          </a>
        </>
      ))}
    </li>
  );
}

function describeAmount(
  { minShare, minCount, pool, needed }: PublishedRule,
  { language, texts, say }: Voice,
): string {
  const words = texts.policy.rule;
  const format = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const percent = format.format(minShare ?? 0);
  const amount = { pool, needed, percent, minCount: minCount ?? 0 };
  if (minShare === undefined) return words.count(say, amount);
  return minCount === undefined ? words.share(say, amount) : words.both(say, amount);
}
