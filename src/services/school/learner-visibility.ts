import type { Person } from '../../domain/people.ts';
import { maySeePerson, scopeOf, type Actor } from '../../domain/roles.ts';
import { notFound } from '../../shared/errors.ts';
import type { AwardStore } from '../../storage/awards.ts';
import type { PersonStore } from '../../storage/people.ts';

/** Whether what is a learner's is for the actor to see: staff, the learner, and guardians. */
export async function maySeeLearner(
  people: Pick<PersonStore, 'find'>,
  actor: Actor,
  learner: string,
): Promise<boolean> {
  if (maySeePerson(actor, learner)) return true;
  const self = await people.find(scopeOf(actor), actor.id);
  return maySeePerson(actor, learner, self?.guardianOf);
}

export interface LearnerSource {
  readonly people: Pick<PersonStore, 'findMany'>;
  readonly awards: Pick<AwardStore, 'listHeld'>;
}

/**
 * A learner whom the actor may see.
 * @throws ServiceError `learner.not_found`, whether there is none or it is not for the actor to know
 */
export async function getLearner(
  { people }: Pick<LearnerSource, 'people'>,
  actor: Actor,
  id: string,
): Promise<Person> {
  const found = await people.findMany(scopeOf(actor), [id, actor.id]);
  const learner = found.find((person) => person.id === id);
  const self = found.find((person) => person.id === actor.id);
  const isLearner = learner?.roles.includes('learner') === true;
  if (!isLearner || !maySeePerson(actor, id, self?.guardianOf)) throw notFound('learner');
  return learner;
}

/** The same with what they hold, and since when. */
export async function readLearner(source: LearnerSource, actor: Actor, id: string) {
  const learner = await getLearner(source, actor, id);
  const awards = (await source.awards.listHeld(scopeOf(actor), [id])).get(id) ?? [];
  const held = new Map(
    awards.map(({ achievement, awardedAt }) => [achievement, awardedAt] as const),
  );
  return { learner, held };
}
