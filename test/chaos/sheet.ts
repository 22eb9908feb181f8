import { publishAchievement } from '../support/first-badge.ts';
import { inParallel, type World } from './world.ts';

const width = 8;

/** A sheet that gives each of these new learners each of these new achievements. */
export async function makeSheet(
  { owner, school }: World,
  { learners, achievements }: { learners: number; achievements: number },
): Promise<string> {
  const ids: string[] = [];
  await inParallel(width, [...Array(achievements).keys()], async () => {
    ids.push((await publishAchievement(owner, school.standards)).id);
  });
  const people: string[] = [];
  await inParallel(width, [...Array(learners).keys()], async (n) => {
    const person = { name: `Learner ${n + 1}`, roles: ['learner'] };
    people.push((await owner.call<{ id: string }>('POST', '/people', person)).id);
  });
  const lines = people.flatMap((person) =>
    ids.map((id) => `${person},${id},"Two ways, with a drawing.",Proficient`),
  );
  return ['learner,achievement,narrative,criterion: Reasoning', ...lines].join('\n');
}

export const asSheet = (text: string) => new Blob([text], { type: 'text/csv' });
