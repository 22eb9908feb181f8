import type { TestCairn } from './cairn.ts';
import type { School } from './school.ts';

/** A learner and everybody who may want to know about them, each with a key. */
export async function addCircle(cairn: TestCairn, school: School) {
  const [learner, other, teacher, mentor] = [
    await cairn.as('learner'),
    await cairn.as('learner'),
    await cairn.as('teacher'),
    await cairn.as('mentor'),
  ];
  const guardianOf = async (id: string) => {
    const person = await school
      .call('post', '/people')
      .send({ name: 'Guardian', roles: ['guardian'], guardianOf: [id] });
    const { id: guardian } = person.body as { id: string };
    const key = await school.call('post', '/api-keys').send({ name: 'g', person: guardian });
    return { id: guardian, key: (key.body as { secret: string }).secret };
  };
  return {
    ...{ learner, other, teacher, mentor },
    guardian: await guardianOf(learner.id),
    stranger: await guardianOf(other.id),
  };
}

export type Circle = Awaited<ReturnType<typeof addCircle>>;

/** What each of them is answered when they ask for something of the learner. */
export async function askAll(school: School, circle: Circle, path: string) {
  const statuses: Record<string, number> = {};
  for (const [who, { key }] of Object.entries(circle)) {
    statuses[who] = (await school.call('get', path, key)).status;
  }
  return statuses;
}

/** Own, family and staff see it; for everybody else it is not there. */
export const familyAndStaff = {
  ...{ learner: 200, teacher: 200, guardian: 200 },
  ...{ other: 404, mentor: 404, stranger: 404 },
};
