import {
  findWeekEnd,
  listWeeks,
  nameWeek,
  noDigests,
  type Digest,
  type LearnerWeek,
  type Week,
} from '../../domain/digests.ts';
import { composeLetter } from '../../domain/letters/compose.ts';
import { findLetters } from '../../domain/letters/letters.ts';
import type { Organization } from '../../domain/organizations.ts';
import type { Person } from '../../domain/people.ts';
import { scopeOf, systemActor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { DigestStore } from '../../storage/digests.ts';
import type { OrganizationStore } from '../../storage/organizations.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { ConsentCheck } from '../school/consent-check.ts';
import type { Job, Round } from '../jobs.ts';
import { loadWeeks, type WeekSource } from './learner-weeks.ts';

interface Dependencies extends WeekSource {
  readonly digests: DigestStore;
  readonly people: Pick<PersonStore, 'listByRole' | 'findMany'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly consentCheck: ConsentCheck;
  /** Whether there is a mail server that letters go out by. */
  readonly isMailed: boolean;
  readonly now: Clock;
}

const hourMs = 3_600_000;
const pageSize = 100;

type Reader = 'guardian' | 'learner';

/**
 * Writes each person one letter about the week that is over, and about those before it when nothing ran. It looks every
 * hour; the week is part of the letter's unique key, so a page that is done again writes nothing new.
 */
export function createDigestJob(dependencies: Dependencies): Job {
  const { digests, people, organizations, consentCheck, isMailed, now } = dependencies;

  return { name: 'digest', everyMs: hourMs, step };

  async function step(
    organization: string,
    { startedAt, cursor, reached }: Round,
  ): Promise<string | undefined> {
    const school = await organizations.find(organization);
    const { digest = noDigests } = school?.policy ?? {};
    if (school === undefined || !(digest.guardians || digest.learners)) {
      return undefined;
    }
    const scope = scopeOf(systemActor(organization));
    const { kind, after } = readCursor(cursor);
    const isWanted = kind === 'guardian' ? digest.guardians : digest.learners;
    const page = isWanted ? await people.listByRole(scope, kind, { limit: pageSize, after }) : [];
    for (const week of listWeeks(reached, startedAt)) {
      await write({ scope, school, ...week }, page, kind);
    }
    return findNextCursor(kind, page);
  }

  async function write(
    { scope, school, ...week }: Week & { readonly scope: Scope; readonly school: Organization },
    page: readonly Person[],
    kind: Reader,
  ): Promise<void> {
    const { end, isOver } = week;
    const wanted = page.filter(
      ({ digest, createdAt }) => digest !== false && (!isOver || createdAt < end),
    );
    const ofThem = (person: Person) => (kind === 'guardian' ? person.guardianOf : [person.id]);
    const ids = [...new Set(wanted.flatMap(ofThem))];
    const learners = await people.findMany(scope, ids);
    const agreed = await consentCheck.listAllowed(scope, ids, 'digest');
    const allowed = learners.filter((one) => agreed.has(one.id));
    const describe = await loadWeeks(dependencies, scope, allowed, week);
    await digests.addMany(
      wanted.flatMap((reader) => {
        const letters = findLetters(school, reader.language);
        const weeks = allowed
          .filter(({ id, createdAt }) => ofThem(reader).includes(id) && createdAt < end)
          .map((learner) => describe(learner, letters));
        if (weeks.length === 0) return [];
        const text = composeLetter(letters, { school: school.name, reader: reader.name, weeks });
        return [buildDigest(school.id, reader, { weeks, text, end, language: letters.language })];
      }),
    );
    // Older ones are there to be read, and no news.
    if (isMailed && nameWeek(end) === nameWeek(findWeekEnd(now())))
      await enlist(scope, wanted, end);
  }

  /** After a crash, and for who has an address since, the round of the next hour does it. */
  async function enlist(scope: Scope, readers: readonly Person[], end: Date): Promise<void> {
    const reached = readers.filter(({ email }) => email !== undefined);
    await digests.enlist(
      scope,
      reached.map(({ id }) => id),
      nameWeek(end),
      now(),
    );
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
