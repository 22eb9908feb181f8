import { assertStep, type Mentorship, type MentorshipOutcome } from '../../domain/mentoring.ts';
import { can, maySeePerson, scopeOf, type Actor, type Scope } from '../../domain/roles.ts';
import type { Clock } from '../../shared/clock.ts';
import { conflict, forbidden, invalid, notFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { MentorOfferStore } from '../../storage/mentor-offers.ts';
import type { MentorshipStore } from '../../storage/mentorships.ts';
import type { PersonStore } from '../../storage/people.ts';
import type { SupportFlagStore } from '../../storage/support-flags.ts';
import type { AuditService } from '../audit.ts';
import type { ConsentCheck } from '../school/consent-check.ts';
import type { MentorOfferService } from './mentor-offers.ts';
import { createMentorshipViews, type SeenMentorship } from './mentorship-views.ts';

export interface NewMentorship {
  readonly learner: string;
  readonly mentor: string;
  readonly achievement: string;
  readonly flag?: string | undefined;
}

interface Dependencies {
  readonly mentorships: MentorshipStore;
  readonly mentorOffers: Pick<MentorOfferStore, 'find'>;
  readonly offers: Pick<MentorOfferService, 'listAble'>;
  readonly awards: Pick<AwardStore, 'listLive'>;
  readonly supportFlags: Pick<SupportFlagStore, 'find'>;
  readonly people: Pick<PersonStore, 'find' | 'findMany'>;
  readonly consentCheck: ConsentCheck;
  readonly audit: AuditService;
  readonly now: Clock;
}

export type MentorshipService = ReturnType<typeof createMentorshipService>;

export function createMentorshipService(dependencies: Dependencies) {
  const { mentorships, people, audit, now } = dependencies;
  const { list, get, see } = createMentorshipViews(dependencies);

  return { ask, accept, decline, end, list, get };

  /** Staff ask for a learner, or the learner does. */
  async function ask(actor: Actor, input: NewMentorship): Promise<SeenMentorship> {
    const scope = scopeOf(actor);
    await assertMayAsk(actor, input.learner);
    await assertPossible(dependencies, scope, input);
    const { flag, ...names } = input;
    const mentorship: Mentorship = {
      id: newId(),
      organization: actor.organization,
      ...names,
      ...(flag === undefined ? {} : { flag }),
      state: 'asked',
      askedBy: { kind: actor.kind, id: actor.id },
      askedAt: now(),
    };
    if (!(await mentorships.add(mentorship))) {
      throw conflict('mentorship.exists', 'This mentor is asked already, or helps with it.');
    }
    await audit.record(actor, { action: 'mentorship.asked', ...describe(mentorship) });
    return see(actor, mentorship);
  }

  async function assertMayAsk(actor: Actor, learner: string): Promise<void> {
    const scope = scopeOf(actor);
    const [person, self] = await Promise.all([
      people.find(scope, learner),
      people.find(scope, actor.id),
    ]);
    const isVisible = maySeePerson(actor, learner, self?.guardianOf);
    if (person?.roles.includes('learner') !== true || !isVisible) throw notFound('learner');
    if (actor.id === learner || can(actor, 'support.manage')) return;
    throw forbidden('mentorship.not_yours', 'Staff or the learner ask for a mentor.');
  }

  async function accept(actor: Actor, id: string): Promise<SeenMentorship> {
    const before = await getOwn(actor, id, 'accept');
    await assertPossible(dependencies, scopeOf(actor), before);
    const changes = { state: 'accepted', acceptedAt: now() } as const;
    const accepted = await mentorships.change(scopeOf(actor), id, 'asked', changes);
    if (accepted === undefined) throw changed();
    await audit.record(actor, { action: 'mentorship.accepted', ...describe(accepted) });
    return see(actor, accepted);
  }

  async function decline(actor: Actor, id: string): Promise<SeenMentorship> {
    await getOwn(actor, id, 'decline');
    const changes = { state: 'declined', closedAt: now() } as const;
    const declined = await mentorships.close(scopeOf(actor), id, changes);
    if (declined === undefined) throw changed();
    await audit.record(actor, { action: 'mentorship.declined', ...describe(declined) });
    return see(actor, declined);
  }

  /** Either of the two, or staff. */
  async function end(
    actor: Actor,
    id: string,
    outcome: MentorshipOutcome,
  ): Promise<SeenMentorship> {
    const { mentorship } = await get(actor, id);
    const isParty = actor.id === mentorship.learner || actor.id === mentorship.mentor;
    if (!isParty && !can(actor, 'support.manage')) {
      throw forbidden('mentorship.not_yours', 'One of the two ends this, or staff.');
    }
    assertStep(mentorship, 'end');
    const changes = { state: 'ended', closedAt: now(), outcome } as const;
    const ended = await mentorships.close(scopeOf(actor), id, changes);
    if (ended === undefined) throw changed();
    const described = describe(ended);
    const details = { ...described.details, outcome };
    await audit.record(actor, { action: 'mentorship.ended', ...described, details });
    return see(actor, ended);
  }

  /** It is the mentor who says yes or no, and nobody for them. */
  async function getOwn(actor: Actor, id: string, step: 'accept' | 'decline'): Promise<Mentorship> {
    const { mentorship } = await get(actor, id);
    if (actor.id !== mentorship.mentor) {
      throw forbidden('mentorship.not_asked', 'Only the mentor who was asked can answer this.');
    }
    assertStep(mentorship, step);
    return mentorship;
  }
}

/** Asked again when the mentor accepts: a consent or an award may be gone by then. */
async function assertPossible(
  { mentorOffers, offers, awards, supportFlags, consentCheck }: Dependencies,
  scope: Scope,
  { learner, mentor, achievement, flag }: NewMentorship,
): Promise<void> {
  if (learner === mentor) {
    throw invalid('mentorship.oneself', 'Nobody is their own mentor: choose somebody else.');
  }
  await consentCheck.assertAllowed(scope, learner, 'mentoring');
  const [offer, able, held] = await Promise.all([
    mentorOffers.find(scope, mentor, achievement),
    offers.listAble(scope, [mentor], achievement),
    awards.listLive(scope, { learners: [learner], achievements: [achievement] }),
  ]);
  if (offer === undefined || !able.has(mentor)) {
    throw conflict('mentorship.not_offered', 'This person does not offer help with it any more.');
  }
  if (held.length > 0) {
    throw conflict('mentorship.already_earned', 'The learner has earned this already.');
  }
  const known = flag === undefined ? undefined : await supportFlags.find(scope, flag);
  if (flag !== undefined && known?.learner !== learner) throw notFound('support_flag');
}

function describe({ id, learner, mentor, achievement, flag }: Mentorship) {
  return {
    subject: `mentorship:${id}`,
    details: { learner, mentor, achievement, ...(flag === undefined ? {} : { flag }) },
  };
}

function changed() {
  return conflict('mentorship.changed', 'Somebody changed this a moment ago. Look at it again.');
}
