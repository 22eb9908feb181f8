import {
  findWeekEnd,
  findWeekStart,
  nameWeek,
  type Digest,
  type LearnerWeek,
} from '../domain/digests.ts';
import { composeLetter } from '../domain/letters/compose.ts';
import { findLetters, summarizeFlag } from '../domain/letters/letters.ts';
import type { Letters } from '../domain/letters/types.ts';
import type { Organization } from '../domain/organizations.ts';
import type { Person } from '../domain/people.ts';
import { scopeOf, systemActor, type Scope } from '../domain/roles.ts';
import { usualLanguage } from '../domain/vocabulary.ts';
import type { Clock } from '../shared/clock.ts';
import { groupBy } from '../shared/group.ts';
import { newId } from '../shared/ids.ts';
import type { AchievementStore } from '../storage/achievements.ts';
import type { AwardStore } from '../storage/awards.ts';
import type { DigestStore } from '../storage/digests.ts';
import type { OrganizationStore } from '../storage/organizations.ts';
import type { PersonStore } from '../storage/people.ts';
import type { SubmissionStore } from '../storage/submissions.ts';
import type { SupportFlagStore } from '../storage/support-flags.ts';
import type { ConsentCheck } from './consent-check.ts';
import type { Job } from './jobs.ts';

interface Dependencies {
  readonly digests: DigestStore;
  readonly people: Pick<PersonStore, 'listByRole' | 'findMany'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly submissions: Pick<SubmissionStore, 'listUnfinished'>;
  readonly awards: Pick<AwardStore, 'listHeld'>;
  readonly supportFlags: Pick<SupportFlagStore, 'listOf'>;
  readonly achievements: Pick<AchievementStore, 'findMany'>;
  readonly consentCheck: ConsentCheck;
  /** Whether there is a mail server that letters go out by. */
  readonly isMailed: boolean;
  readonly now: Clock;
}

const hourMs = 3_600_000;
const pageSize = 100;

type Reader = 'guardian' | 'learner';

/**
 * Writes each person one letter about the week that is over. It looks every hour; the week is part of the letter's
 * unique key, so a page that is done again writes nothing new.
 */
export function createDigestJob(dependencies: Dependencies): Job {
  const { digests, people, organizations, consentCheck, isMailed, now } = dependencies;

  return { name: 'digest', everyMs: hourMs, step };

  async function step(
    organization: string,
    { cursor }: { cursor: string | undefined },
  ): Promise<string | undefined> {
    const school = await organizations.find(organization);
    const { digest } = school?.policy ?? {};
    if (school === undefined || !(digest?.guardians === true || digest?.learners === true)) {
      return undefined;
    }
    const scope = scopeOf(systemActor(organization));
    const { kind, after } = readCursor(cursor);
    const isWanted = kind === 'guardian' ? digest.guardians : digest.learners;
    const page = isWanted ? await people.listByRole(scope, kind, { limit: pageSize, after }) : [];
    await write(scope, school, page, kind);
    return findNextCursor(kind, page);
  }

  async function write(
    scope: Scope,
    school: Organization,
    page: readonly Person[],
    kind: Reader,
  ): Promise<void> {
    const wanted = page.filter(({ digest }) => digest !== false);
    const ofThem = (person: Person) => (kind === 'guardian' ? person.guardianOf : [person.id]);
    const ids = [...new Set(wanted.flatMap(ofThem))];
    const learners = await people.findMany(scope, ids);
    const agreed = await consentCheck.listAllowed(scope, ids, 'digest');
    const allowed = learners.filter((one) => agreed.has(one.id));
    const end = findWeekEnd(now());
    const describe = await loadWeeks(dependencies, scope, allowed, end);
    await digests.addMany(
      wanted.flatMap((reader) => {
        const letters = findLetters(reader.language, usualLanguage(school));
        const weeks = allowed
          .filter(({ id, createdAt }) => ofThem(reader).includes(id) && createdAt < end)
          .map((learner) => describe(learner, letters));
        if (weeks.length === 0) return [];
        const text = composeLetter(letters, { school: school.name, reader: reader.name, weeks });
        return [buildDigest(school.id, reader, { weeks, text, end, language: letters.language })];
      }),
    );
    if (!isMailed) return;
    // After a crash, and for who has an address since: the round of the next hour.
    const reached = wanted.filter(({ email }) => email !== undefined).map(({ id }) => id);
    await digests.enlist(scope, reached, nameWeek(end), now());
  }

  function buildDigest(
    organization: string,
    { id: person }: Person,
    letter: { weeks: readonly LearnerWeek[]; text: string; end: Date; language: string },
  ): Digest {
    const week = nameWeek(letter.end);
    const { weeks: learners, text, language } = letter;
    return { id: newId(), organization, person, week, language, learners, text, createdAt: now() };
  }
}

/** Whose letters are next: the guardians' page by page, then the learners'. */
function readCursor(cursor = 'guardian '): { kind: Reader; after: string | undefined } {
  const [role, after] = cursor.split(' ');
  return { kind: role === 'guardian' ? 'guardian' : 'learner', after };
}

function findNextCursor(kind: Reader, page: readonly Person[]): string | undefined {
  const last = page.at(-1);
  if (page.length === pageSize && last !== undefined) return `${kind} ${last.id}`;
  return kind === 'guardian' ? 'learner ' : undefined;
}

/** Everything about these learners' week, in as many queries as for one of them. */
async function loadWeeks(
  { submissions, awards, supportFlags, achievements, people }: Dependencies,
  scope: Scope,
  learners: readonly Person[],
  end: Date,
) {
  const ids = learners.map(({ id }) => id);
  const [work, held, flags] = await Promise.all([
    submissions.listUnfinished(scope, ids),
    awards.listHeld(scope, ids),
    supportFlags.listOf(scope, ids),
  ]);
  const active = flags.filter(({ state }) => state !== 'resolved');
  const named = [
    ...work.flatMap(({ decisions }) => decisions.map(({ achievement }) => achievement)),
    ...[...held.values()].flat().map(({ achievement }) => achievement),
    ...active.flatMap(({ achievement, previous }) => [achievement ?? [], previous ?? []].flat()),
  ];
  const [found, owners] = await Promise.all([
    achievements.findMany(scope, [...new Set(named)]),
    people.findMany(scope, [...new Set(active.flatMap(({ owner }) => owner ?? []))]),
  ]);
  const names = new Map(found.map(({ id, draft }) => [id, draft.name]));
  const workOf = groupBy(work, ({ learner }) => learner);
  const flagsOf = groupBy(active, ({ learner }) => learner);
  const start = findWeekStart(end);
  const isInWeek = (at: Date | undefined) => at !== undefined && at >= start && at < end;
  const nameOf = (id: string | undefined) => names.get(id ?? '');

  return ({ id, name }: Person, letters: Letters): LearnerWeek => {
    const own = (workOf.get(id) ?? []).filter(({ state }) => state !== 'withdrawn');
    const earned = (held.get(id) ?? []).filter(({ awardedAt }) => isInWeek(awardedAt));
    const namesOf = (all: readonly { readonly achievement: string }[]) => [
      ...new Set(all.flatMap(({ achievement }) => nameOf(achievement) ?? [])),
    ];
    return {
      learner: id,
      name,
      words: {
        submitted: namesOf(
          own.filter(({ submittedAt }) => isInWeek(submittedAt)).flatMap((one) => one.decisions),
        ),
        inReview: namesOf(
          own
            .filter(({ state }) => state === 'submitted')
            .flatMap((one) => one.decisions.filter(({ state }) => state === 'pending')),
        ),
        earned: namesOf(earned),
        returned: own
          .flatMap(({ reviews }) => reviews)
          .filter(({ decision, at }) => decision === 'revise' && isInWeek(at))
          .map((one) => ({ name: nameOf(one.achievement) ?? '', feedback: one.feedback ?? '' })),
        stuck: (flagsOf.get(id) ?? []).map((flag) =>
          summarizeFlag(letters, flag, {
            achievement: nameOf(flag.achievement),
            previous: nameOf(flag.previous),
            owner: owners.find((one) => one.id === flag.owner)?.name,
          }),
        ),
      },
    };
  };
}
