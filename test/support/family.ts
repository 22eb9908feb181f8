import type { TestCairn } from './cairn.ts';
import type { School } from './school.ts';

export interface Somebody {
  readonly id: string;
  readonly key: string;
}

/** A learner, their guardian, others who must not see anything of them, and staff. */
export async function openFamily(cairn: TestCairn, school: School) {
  const learner = await cairn.as('learner', { name: 'Ada Learner' });
  const other = await cairn.as('learner', { name: 'Other Learner' });
  const guardian = await addGuardian(cairn, school, learner.id);
  const otherGuardian = await addGuardian(cairn, school, other.id);
  const teacher = await cairn.as('teacher', { name: 'Tara Teacher' });
  const mentor = await cairn.as('mentor', { name: 'Mo Mentor', adult: true });
  return { learner, other, guardian, otherGuardian, teacher, mentor };
}

export type Family = Awaited<ReturnType<typeof openFamily>>;

export async function addGuardian(
  cairn: TestCairn,
  school: School,
  learner: string,
): Promise<Somebody> {
  const guardian = await cairn.as('guardian', { name: 'Gus Guardian', adult: true });
  const linked = await school
    .call('patch', `/people/${guardian.id}`)
    .send({ guardianOf: [learner] });
  if (linked.status !== 200) throw new Error(linked.text);
  return guardian;
}

/** The status of the same question, asked by each of these people in turn. */
export async function statusByReader(
  people: Readonly<Record<string, Somebody>>,
  ask: (key: string) => PromiseLike<{ readonly status: number }>,
): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const [name, { key }] of Object.entries(people)) found[name] = (await ask(key)).status;
  return found;
}
