import { sharesNames, type Mentorship } from '../../domain/mentoring.ts';
import type { Person } from '../../domain/people.ts';
import { can, listOwn, maySeePerson, scopeOf, type Actor } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { Page, PageRequest } from '../../storage/document.ts';
import type { MentorshipFilter, MentorshipStore } from '../../storage/mentorships.ts';
import type { PersonStore } from '../../storage/people.ts';

/** A mentorship with the names that this reader may know. */
export interface SeenMentorship {
  readonly mentorship: Mentorship;
  readonly learnerName?: string;
  readonly mentorName?: string;
}

interface Dependencies {
  readonly mentorships: Pick<MentorshipStore, 'find' | 'list'>;
  readonly people: Pick<PersonStore, 'find' | 'findMany'>;
}

/** Which mentorships somebody sees, and what of them. */
export function createMentorshipViews({ mentorships, people }: Dependencies) {
  return { list, get, see };

  /** Staff see all; others those that they, or their learners, take part in. */
  async function list(
    actor: Actor,
    filter: Omit<MentorshipFilter, 'parties'>,
    page: PageRequest,
  ): Promise<Page<SeenMentorship>> {
    const parties = await findParties(actor);
    const found = await mentorships.list(scopeOf(actor), { ...filter, parties }, page);
    return { ...found, items: await seeMany(actor, found.items) };
  }

  /** Undefined: everybody. */
  async function findParties(actor: Actor): Promise<readonly string[] | undefined> {
    if (can(actor, 'support.manage')) return undefined;
    const self = await people.find(scopeOf(actor), actor.id);
    return listOwn(actor, self?.guardianOf);
  }

  async function get(actor: Actor, id: string): Promise<SeenMentorship> {
    const mentorship = await mentorships.find(scopeOf(actor), id);
    const parties = await findParties(actor);
    const isVisible =
      mentorship !== undefined &&
      (parties?.some((one) => one === mentorship.learner || one === mentorship.mentor) ?? true);
    if (!isVisible) throw notFound('mentorship');
    return see(actor, mentorship);
  }

  async function see(actor: Actor, mentorship: Mentorship): Promise<SeenMentorship> {
    const [seen] = await seeMany(actor, [mentorship]);
    return seen ?? { mentorship };
  }

  async function seeMany(actor: Actor, found: readonly Mentorship[]): Promise<SeenMentorship[]> {
    const ids = new Set(found.flatMap(({ learner, mentor }) => [learner, mentor]));
    const all = await people.findMany(scopeOf(actor), [...ids]);
    const self = await people.find(scopeOf(actor), actor.id);
    const byId = new Map(all.map((person) => [person.id, person]));
    return found.map((mentorship) => {
      const learner = byId.get(mentorship.learner);
      const mentor = byId.get(mentorship.mentor);
      const isOpen = sharesNames(mentorship, learner?.adult === true && mentor?.adult === true);
      const knows = (person: Person | undefined) =>
        person !== undefined && (isOpen || maySeePerson(actor, person.id, self?.guardianOf));
      return {
        mentorship,
        ...(learner && knows(learner) ? { learnerName: learner.name } : {}),
        ...(mentor && knows(mentor) ? { mentorName: mentor.name } : {}),
      };
    });
  }
}
