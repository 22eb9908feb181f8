import { findWeekEnd, nameWeek, type Digest, type DigestPolicy } from '../../domain/digests.ts';
import { composeHtmlLetter, composeLetter } from '../../domain/letters/compose.ts';
import { findLetters } from '../../domain/letters/letters.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Person } from '../../domain/people.ts';
import { scopeOf } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Mail, Mailbox } from '../../shared/mail.ts';
import type { Urls } from '../../shared/urls.ts';
import type { LetterLinkStore } from '../../storage/letter-links.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { ConsentCheck } from '../school/consent-check.ts';

interface Dependencies {
  readonly people: Pick<PersonStore, 'find'>;
  readonly organizations: Pick<OrganizationStore, 'find' | 'findRestored'>;
  readonly letterLinks: Pick<LetterLinkStore, 'ensure'>;
  readonly consentCheck: ConsentCheck;
  readonly urls: Urls;
  readonly now: Clock;
}

/** Why a letter does not go out. */
export interface NotSent {
  readonly state: 'failed' | 'withheld';
  readonly reason: string;
}

export type LetterMails = ReturnType<typeof createLetterMails>;

/** Makes the message of a letter, as things are when it is about to go: what was agreed to before may be taken back. */
export function createLetterMails({
  people,
  organizations,
  letterLinks,
  consentCheck,
  urls,
  now,
}: Dependencies) {
  return { build };

  async function build(digest: Digest, from: Mailbox): Promise<Mail | NotSent> {
    const { organization, person } = digest;
    const scope = scopeOf(digest);
    if (digest.week !== nameWeek(findWeekEnd(now()))) return { state: 'failed', reason: 'late' };
    const [reader, school] = await Promise.all([
      people.find(scope, person),
      organizations.find(organization),
    ]);
    if (reader === undefined || school === undefined) return withheld('gone');
    if (await mayHaveGone(digest)) return withheld('restored');
    const { email, digest: wanted } = reader;
    if (email === undefined) return withheld('no-address');
    if (wanted === false) return withheld('declined');
    if (!isMeant(reader, school.policy.digest)) return withheld('not-wanted');
    const own = digest.learners.filter(
      ({ learner }) => learner === person || reader.guardianOf.includes(learner),
    );
    const agreed = await consentCheck.listAllowed(
      scope,
      own.map(({ learner }) => learner),
      'digest',
    );
    const weeks = own.filter(({ learner }) => agreed.has(learner));
    if (weeks.length === 0) return withheld('no-consent');
    const stop = urls.letterStop(await letterLinks.ensure(scope, person));
    const id = `${digest.id}@${new URL(urls.base).hostname}`;
    return { ...write({ id, reader, school, stop, from, email }, { ...digest, learners: weeks }) };
  }

  /** Whether it may have been sent by a Cairn that this one, brought back from a backup, takes the place of. */
  async function mayHaveGone({ organization, week }: Digest): Promise<boolean> {
    const restored = await organizations.findRestored(organization);
    return restored !== undefined && week <= nameWeek(findWeekEnd(restored));
  }
}

interface Around {
  readonly id: string;
  readonly reader: Person;
  readonly school: Organization;
  readonly stop: string;
  readonly from: Mailbox;
  readonly email: string;
}

function write(
  { id, reader, school, stop, from, email }: Around,
  { language, learners: weeks }: Digest,
): Mail {
  const letters = findLetters(school, language);
  const letter = { school: school.name, reader: reader.name, weeks, stop };
  return {
    id,
    from: { name: school.name, ...from },
    to: { name: reader.name, address: email },
    ...(school.email === undefined ? {} : { replyTo: school.email }),
    subject: letters.subject(school.name),
    text: composeLetter(letters, letter),
    html: composeHtmlLetter(letters, letter),
    language: letters.language,
    stop,
  };
}

function isMeant({ roles }: Person, { guardians, learners }: DigestPolicy): boolean {
  return (guardians && roles.includes('guardian')) || (learners && roles.includes('learner'));
}

function withheld(reason: string): NotSent {
  return { state: 'withheld', reason };
}
