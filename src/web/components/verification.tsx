import { adviseOn } from '../advice.ts';
import { describeOutcome, type Check, type VerificationResult } from '../outcomes.ts';
import { Icon, type IconName } from './icons.tsx';
import { Moment } from './texts.tsx';

const toneIcons = { good: 'pass', bad: 'fail', caution: 'warn' } as const;

/** The outcome in one sentence, with what it means and what to do. */
export function OutcomeBanner({
  result,
  heading,
  brief = false,
}: {
  readonly result: VerificationResult;
  readonly heading: 'h1' | 'h2';
  /** Without advice, where the page is about the badge and all is well. */
  readonly brief?: boolean;
}) {
  const { tone, title, meaning, next } = describeOutcome(result);
  const Heading = heading;
  return (
    <div class={`outcome outcome-${tone}`}>
      <Icon name={toneIcons[tone]} />
      <div>
        <Heading class="outcome-title">{title}</Heading>
        <p>{meaning}</p>
        {!brief && (
          <p>
            <strong>What to do:</strong> {next}
          </p>
        )}
        <p class="note">
          Checked on <Moment at={result.verifiedAt} />. <a href="#checks">See what we checked</a>
        </p>
      </div>
    </div>
  );
}

const outcomeNames: Readonly<Record<IconName, string>> = {
  pass: 'Passed',
  fail: 'Not passed',
  warn: 'Take note',
  skip: 'Left out',
};

/** What each check is about, for those that could not be looked at and say no more than that. */
const subjects: Readonly<Record<Check['id'], string>> = {
  format: 'Is it a digital credential?',
  schema: 'Does it follow its specification?',
  proof: 'Is it unchanged?',
  issuer: 'Who signed it?',
  validity: 'Is it in force?',
  status: 'Was it withdrawn?',
  endorsements: 'Do its endorsements hold?',
  nested: 'Do the credentials inside hold?',
};

/** Everything that was looked at, in plain words. */
export function Checks({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul class="plain-list checks">
      {checks.map((check) => {
        const { id, outcome, title, detail } = check;
        const advice = adviseOn(check);
        return (
          <li class={`check check-${outcome}`}>
            <Icon name={outcome} />
            <div>
              <p class="check-title">
                <span class="hidden">{`${outcomeNames[outcome]}: `}</span>
                {outcome === 'skip' ? `${subjects[id]} ${title}` : title}
              </p>
              <p class="note">{detail}</p>
              {advice !== undefined && (
                <p class="advice">
                  <strong>What to do:</strong> {advice}
                </p>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
