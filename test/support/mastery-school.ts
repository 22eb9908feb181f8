import type { Role } from '../../src/domain/roles.ts';
import { scopeOf } from '../../src/domain/roles.ts';
import type { TestCairn } from './cairn.ts';
import { openSchool, type PublishedAchievement } from './school.ts';
import { resultsAt } from './submissions.ts';

export interface Member {
  readonly id: string;
  readonly key: string;
}

/** A school where learners are judged on days that the test names, and everybody who may ask about it. */
export async function openMasterySchool(cairn: TestCairn) {
  const school = await openSchool(cairn);
  const { call } = school;

  async function bodyOf<T>(path: string, key?: string): Promise<T> {
    const answer = await call('get', path, key);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.body as T;
  }

  async function handIn(learner: Member, achievements: readonly PublishedAchievement[]) {
    const answer = await call('post', '/submissions', learner.key).send({
      achievements: achievements.map(({ id }) => id),
      evidence: [{ name: 'Report', narrative: 'What I did.' }],
      submit: true,
    });
    if (answer.status !== 201) throw new Error(answer.text);
    return (answer.body as { id: string }).id;
  }

  async function review(
    submission: string,
    achievement: PublishedAchievement,
    level: 0 | 1 | 2,
    key = cairn.owner,
  ) {
    const decision = level === 0 ? 'revise' : 'approve';
    const answer = await call('post', `/submissions/${submission}/reviews`, key).send({
      achievement: achievement.id,
      decision,
      results: resultsAt(achievement, level),
      ...(level === 0 ? { feedback: 'Say why.' } : {}),
    });
    if (answer.status !== 201) throw new Error(answer.text);
  }

  async function award(learner: Member, achievement: PublishedAchievement, level: 1 | 2 = 1) {
    const answer = await call('post', '/awards').send({
      learner: learner.id,
      achievement: achievement.id,
      narrative: 'In the workshop.',
      results: resultsAt(achievement, level),
    });
    if (answer.status !== 202) throw new Error(answer.text);
    await cairn.cairn.queue.drained();
    return (answer.body as { id: string }).id;
  }

  async function guardianOf(learner: Member): Promise<Member> {
    const guardian = await cairn.as('guardian');
    await call('patch', `/people/${guardian.id}`).send({ guardianOf: [learner.id] });
    return guardian;
  }

  /** Somebody of another school of the same installation, with the greatest role there. */
  async function stranger(role: Role = 'owner'): Promise<string> {
    const actor = { kind: 'system', id: 'cairn', organization: crypto.randomUUID(), roles: [] };
    const made = await cairn.services.apiKeys.create(
      { ...actor, kind: 'system' },
      { name: role, roles: [role] },
    );
    return made.secret;
  }

  const organization = (await bodyOf<{ id: string }>('/organization')).id;
  const framework = (await bodyOf<{ items: { id: string }[] }>('/frameworks')).items[0]?.id ?? '';

  return {
    ...school,
    organization,
    scope: scopeOf({ organization }),
    framework,
    bodyOf,
    handIn,
    review,
    award,
    guardianOf,
    stranger,
  };
}

export type MasterySchool = Awaited<ReturnType<typeof openMasterySchool>>;
