import { conflict } from '../shared/errors.ts';
import type { Actor } from './roles.ts';

/** Somebody offers to help others with an achievement: a learner who holds it, or an adult with the role of a mentor. */
export interface MentorOffer {
  readonly id: string;
  readonly organization: string;
  readonly person: string;
  readonly achievement: string;
  readonly createdAt: Date;
}

export const mentorshipStates = ['asked', 'accepted', 'declined', 'ended'] as const;
export type MentorshipState = (typeof mentorshipStates)[number];
export const mentorshipOutcomes = ['helped', 'not-yet', 'stopped'] as const;
export type MentorshipOutcome = (typeof mentorshipOutcomes)[number];

/** One learner is helped by another person with one achievement. */
export interface Mentorship {
  readonly id: string;
  readonly organization: string;
  readonly learner: string;
  readonly mentor: string;
  readonly achievement: string;
  /** The support flag that it is to help with. */
  readonly flag?: string;
  readonly state: MentorshipState;
  readonly askedBy: Pick<Actor, 'kind' | 'id'>;
  readonly askedAt: Date;
  readonly acceptedAt?: Date;
  /** When it was declined or ended. */
  readonly closedAt?: Date;
  readonly outcome?: MentorshipOutcome;
}

/** Before somebody said yes, minors do not learn each other's names; two adults may. */
export function sharesNames(
  { acceptedAt }: Pick<Mentorship, 'acceptedAt'>,
  bothAdult: boolean,
): boolean {
  return acceptedAt !== undefined || bothAdult;
}

/** Fewest open pairings first, then who offered first; never the learner themself, nobody twice. */
export function rankMentors<T extends Pick<MentorOffer, 'id' | 'person'>>(
  offers: readonly T[],
  openOf: ReadonlyMap<string, number>,
  learner: string,
): readonly T[] {
  const one = new Map(
    offers.filter(({ person }) => person !== learner).map((offer) => [offer.person, offer]),
  );
  const load = ({ person }: T) => openOf.get(person) ?? 0;
  return [...one.values()].sort((a, b) => load(a) - load(b) || (a.id < b.id ? -1 : 1));
}

/** @throws ServiceError when this step does not follow on where the mentorship stands */
export function assertStep(
  { state }: Pick<Mentorship, 'state'>,
  step: 'accept' | 'decline' | 'end',
): void {
  if (state === 'declined' || state === 'ended') {
    throw conflict('mentorship.over', 'This is over. Ask anew if help is needed again.');
  }
  if (step !== 'end' && state === 'accepted') {
    throw conflict('mentorship.accepted', 'This was accepted already. It can only be ended.');
  }
}
