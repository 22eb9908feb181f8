import { rankMentors, type MentorOffer } from '../../domain/mentoring.ts';
import type { Person } from '../../domain/people.ts';
import { can, maySeePerson, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { MentorOfferStore } from '../../storage/mentor-offers.ts';
import type { MentorshipStore } from '../../storage/mentorships.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { AuditService } from '../audit.ts';
import type { ConsentCheck } from '../school/consent-check.ts';

/** Somebody who could help; the name only where it may be known before they agree. */
export interface MentorSuggestion {
  readonly mentor: string;
  readonly name?: string;
  readonly adult: boolean;
  readonly open: number;
}

interface Dependencies {
  readonly mentorOffers: MentorOfferStore;
  readonly mentorships: Pick<MentorshipStore, 'listOpenOf'>;
  readonly awards: Pick<AwardStore, 'listLive'>;
  readonly people: Pick<PersonStore, 'find' | 'findMany'>;
  readonly consentCheck: ConsentCheck;
  readonly audit: AuditService;
  readonly now: Clock;
}

/** More than this are not looked at for one achievement. */
const maxOffers = 500;
const maxSuggestions = 20;

export type MentorOfferService = ReturnType<typeof createMentorOfferService>;

export function createMentorOfferService(dependencies: Dependencies) {
  const { mentorOffers, mentorships, people, consentCheck, audit, now } = dependencies;
  const { holds, listAble } = createAbilities(dependencies);

  return { offer, stop, list, suggest, listAble };

  /** A person's own word: nobody is volunteered by others. */
  async function offer(actor: Actor, id: string, achievement: string): Promise<MentorOffer> {
    const scope = scopeOf(actor);
    const person = await getVisible(actor, id);
    if (actor.id !== id) {
      throw forbidden('mentoring.own_word', 'Only the person who would help can offer it.');
    }
    const isLearner = person.roles.includes('learner');
    if (isLearner) await consentCheck.assertAllowed(scope, id, 'mentoring');
    if (!person.roles.includes('mentor') && !(await holds(scope, id, achievement))) {
      throw conflict('mentoring.not_held', 'You can help with this once you have earned it.');
    }
    const made = { id: newId(), organization: actor.organization, person: id, achievement };
    const offered = { ...made, createdAt: now() };
    if (await mentorOffers.add(offered)) {
      await audit.record(actor, {
        action: 'mentoring.offered',
        subject: `person:${id}`,
        details: { achievement },
      });
    }
    return (await mentorOffers.find(scope, id, achievement)) ?? offered;
  }

  /** The person, a guardian of theirs or staff. What is going on goes on. */
  async function stop(actor: Actor, id: string, achievement?: string): Promise<void> {
    await getVisible(actor, id);
    const scope = scopeOf(actor);
    if (achievement === undefined) await mentorOffers.removeOf(scope, id);
    else if (!(await mentorOffers.remove(scope, id, achievement))) return;
    await audit.record(actor, {
      action: 'mentoring.stopped',
      subject: `person:${id}`,
      details: achievement === undefined ? {} : { achievement },
    });
  }

  async function list(actor: Actor, id: string): Promise<readonly MentorOffer[]> {
    await getVisible(actor, id);
    return mentorOffers.listOf(scopeOf(actor), id);
  }

  /** For staff, or for the learner who asks. */
  async function suggest(
    actor: Actor,
    learner: string,
    achievement: string | undefined,
  ): Promise<readonly MentorSuggestion[]> {
    const scope = scopeOf(actor);
    const asking = await getVisible(actor, learner);
    if (actor.id !== learner && !can(actor, 'support.manage')) {
      throw forbidden('mentorship.not_yours', 'Staff or the learner ask for a mentor.');
    }
    if (achievement === undefined) {
      throw invalid('mentoring.which', 'Say with which achievement help is needed.');
    }
    const offers = await mentorOffers.listFor(scope, achievement, maxOffers);
    const able = await listAble(
      scope,
      offers.map(({ person }) => person),
      achievement,
    );
    const open = await mentorships.listOpenOf(scope, [...able.keys()]);
    const busy = new Set(
      open
        .filter((one) => one.learner === learner && one.achievement === achievement)
        .map(({ mentor }) => mentor),
    );
    const openOf = new Map<string, number>();
    for (const { mentor } of open) openOf.set(mentor, (openOf.get(mentor) ?? 0) + 1);
    return rankMentors(offers, openOf, learner)
      .filter(({ person }) => able.has(person) && !busy.has(person))
      .slice(0, maxSuggestions)
      .flatMap(({ person: id }) => {
        const person = able.get(id);
        if (person === undefined) return [];
        const isNamed = can(actor, 'people.read') || (asking.adult && person.adult);
        const name = isNamed ? { name: person.name } : {};
        return [{ mentor: id, ...name, adult: person.adult, open: openOf.get(id) ?? 0 }];
      });
  }

  /** A learner, or a mentor by role. */
  async function getVisible(actor: Actor, id: string): Promise<Person> {
    const scope = scopeOf(actor);
    const [person, self] = await Promise.all([
      people.find(scope, id),
      people.find(scope, actor.id),
    ]);
    const isOne = person?.roles.some((role) => role === 'learner' || role === 'mentor') === true;
    if (person === undefined || !isOne || !maySeePerson(actor, id, self?.guardianOf)) {
      throw notFound('learner');
    }
    return person;
  }
}

/** Who knows enough about something to help with it. */
function createAbilities({
  awards,
  people,
  consentCheck,
}: Pick<Dependencies, 'awards' | 'people' | 'consentCheck'>) {
  return { holds, listAble };

  /** Those of them who may help with it now: they hold it, or are mentors by role, and nobody has to agree first. */
  async function listAble(
    scope: Scope,
    ids: readonly string[],
    achievement: string,
  ): Promise<ReadonlyMap<string, Person>> {
    const [found, held, allowed] = await Promise.all([
      people.findMany(scope, ids),
      awards.listLive(scope, { learners: ids, achievements: [achievement] }),
      consentCheck.listAllowed(scope, ids, 'mentoring'),
    ]);
    const holders = new Set(held.map(({ learner }) => learner));
    const able = found.filter(({ id, roles }) => {
      if (roles.includes('learner') && !allowed.has(id)) return false;
      return roles.includes('mentor') || holders.has(id);
    });
    return new Map(able.map((person) => [person.id, person]));
  }

  async function holds(scope: Scope, learner: string, achievement: string): Promise<boolean> {
    const held = await awards.listLive(scope, { learners: [learner], achievements: [achievement] });
    return held.length > 0;
  }
}
