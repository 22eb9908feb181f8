import type { PublishedAchievement, School } from './school.ts';
import { resultsAt } from './submissions.ts';

/** Gives this learner the achievement. */
export async function award(school: School, learner: string, achievement: PublishedAchievement) {
  const answer = await school.call('post', '/awards').send({
    learner,
    achievement: achievement.id,
    narrative: 'In the workshop.',
    results: resultsAt(achievement, 1),
  });
  if (answer.status !== 202) throw new Error(answer.text);
}

export const agree = (school: School, learner: string, guardianKey: string, scope = 'mentoring') =>
  school
    .call('post', `/learners/${learner}/consents`, guardianKey)
    .send({ scope, textVersion: '2026-1' });
